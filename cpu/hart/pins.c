/* SPDX-License-Identifier: MIT */
/* A hart's interrupt pins and its timer comparators. */
#include "cpu/hart/hart.h"

#include "bus/platform.h"
#include "bus/timebase.h"
#include "cpu/hart/harts.h"
#include "cpu/hart/interrupt.h"
#include "cpu/isa/csr_bits.h"

/*
 * Called when a signal to the hart has changed: makes the run loop check the signals, and wakes the
 * hart if it waits for one.
 */
static void signals_changed(struct hart *hart)
{
	hart->stop = true;
	if (hart->waiting && hart->harts && hart_wakes(hart))
		harts_woken(hart->harts);
}

static void set_line(void *ctx, unsigned bit, bool level)
{
	struct hart *hart = ctx;
	u64 lines = (hart->lines & ~BIT(bit)) | (u64)level << bit;

	if (lines == hart->lines)
		return;
	hart->lines = lines;
	signals_changed(hart);
}

/* Sets SSIP when the line rises. A fall has no effect, because software clears SSIP. */
static void set_software(void *ctx, unsigned bit, bool level)
{
	struct hart *hart = ctx;

	if (!level || !isa_has(hart->isa, EXT_s))
		return;
	hart->mip |= BIT(bit);
	signals_changed(hart);
}

struct irq hart_irq(struct hart *hart, unsigned mip_bit)
{
	return (struct irq){ .set = mip_bit == IRQ_SSI ? set_software : set_line, .ctx = hart,
			     .num = mip_bit };
}

static void set_guest_line(void *ctx, unsigned guest, bool level)
{
	struct hart *hart = ctx;
	u64 hgeip = (hart->hgeip & ~BIT(guest)) | (u64)level << guest;

	if (hgeip == hart->hgeip)
		return;
	hart->hgeip = hgeip;
	signals_changed(hart);
}

struct irq hart_guest_irq(struct hart *hart, unsigned guest)
{
	return (struct irq){ .set = set_guest_line, .ctx = hart, .num = guest };
}

bool hart_wakes(const struct hart *hart)
{
	return hart->nmi || interrupt_any(hart) ||
	       (hart->asks && hart->semihost_ready(hart->semihost_ctx));
}

/*
 * Updates a timer interrupt. The line is high while time, which is mtime plus `offset`, has reached
 * timecmp. The timer event is armed for the moment when that changes.
 */
static void timer_update(struct hart *hart, unsigned bank, bool on, u64 offset)
{
	static const u8 line[BANK_COUNT] = { IRQ_STI, IRQ_VSTI };
	struct clock *clock = &hart->platform->clock;
	u64 timecmp = hart->s[bank].timecmp, turn = CLOCK_NEVER;

	if (on)
		turn = timebase_next_change(hart->timebase, offset, timecmp);
	clock_arm(clock, &hart->timer_event[bank], turn);
	/*
	 * A host's clock runs on meanwhile: if timecmp is reached now, either this line or the
	 * event notices it.
	 */
	set_line(hart, line[bank], on && timebase_read(hart->timebase) + offset >= timecmp);
}

void hart_timers_update(struct hart *hart)
{
	bool on = hart->menvcfg & MENVCFG_STCE, vs_on = hart->henvcfg & MENVCFG_STCE;

	timer_update(hart, BANK_HS, on, 0);
	timer_update(hart, BANK_VS, on && vs_on, hart->htimedelta);
}

void hart_nmi(struct hart *hart)
{
	hart->nmi = isa_has(hart->isa, EXT_smrnmi);
	signals_changed(hart);
}

bool hart_takes_interrupts(const struct hart *hart)
{
	struct interrupt next;

	return interrupt_next(hart, &next);
}
