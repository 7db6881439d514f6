/* SPDX-License-Identifier: MIT */
/* A C906 that replays earlier simulations: its struct replay_kind (../memo/replay.h). */
#ifndef CPU_TIMING_C906_REPLAY_H
#define CPU_TIMING_C906_REPLAY_H

#include "cpu/timing/c906/idle.h"
#include "cpu/timing/c906/key.h"
#include "cpu/timing/memo/replay.h"

struct c906_replay {
	struct replay replay;
	struct c906_later later;
	struct c906_core *core;
	struct c906_idle_snapshot *still; /* space to determine whether anything changes */
	/* a trace is being recorded; env.actions is NULL if it will not be kept */
	bool recording;
};

/* Prepares for replay; core and `still` must outlive it. Returns 0 or -ENOMEM. */
int c906_replay_init(struct c906_replay *own, struct c906_core *core,
		     struct c906_idle_snapshot *still);
void c906_replay_free(struct c906_replay *own);

/*
 * Brings the core's registers up to date, in the same form whether it replayed or not, so that
 * others can read or keep them.
 */
void c906_replay_show(struct c906_replay *own);

/* Makes an input from a record and the shadows that follow it, with the host's number. */
void c906_input_take(struct c906_input *input, const struct timing_record *record, u64 number);

/* Consumes a record, with its shadows; the core then runs as far as it can. */
void c906_core_consume(struct c906_core *core, struct c906_idle_snapshot *still,
		       const struct timing_record *record);

#endif
