/* SPDX-License-Identifier: MIT */
/* Decides whether anything can still happen to a hart (see liveness.h). */
#include "cpu/hart/liveness.h"

#include "cpu/hart/harts.h"
#include "cpu/hart/interrupt.h"

/*
 * Returns the bits of mip that the hart's own comparators and counters may raise. A counter's event
 * is armed only while the hart waits.
 */
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

/* Returns whether one of these bits of mip may rise without any hart's doing. */
static bool may_rise_among(const struct hart *hart, u64 bits)
{
	const struct interrupt_sources *sources = hart->harts ? &hart->harts->sources : NULL;

	if (!bits)
		return false;
	return (own_may_rise(hart) & bits) ||
	       (sources && sources->may_rise && (sources->may_rise(sources->ctx, hart) & bits));
}

/*
 * Returns whether a WFI may end: by any interrupt that mie enables, or by a non-maskable one,
 * whatever NMIE is.
 */
static bool may_wake(const struct hart *hart)
{
	return hart_wakes(hart) || isa_has(hart->isa, EXT_smrnmi) ||
	       may_rise_among(hart, hart->mie);
}

/*
 * Returns whether an interrupt may end a trap loop: only one that is taken does, and none is while
 * NMIE is clear.
 */
static bool may_be_interrupted(const struct hart *hart)
{
	if (!trap_nmi_enabled(hart))
		return false;
	return isa_has(hart->isa, EXT_smrnmi) || may_rise_among(hart, interrupt_open(hart));
}

static bool only_traps(const struct hart *hart)
{
	return hart->streak.barren >= TRAP_STREAK_BARREN &&
	       hart->streak.retired == hart_retired(hart);
}

/*
 * Returns whether a hart will trap forever although it retires some instructions between its traps.
 * As for a single hart (exception.c), these are assumed to change nothing after very many traps;
 * and the hart must not have retired many since its last trap.
 */
static bool traps_for_ever(const struct hart *hart)
{
	return hart->streak.count >= TRAP_STREAK_DEAD &&
	       hart_retired(hart) - hart->streak.retired < TRAP_STREAK_BARREN &&
	       !may_rise_among(hart, hart->mie);
}

bool liveness_is_active(const struct hart *hart)
{
	if (hart->held || hart->asks)
		return true;
	if (hart->dead)
		return false;
	if (hart->waiting)
		return may_wake(hart);
	return !(only_traps(hart) || traps_for_ever(hart)) || may_be_interrupted(hart);
}

static bool others_are_active(const struct hart *hart)
{
	for (unsigned n = 0; hart->harts && n < hart->harts->count; n++)
		if (hart->harts->hart[n] != hart && liveness_is_active(hart->harts->hart[n]))
			return true;
	return false;
}

/*
 * Returns whether another active hart may end the trap loop: it can send, or make a device send,
 * one of these interrupts, and it can write memory that the loop fetches, loads or uses as page
 * tables.
 */
static bool others_may_help(const struct hart *hart, u64 interrupts)
{
	return others_are_active(hart) && (interrupts || !hart->harts->loops_are_fixed);
}

bool liveness_may_leave(const struct hart *hart)
{
	return may_be_interrupted(hart) || others_may_help(hart, interrupt_open(hart));
}

/*
 * The loop's own instructions may enable all interrupts that mie allows, between two traps or after
 * more traps than were seen. So every line that is enabled in mie and has a device counts: an idle
 * line may rise at any time, because devices receive input from outside the machine, and the
 * interrupt of a line that is high already would be taken as soon as it is enabled.
 */
bool liveness_may_open(const struct hart *hart)
{
	return (trap_nmi_enabled(hart) && isa_has(hart->isa, EXT_smrnmi)) ||
	       may_rise_among(hart, hart->mie) || others_may_help(hart, hart->mie);
}
