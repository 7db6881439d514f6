/* SPDX-License-Identifier: MIT */
/*
 * mtime: ticks of a fixed frequency derived from the clock, plus a difference that the guest sets
 * by writing it. The CLINT's register, every hart's `time` CSR and stimecmp read this one.
 */
#ifndef BUS_TIMEBASE_H
#define BUS_TIMEBASE_H

#include "bus/clock.h"

struct timebase {
	struct clock *clock;
	u64 hz;
	u64 delta; /* ticks; added modulo 2^64 */
	void (*written)(void *ctx); /* mtime jumped: comparisons with it must be made again */
	void *ctx;
};

void timebase_init(struct timebase *timebase, struct clock *clock, u64 hz);
void timebase_register_state(struct timebase *timebase, struct state *state);

u64 timebase_read(struct timebase *timebase);
void timebase_write(struct timebase *timebase, u64 ticks);

/*
 * A time of the guest is mtime + offset, modulo 2^64. Returns the first ns at which its comparison
 * with `compare`, time >= compare (unsigned, as the privileged manual has it), has another result
 * than now: once it is reached, that is when the time wraps to 0. CLOCK_NEVER: the clock cannot
 * count so far.
 */
u64 timebase_turn(struct timebase *timebase, u64 offset, u64 compare);

#endif
