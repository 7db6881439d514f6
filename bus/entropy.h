/* SPDX-License-Identifier: MIT */
/*
 * Random bytes for the guest, of which a machine has one source. Under the host clock they are the
 * host's and pass the journal. Under the virtual clock they follow from the machine's seed; that is
 * no input, so it does not pass the journal: a replay computes the same bytes.
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

/* Clock and journal outlive it. */
void entropy_init(struct entropy *entropy, struct clock *clock, struct journal *journal, u64 seed);
void entropy_register_state(struct entropy *entropy, struct state *state);

/* Fill all of data. */
void entropy_get(struct entropy *entropy, void *data, size_t size);

#endif
