/* SPDX-License-Identifier: MIT */
/* The hooks of a hart with a timing model, whose time is the model's (see hart/hooks.h). */
#include "cpu/timed/hooks.h"

#include "cpu/hart/hart.h"
#include "cpu/timed/ahead.h"
#include "cpu/timed/events.h"
#include "cpu/timed/runs.h"
#include "cpu/timed/switch.h"
#include "cpu/timed/timed.h"

static u64 hook_cycles(const struct hart *hart)
{
	return hart->timed->earlier + timed_cycles(hart->timed);
}

static u64 hook_now(const struct hart *hart)
{
	return timed_ns(hart->timed);
}

static u64 hook_steps_until(struct hart *hart, u64 until)
{
	return timed_steps(hart->timed, until);
}

static u64 hook_steps_about(struct hart *hart, u64 until)
{
	return timed_steps_about(hart->timed, until);
}

static u64 hook_steps_most(const struct hart *hart, u64 ns)
{
	return timed_steps_most(hart->timed, ns);
}

static bool hook_reaches(const struct hart *hart, u64 ns)
{
	return timed_reaches(hart->timed, ns);
}

static void hook_idle(struct hart *hart, u64 ns)
{
	timed_idle(hart->timed, ns);
}

static void hook_reset(struct hart *hart, u64 now)
{
	timed_reset(hart->timed, now);
}

static u64 hook_steps_before_interrupt(struct hart *hart, u64 ns)
{
	return timed_steps_before_interrupt(hart->timed, ns);
}

static void hook_leave_mode(struct hart *hart)
{
	timed_leave_mode(hart->timed);
}

static void hook_trapped(struct hart *hart)
{
	timed_trapped(hart->timed);
}

static void hook_resume(struct hart *hart)
{
	timed_resume(hart->timed);
}

static void hook_synchronize(struct hart *hart)
{
	timed_synchronize(hart->timed);
}

static void hook_events(const struct hart *hart, struct timing_counts *counts, bool so_far)
{
	if (so_far)
		timed_events_so_far(hart->timed, counts);
	else
		timed_events(hart->timed, counts);
}

static u64 hook_cycles_to_ns(const struct hart *hart, u64 cycles)
{
	return timing_core_ns(hart->timed->core, cycles);
}

const struct hart_hooks timed_hooks = {
	.cycles = hook_cycles,
	.now = hook_now,
	.steps_until = hook_steps_until,
	.steps_about = hook_steps_about,
	.steps_most = hook_steps_most,
	.reaches = hook_reaches,
	.idle = hook_idle,
	.reset = hook_reset,
	.steps_before_interrupt = hook_steps_before_interrupt,
	.leave_mode = hook_leave_mode,
	.trapped = hook_trapped,
	.resume = hook_resume,
	.synchronize = hook_synchronize,
	.events = hook_events,
	.cycles_to_ns = hook_cycles_to_ns,
	.describe = timed_runs_describe,
	.attach = timed_attach,
	.detach = timed_detach,
};
