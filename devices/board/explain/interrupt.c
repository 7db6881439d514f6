/* SPDX-License-Identifier: MIT */
/*
 * Explains what keeps an interrupt from a hart, in the order in which a signal passes from a
 * device's line to the hart: the machine's interrupt controllers, then mip and each level's
 * delegation, enable and mode. The decisions are made by the controllers and by cpu's interrupt.c;
 * this file only words them.
 */
#include "devices/board/explain/explanation.h"

#include "cpu/csr/csr.h"
#include "cpu/hart/interrupt.h"

static const char *const bit_names[14] = {
	[IRQ_SSI] = "SSI", [IRQ_VSSI] = "VSSI", [IRQ_MSI] = "MSI", [IRQ_STI] = "STI",
	[IRQ_VSTI] = "VSTI", [IRQ_MTI] = "MTI", [IRQ_SEI] = "SEI", [IRQ_VSEI] = "VSEI",
	[IRQ_MEI] = "MEI", [IRQ_SGEI] = "SGEI", [IRQ_LCOFI] = "LCOFI",
};

static const char *const level_names[INTERRUPT_LEVELS] = { "M", "S", "VS" };

static bool has_name(unsigned n)
{
	return n < ARRAY_SIZE(bit_names) && bit_names[n];
}

/* Prints for example "machine timer interrupt MTIP" or "interrupt 20". */
static void print_name(const struct explain *e, unsigned n)
{
	if (has_name(n))
		fprintf(e->out, "%s %sP", trap_name(CAUSE_INTERRUPT | n), bit_names[n]);
	else
		fprintf(e->out, "interrupt %u", n);
}

/* Prints for example "mie.MTIE" or "mie[20]". */
static void print_enable(const struct explain *e, const char *csr, unsigned n)
{
	if (has_name(n))
		fprintf(e->out, "%s.%sE", csr, bit_names[n]);
	else
		fprintf(e->out, "%s[%u]", csr, n);
}

/* Returns the register that enables a level's interrupt. */
static const char *enable_name(enum interrupt_level level, unsigned n)
{
	if (level == INTERRUPT_M)
		return "mie";
	if (level == INTERRUPT_VS)
		return "vsie";
	return HS_INTERRUPTS >> n & 1 ? "hie" : "sie";
}

void explain_path(const struct explain *e, enum interrupt_level level, unsigned n)
{
	const struct hart *hart = e->hart;
	unsigned guest = level == INTERRUPT_VS && n <= IRQ_SEI ? n + 1 : n;

	if (level == INTERRUPT_M) {
		fprintf(e->out, "mideleg[%u]=0", n);
		return;
	}
	/* The hypervisor raised it for the guest, in hvip. */
	if (level == INTERRUPT_VS && !(interrupt_hideleg(hart) >> guest & 1)) {
		fprintf(e->out, "hvien[%u]=1", guest);
		return;
	}
	fprintf(e->out, hart->mideleg >> guest & 1 ? "mideleg[%u]=1" : "mvien[%u]=1", guest);
	if (level == INTERRUPT_VS)
		fprintf(e->out, ", hideleg[%u]=1", guest);
	else if (isa_has(hart->isa, EXT_h))
		fprintf(e->out, ", hideleg[%u]=0", guest);
}

/* Prints why a level takes none of its pending interrupts. */
static void print_off(const struct explain *e, enum interrupt_level level)
{
	const struct hart *hart = e->hart;
	bool own = level == INTERRUPT_M ?
			   hart->priv == PRIV_M :
			   hart->priv == PRIV_S && hart->virt == (level == INTERRUPT_VS);
	static const char *const enables[INTERRUPT_LEVELS] = {
		"mstatus.MIE", "sstatus.SIE", "vsstatus.SIE",
	};

	if (own)
		fprintf(e->out, "masked by %s=0", enables[level]);
	else
		fprintf(e->out, "waits while the hart is in %s-mode",
			priv_name(hart->priv, hart->virt));
}

