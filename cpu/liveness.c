/* SPDX-License-Identifier: MIT */
/* See liveness.h. */
#include "cpu/liveness.h"

#include "cpu/harts.h"
#include "cpu/interrupt.h"

/* The hart's own comparators and counters; a counter's event is armed only while it waits. */
static u64 own_may_rise(const struct hart *hart)
{
	bool overflow = hart->waiting ? hart->overflow_event.when != CLOCK_NEVER : hart->pmu.armed;
	u64 rise = overflow ? BIT(IRQ_LCOFI) : 0;

	if (hart->timer_event[BANK_HS].when != CLOCK_NEVER)
		rise |= BIT(IRQ_STI);
	if (hart->timer_event[BANK_VS].when != CLOCK_NEVER)
		rise |= BIT(IRQ_VSTI);
	return rise;
}

static bool others_may_raise(const struct hart *hart, u64 bits)
{
	const struct interrupt_sources *sources = hart->harts ? &hart->harts->sources : NULL;

	if (!bits)
		return false;
	return (own_may_rise(hart) & bits) ||
	       (sources && sources->may_rise && (sources->may_rise(sources->ctx, hart) & bits));
}

/* WFI ends at any interrupt that mie enables, and at a non-maskable one whatever NMIE says. */
static bool may_wake(const struct hart *hart)
{
	return hart_wakes(hart) || isa_has(hart->isa, EXT_smrnmi) ||
	       others_may_raise(hart, hart->mie);
}

/* Where it traps, only an interrupt that is taken ends that: all are masked without NMIE. */
static bool may_be_interrupted(const struct hart *hart)
{
	if (!trap_nmi_enabled(hart))
		return false;
	return isa_has(hart->isa, EXT_smrnmi) || others_may_raise(hart, interrupt_open(hart));
}

static bool only_traps(const struct hart *hart)
{
	return hart->streak.barren >= TRAP_STREAK_BARREN &&
	       hart->streak.retired == hart_retired(hart);
}

bool liveness_is_active(const struct hart *hart)
{
	if (hart->held || hart->asks)
		return true;
	if (hart->dead)
		return false;
	if (hart->waiting)
		return may_wake(hart);
	return !only_traps(hart) || may_be_interrupted(hart);
}

bool liveness_may_leave(const struct hart *hart)
{
	if (may_be_interrupted(hart))
		return true;
	if (!interrupt_open(hart) || !hart->harts)
		return false;
	/* Another hart that is active can send an interrupt, or have one sent. */
	for (unsigned n = 0; n < hart->harts->count; n++)
		if (hart->harts->hart[n] != hart && liveness_is_active(hart->harts->hart[n]))
			return true;
	return false;
}
