/* SPDX-License-Identifier: MIT */
/*
 * Random bytes for the guest; a machine has one source. Under the host clock the bytes are the
 * host's and are recorded in the journal. Under the virtual clock they are computed from the
 * machine's seed. They are not recorded then, because a replay computes the same bytes.
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
	u64 state; /* of the generator used under the virtual clock */
};

/* The clock and the journal must outlive the source. */
void entropy_init(struct entropy *entropy, struct clock *clock, struct journal *journal, u64 seed);
void entropy_register_state(struct entropy *entropy, struct state *state);

/* Fills `data` completely with random bytes. */
void entropy_get(struct entropy *entropy, void *data, size_t size);

#endif
