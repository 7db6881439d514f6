/* SPDX-License-Identifier: MIT */
/*
 * Random bytes for the guest; a machine has one source. With the host clock the bytes come from the
 * host and are recorded in the journal. With the virtual clock they are computed from the machine's
 * seed, and not recorded, because a replay computes the same bytes.
 */
#ifndef BUS_ENTROPY_H
#define BUS_ENTROPY_H

#include "bus/clock.h"
#include "bus/journal.h"
#include "bus/state.h"

struct entropy {
	struct clock *clock;
	struct journal *journal;
	unsigned sink;
	u64 state; /* of the generator that is used with the virtual clock */
};

/* Initialises a source. The clock and the journal must outlive it. */
void entropy_init(struct entropy *entropy, struct clock *clock, struct journal *journal, u64 seed);
void entropy_register_state(struct entropy *entropy, struct state *state);

/*
 * Returns 0 if there are random bytes, or -errno: a sandbox can refuse those of the host. Whoever
 * makes a device that uses entropy_get calls this first.
 */
int entropy_check(const struct entropy *entropy);

/* Returns a number all bits of which depend on all bits of `value`, as SplitMix64 mixes them. */
u64 entropy_mix(u64 value);

/* Fills `data` completely with random bytes. */
void entropy_get(struct entropy *entropy, void *data, size_t size);

#endif
