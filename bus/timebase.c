/* SPDX-License-Identifier: MIT */
/*
 * mtime from the clock: one conversion in each direction, exact. Owns the difference between mtime
 * and the clock; clock.c owns the clock, and the CLINT and the harts compare.
 */
#include "bus/timebase.h"
#include "bus/state.h"

void timebase_init(struct timebase *timebase, struct clock *clock, u64 hz)
{
	assert(hz && hz <= CLOCK_HZ);
	*timebase = (struct timebase){ .clock = clock, .hz = hz };
}

static const struct state_field timebase_fields[] = {
	STATE_FIELD(struct timebase, delta),
};

static const struct state_type timebase_type = {
	.version = 1,
	.fields = timebase_fields,
	.count = ARRAY_SIZE(timebase_fields),
};

void timebase_register_state(struct timebase *timebase, struct state *state)
{
	state_register(state, "timebase", &timebase_type, timebase);
}

static u64 timebase_raw(struct timebase *timebase)
{
	return clock_scale(clock_now(timebase->clock), timebase->hz, CLOCK_HZ);
}

u64 timebase_read(struct timebase *timebase)
{
	return timebase_raw(timebase) + timebase->delta;
}

void timebase_write(struct timebase *timebase, u64 ticks)
{
	timebase->delta = ticks - timebase_raw(timebase);
	if (timebase->written)
		timebase->written(timebase->ctx);
}

u64 timebase_next_change(struct timebase *timebase, u64 offset, u64 compare)
{
	u64 raw = timebase_raw(timebase), time = raw + timebase->delta + offset;
	u64 left = time < compare ? compare - time : -time;

	/* No time is below 0. */
	if (!compare)
		return CLOCK_NEVER;
	/* Rounded up: the first ns whose floor(ns * hz / 10^9) is the raw tick wanted. */
	u128 when = ((u128)raw + left) * CLOCK_HZ + timebase->hz - 1;
	when /= timebase->hz;
	return when > CLOCK_LAST ? CLOCK_NEVER : (u64)when;
}
