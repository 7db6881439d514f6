/* SPDX-License-Identifier: MIT */
/*
 * Turns of random lengths, so that races between harts show, as in rr's chaos mode (O'Callahan et
 * al., "Engineering Record and Replay for Deployability", USENIX ATC 2017). A choice depends on the
 * seed and the hart's time only, so a run is repeated with the same seed, and a saved state can be
 * continued with other seeds.
 */
#ifndef CPU_RUN_CHAOS_H
#define CPU_RUN_CHAOS_H

#include "cpu/hart/harts.h"

/* Returns how many ns the turn that the hart begins now may last: 1 to `most`. */
u64 chaos_turn(const struct harts *harts, const struct hart *hart, u64 most);

/* Returns for how many ns the hart, whose turn has ended now, stands still: mostly 0. */
u64 chaos_pause(const struct harts *harts, const struct hart *hart);

#endif
