/* SPDX-License-Identifier: MIT */
/* The time of a hart without a timing model: an instruction is a cycle of 2^shift nanoseconds. */
#include "cpu/hart/hart.h"

static u64 untimed_cycles(const struct hart *hart)
{
	return hart_steps(hart) + (hart->idle >> hart->shift);
}

static u64 untimed_now(const struct hart *hart)
{
	return (hart_steps(hart) << hart->shift) + hart->idle;
}

static u64 untimed_steps_most(const struct hart *hart, u64 ns)
{
	return (ns >> hart->shift) + ((ns & (BIT(hart->shift) - 1)) != 0);
}

static u64 untimed_steps_until(struct hart *hart, u64 until)
{
	return untimed_steps_most(hart, until - MIN(untimed_now(hart), until));
}

static bool untimed_reaches(const struct hart *hart, u64 ns)
{
	return untimed_now(hart) >= ns;
}

static void untimed_idle(struct hart *hart, u64 ns)
{
	hart->idle += ns;
}

static void untimed_reset(struct hart *hart, u64 now)
{
	hart->idle = now;
}

const struct hart_hooks hart_untimed = {
	.cycles = untimed_cycles,
	.now = untimed_now,
	.steps_until = untimed_steps_until,
	.steps_about = untimed_steps_until,
	.steps_most = untimed_steps_most,
	.reaches = untimed_reaches,
	.idle = untimed_idle,
	.reset = untimed_reset,
};