/*
 * Returns whether hvictl.VTI keeps a pending interrupt of the guest out of vstopi, whatever other
 * registers say: of vsip only SEI is then a candidate (AIA manual, "Virtual supervisor top
 * interrupt CSR (vstopi)").
 */
static bool hidden_by_vti(const struct hart *hart, enum interrupt_level level, unsigned n)
{
	return level == INTERRUPT_VS && n != IRQ_SEI && (hart->aia.hvictl & HVICTL_VTI);
}

static void print_standing(const struct explain *e, enum interrupt_level level, unsigned n)
{
	struct interrupt_words words = interrupt_words(e->hart, level);
	struct interrupt next = { 0 };

	fprintf(e->out, "  ");
	print_name(e, n);
	fprintf(e->out, " is pending for %s-mode (", level_names[level]);
	explain_path(e, level, n);
	fprintf(e->out, "): ");
	if (hidden_by_vti(e->hart, level, n)) {
		fprintf(e->out, "hvictl.VTI=1 keeps it from the guest, and it does not end WFI\n");
		return;
	}
	if (!(words.enabled >> n & 1)) {
		fprintf(e->out, "masked by ");
		print_enable(e, enable_name(level, n), n);
		fprintf(e->out, "=0\n");
		return;
	}
	if (!trap_nmi_enabled(e->hart))
		fprintf(e->out, "masked by mnstatus.NMIE=0");
	else if (!words.on)
		print_off(e, level);
	else if (interrupt_next(e->hart, &next) && next.cause == (CAUSE_INTERRUPT | n) &&
		 (next.priv == PRIV_M) == (level == INTERRUPT_M) &&
		 next.virt == (level == INTERRUPT_VS))
		fprintf(e->out, "taken next");
	else
		fprintf(e->out, "waits for the %s, which goes first", trap_name(next.cause));
	fputc('\n', e->out);
}

/*
 * A timer's compare register, the time with which it is compared, and the reason why it cannot set
 * its bit in mip.
 */
struct timer {
	const char *name;
	u64 compare, now;
	const char *disabled; /* "" if nothing does */
};

/* Prints when the timer, if it is set, will interrupt. */
static void print_timer(const struct explain *e, const struct timer *timer)
{
	if (timer->compare == UINT64_MAX)
		return;
	fprintf(e->out, "  %s=0x%llx: ", timer->name, timer->compare);
	if (timer->compare <= timer->now)
		fprintf(e->out, "due since %llu ticks", timer->now - timer->compare);
	else
		fprintf(e->out, "due in %llu ticks of %u Hz", timer->compare - timer->now,
			(unsigned)TIMEBASE_HZ);
	fprintf(e->out, "%s\n", timer->disabled);
}

/* Returns why vstimecmp does not interrupt. (While menvcfg.STCE is 0, henvcfg.STCE is 0, too.) */
static const char *guest_timer_disabled(const struct hart *hart)
{
	if (!(hart->menvcfg & MENVCFG_STCE))
		return ", but menvcfg.STCE=0 keeps it from VSTIP";
	return hart->henvcfg & MENVCFG_STCE ? "" : ", but henvcfg.STCE=0 keeps it from VSTIP";
}

/* Returns mtime as the hart reads it, even in the middle of a slice. */
static u64 time_of(const struct hart *hart)
{
	u64 now;

	harts_view(hart->harts, hart);
	now = timebase_read(hart->timebase);
	harts_view_end(hart->harts, false);
	return now;
}

static void print_timers(const struct explain *e)
{
	const struct hart *hart = e->hart;
	u64 now = time_of(hart);
	const struct timer machine = { "mtimecmp", e->board->clint.mtimecmp[hart->id], now, "" };
	const struct timer supervisor = {
		"stimecmp", hart->s[BANK_HS].timecmp, now,
		hart->menvcfg & MENVCFG_STCE ? "" : ", but menvcfg.STCE=0 keeps it from STIP",
	};
	const struct timer guest = {
		"vstimecmp", hart->s[BANK_VS].timecmp, now + hart->htimedelta,
		guest_timer_disabled(hart),
	};

	if (machine.compare)
		print_timer(e, &machine);
	else if (hart->mie & BIT(IRQ_MTI))
		fprintf(e->out, "  mtimecmp=0, as after a reset: MTIP is pending\n");
	print_timer(e, &supervisor);
	print_timer(e, &guest);
}

