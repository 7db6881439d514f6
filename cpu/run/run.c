/* SPDX-License-Identifier: MIT */
/* The run loop: it calls a tier and handles the reason for which the tier returns. */
#include "cpu/run/run.h"

#include "bus/platform.h"
#include "cpu/counters/pmu.h"
#include "cpu/hart/interrupt.h"
#include "cpu/mmu/tlb.h"
#include "cpu/trap/trap.h"

void hart_idle(struct hart *hart, u64 ns)
{
	hart->hooks.idle(hart, ns);
	if (unlikely(hart->pmu.armed))
		pmu_slept(hart);
}

/* Takes a pending interrupt, and then another one if counting the first made a counter overflow. */
static void take_interrupts(struct hart *hart)
{
	bool taken;

	do {
		hart->stop = false;
		hart->alert = interrupt_alert(hart);
		taken = hart->alert && !hart_holds(hart) && trap_interrupt(hart);
		if (taken && hart->hooks.interrupt)
			hart->hooks.interrupt(hart);
	} while (taken && hart->stop && !hart->yield);
}

/* Returns the tier to run: while a trigger is armed, the one that checks each instruction. */
static hart_tier tier_now(const struct hart *hart, hart_tier tier)
{
	return unlikely(hart->triggers.armed) && hart->hooks.tier ? hart->hooks.tier(hart, tier) :
								    tier;
}

static void take_trap(struct hart *hart)
{
	trap_take(hart);
	if (hart->hooks.trapped)
		hart->hooks.trapped(hart);
}

/*
 * Returns whether the log, a counter or a hook has to be notified of traps, or of returns to the
 * run loop.
 */
static bool traps_are_observed(const struct hart *hart)
{
	const struct hart_hooks *hooks = &hart->hooks;

	if (hart->pmu.filtered || hart->pmu.listening || log_on(&hart->platform->log, LOG_INT))
		return true;
	if (hart->pmu.armed || hooks->at_point || hooks->single || hooks->slice)
		return true;
	/* A model that adds up prices needs no notification: native code keeps its sums by mode. */
	return (hooks->trapped || hooks->leave_mode) && !hart->native.prices;
}

static void run_tier(struct hart *hart, hart_tier tier)
{
	tlb_refresh(hart->data);
	tlb_refresh(hart->fetch);
	hart->asks = false;
	if (tier_now(hart, tier)(hart) == EXIT_TRAP)
		take_trap(hart);
	else if (unlikely(hart->asks))
		hart->pc -= 4; /* back to the EBREAK of the call */
}

void hart_run(struct hart *hart, hart_tier tier, u64 steps)
{
	u64 end = hart->steps + steps, left;

	hart->yield = false;
	while (hart->steps < end && !hart->yield && !hart->waiting && !hart->dead) {
		hart->limit = end;
		if (unlikely(hart->pmu.armed))
			pmu_poll(hart);
		take_interrupts(hart);
		if (unlikely(hart->hooks.at_point) && hart->hooks.at_point(hart))
			break;
		left = end - hart->steps;
		if (unlikely(hart_holds(hart)))
			left = MIN(left, hart_holds(hart));
		if (unlikely(hart->pmu.armed))
			left = pmu_distance(hart, left);
		hart->limit = hart->steps + left;
		if (unlikely(hart->hooks.single) &&
		    hart->hooks.single(hart, tier_now(hart, tier) != tier))
			hart->limit = hart->steps + 1;
		hart->traps_observed = traps_are_observed(hart);
		run_tier(hart, tier);
	}
	if (unlikely(hart->pmu.armed))
		pmu_poll(hart);
	if (unlikely(hart->pmu.armed && hart->waiting))
		pmu_sleep(hart);
}

void hart_step(struct hart *hart, hart_tier tier, bool interrupts)
{
	hart->yield = hart->stop = false;
	hart->traps_observed = true;
	if (interrupts)
		take_interrupts(hart);
	hart->limit = hart->steps + 1;
	if (unlikely(hart->pmu.armed))
		pmu_poll(hart);
	run_tier(hart, tier);
	if (unlikely(hart->pmu.armed))
		pmu_poll(hart);
}
