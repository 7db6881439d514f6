/* SPDX-License-Identifier: MIT */
/* Harts that a debugger steps, or keeps from running (see debug.h). */
#include "cpu/debug/debug.h"

#include "bus/platform.h"
#include "cpu/hart/harts.h"
#include "cpu/run/run.h"

/*
 * The most steps of a slice while a hart single-steps, so that it does not wait long for its turn.
 */
#define STEP_SLICE 1000

/*
 * Limits slices while a hart single-steps. With the virtual clock they keep their length, because
 * the guest sees the effects of that length.
 */
static void steps_changed(struct debug *debug)
{
	struct harts *harts = debug->harts;

	harts->step_cap = 0;
	for (unsigned n = 0; n < harts->count; n++)
		if (debug->hart[n].steps && harts->platform->clock.mode == CLOCK_HOST)
			harts->step_cap = STEP_SLICE;
}

void debug_go(struct debug *debug, struct hart *hart)
{
	debug->hart[hart->id].steps = false;
	harts_hold(debug->harts, hart, false);
	steps_changed(debug);
}

/*
 * During a step WFI is a no-operation (debug specification, "Step Bit"), unless steps take
 * interrupts.
 */
static void leave_wfi(const struct debug *debug, struct hart *hart)
{
	if (!debug->interrupts)
		hart->waiting = false;
}

/* Makes the hart step. A breakpoint at the first instruction of the step does not stop it. */
void debug_step(struct debug *debug, struct hart *hart, u64 first, u64 end)
{
	struct debug_hart *state = &debug->hart[hart->id];

	leave_wfi(debug, hart);
	harts_hold(debug->harts, hart, false);
	state->steps = true;
	state->passes = hart->steps + 1;
	state->first = first;
	state->end = end;
	steps_changed(debug);
}

void debug_hold(struct debug *debug, struct hart *hart)
{
	debug->hart[hart->id].steps = false;
	harts_hold(debug->harts, hart, true);
	steps_changed(debug);
}

struct debug_stop debug_take(struct debug *debug, struct hart *hart)
{
	struct debug_stop stop = debug->hart[hart->id].stop;

	debug->hart[hart->id].stop.why = DEBUG_NO_STOP;
	debug->harts->stopped = false;
	for (unsigned n = 0; n < debug->harts->count; n++)
		if (debug->hart[n].stop.why)
			debug->harts->stopped = true;
	return stop;
}

static bool debug_step_in_range(const struct debug_hart *state, u64 pc)
{
	return pc >= state->first && pc < state->end;
}

static bool debug_slice(struct hart *hart, hart_tier tier, u64 steps)
{
	struct debug *debug = hart->debug;
	struct debug_hart *state = &debug->hart[hart->id];
	u64 end = hart->steps + steps;

	if (!state->steps)
		return false;
	do {
		hart_step(hart, tier, debug->interrupts);
		leave_wfi(debug, hart);
		if (state->stop.why)
			break;
		if (!debug_step_in_range(state, hart->pc))
			state->stop.why = DEBUG_STEPPED;
	} while (!state->stop.why && hart->steps < end && !hart->yield && !hart->dead &&
		 !hart->waiting);
	if (!state->stop.why)
		return true;
	state->steps = false;
	state->passes = 0;
	if (state->stop.why == DEBUG_STEPPED)
		debug->harts->cut = !hart->yield;
	debug->harts->stopped = hart->yield = true;
	steps_changed(debug);
	return true;
}

const struct hart_hooks debug_hooks = { .slice = debug_slice };