/*
 * Prints a guest interrupt file that has a pending interrupt, which reaches the guest if VGEIN
 * selects the file, and the hypervisor if hgeie enables it.
 */
static void print_guest_file(const struct explain *e, unsigned guest)
{
	const struct hart *hart = e->hart;
	unsigned vgein = (unsigned)field_get(hart->hstatus, HSTATUS_VGEIN);

	fprintf(e->out,
		"  guest file %u asks (hgeip[%u]=1): hstatus.VGEIN=%u %s VSEIP; "
		"hgeie[%u]=%u %s SGEIP\n",
		guest, guest, vgein,
		interrupt_guest_file(hart) == guest ? "makes it" : "keeps it from", guest,
		(unsigned)(hart->hgeie >> guest & 1),
		hart->hgeie >> guest & 1 ? "makes it" : "keeps it from");
}

/* Returns the interrupts that would end WFI if they became pending. */
static u64 waking(const struct hart *hart)
{
	bool vti = hart->aia.hvictl & HVICTL_VTI;

	return vti ? hart->mie & ~(interrupt_hideleg(hart) & ~BIT(IRQ_VSEI)) : hart->mie;
}

static void print_enabled(const struct explain *e)
{
	fprintf(e->out, "  enabled: mie=0x%llx", e->hart->mie);
	for (u64 left = e->hart->mie; left; left &= left - 1) {
		fprintf(e->out, left == e->hart->mie ? ": " : ", ");
		print_enable(e, "mie", (unsigned)__builtin_ctzll(left));
	}
	fprintf(e->out, "%s\n",
		e->hart->waiting && !e->hart->asks && !waking(e->hart) ?
			": no interrupt would wake it" :
			"");
}

/*
 * Returns the pending interrupts of a level that are worth a line. The timer is pending from reset
 * until software sets it, which is of interest only if the interrupt is enabled.
 */
static u64 standing(const struct explain *e, enum interrupt_level level)
{
	u64 pending = interrupt_words(e->hart, level).pending;
	bool unset = !e->board->clint.mtimecmp[e->hart->id] && !(e->hart->mie & BIT(IRQ_MTI));

	return level == INTERRUPT_M && unset ? pending & ~BIT(IRQ_MTI) : pending;
}

/*
 * Prints the pending interrupts of all levels, and what becomes of each, then whether hvictl takes
 * the place of the guest's, and the interrupts that are enabled.
 */
static void print_levels(const struct explain *e)
{
	bool any = false;

	for (unsigned level = 0; level < INTERRUPT_LEVELS; level++) {
		u64 left = standing(e, (enum interrupt_level)level);

		for (; left; left &= left - 1) {
			print_standing(e, (enum interrupt_level)level,
				       (unsigned)__builtin_ctzll(left));
			any = true;
		}
	}
	if (e->hart->aia.hvictl & HVICTL_VTI)
		fprintf(e->out, "  hvictl.VTI=1: the guest's interrupts come from hvictl, IID %u\n",
			(unsigned)field_get(e->hart->aia.hvictl, HVICTL_IID));
	if (!any)
		fprintf(e->out, "  no interrupt is pending\n");
	print_enabled(e);
}

void explain_interrupts(const struct explain *e)
{
	struct board *board = e->board;
	unsigned hart = e->hart->id;

	fprintf(e->out, "interrupts:\n");
	if (board->config.aia == BOARD_AIA_NONE)
		plic_explain(&board->plic, hart, e->out);
	else
		aplic_explain(&board->aplic, hart, e->out);
	if (board->config.aia == BOARD_AIA_APLIC_IMSIC)
		imsic_explain(&board->imsic, hart, e->out);
	for (u64 left = e->hart->hgeip; left; left &= left - 1)
		print_guest_file(e, (unsigned)__builtin_ctzll(left));
	print_levels(e);
	print_timers(e);
}
