/* SPDX-License-Identifier: MIT */
/*
 * mtime: ticks of a fixed frequency, derived from the clock, plus a difference that the guest sets
 * when it writes mtime. The CLINT, every hart's `time` CSR and stimecmp use the same timebase.
 */
#ifndef BUS_TIMEBASE_H
#define BUS_TIMEBASE_H

#include "bus/clock.h"

struct timebase {
	struct clock *clock;
	u64 hz;
	u64 delta; /* ticks; added modulo 2^64 */
	/* called when mtime was written, so that comparisons with it are repeated */
	void (*written)(void *ctx);
	void *ctx;
};

/*
 * Initialises a timebase with `hz` ticks per second, at most CLOCK_HZ. The clock must outlive it.
 */
void timebase_init(struct timebase *timebase, struct clock *clock, u64 hz);
void timebase_register_state(struct timebase *timebase, struct state *state);

/* Read and write mtime, in ticks. */
u64 timebase_read(struct timebase *timebase);
void timebase_write(struct timebase *timebase, u64 ticks);

/*
 * Returns the first time in ns at which the result of time >= compare changes, where time is mtime
 * + offset modulo 2^64, and the comparison is unsigned, as in the privileged manual. If time has
 * already reached `compare`, this happens when time wraps to 0. Returns CLOCK_NEVER if the result
 * does not change before CLOCK_LAST.
 */
u64 timebase_next_change(struct timebase *timebase, u64 offset, u64 compare);

#endif
