/* SPDX-License-Identifier: MIT */
/* Decides which interrupts are pending, and which is taken next (see interrupt.h). */
#include "cpu/hart/interrupt.h"

#include "cpu/hart/hart.h"
#include "cpu/isa/csr_bits.h"

unsigned interrupt_guest_file(const struct hart *hart)
{
	unsigned vgein = (unsigned)field_get(hart->hstatus, HSTATUS_VGEIN);

	return vgein <= hart->imsic.guests ? vgein : 0;
}

/*
 * Returns VSEIP by the guest interrupt file that hstatus.VGEIN selects, and SGEIP by those that
 * hgeie enables.
 */
static u64 guest_external(const struct hart *hart)
{
	u64 pending = hart->hgeip >> interrupt_guest_file(hart) & 1 ? BIT(IRQ_VSEI) : 0;

	return hart->hgeip & hart->hgeie ? pending | BIT(IRQ_SGEI) : pending;
}

/*
 * Returns mip. If stimecmp is enabled, STIP comes from it alone. If bit 9 of mvien is set, SEIP as
 * written by software is not in mip, but in mvip alone.
 */
u64 interrupt_pending(const struct hart *hart)
{
	u64 elsewhere = hart->aia.mvien & BIT(IRQ_SEI);
	u64 pending = hart->lines | (hart->hvip & VS_INTERRUPTS);

	if (hart->menvcfg & MENVCFG_STCE)
		elsewhere |= BIT(IRQ_STI);
	pending |= hart->mip & ~elsewhere;
	return hart->hgeip ? pending | guest_external(hart) : pending;
}

/* Returns the bits of mvip with storage of their own: SSIP has it only if bit 1 of mvien is set. */
u64 interrupt_mvip_own(const struct hart *hart)
{
	return LOCAL_INTERRUPTS | (hart->aia.mvien & BIT(IRQ_SSI));
}

/*
 * Returns the bits of mvip that alias mip: SSIP if bit 1 of mvien is clear, STIP if stimecmp does
 * not drive it, and SEIP always.
 */
u64 interrupt_mvip_of_mip(const struct hart *hart)
{
	u64 written = S_INTERRUPTS & ~interrupt_mvip_own(hart);

	return hart->menvcfg & MENVCFG_STCE ? written & ~BIT(IRQ_STI) : written;
}

u64 interrupt_mvip(const struct hart *hart)
{
	return (hart->aia.mvip & interrupt_mvip_own(hart)) |
	       (hart->mip & interrupt_mvip_of_mip(hart));
}

u64 interrupt_s_virtual(const struct hart *hart)
{
	return hart->aia.mvien & ~hart->mideleg;
}

u64 interrupt_s_delegated(const struct hart *hart)
{
	return hart->mideleg & ~HS_INTERRUPTS;
}

u64 interrupt_sip(const struct hart *hart)
{
	u64 sip = interrupt_pending(hart) & interrupt_s_delegated(hart);

	return hart->aia.mvien ? sip | (interrupt_mvip(hart) & interrupt_s_virtual(hart)) : sip;
}

u64 interrupt_sie(const struct hart *hart)
{
	return (hart->mie & interrupt_s_delegated(hart)) |
	       (hart->aia.sie & interrupt_s_virtual(hart));
}

u64 interrupt_hideleg(const struct hart *hart)
{
	return hart->hideleg & (hart->mideleg | hart->aia.mvien);
}

/*
 * Returns the VS interrupts by the numbers that they have in the guest. All other interrupts have
 * the same number at all levels.
 */
static u64 as_guest(u64 delegated)
{
	return (delegated & VS_INTERRUPTS) >> 1;
}

u64 interrupt_vsip(const struct hart *hart)
{
	u64 delegated = interrupt_hideleg(hart), local = delegated & LOCAL_INTERRUPTS;
	u64 own = hart->aia.hvien & ~delegated;
	u64 vsip = as_guest(interrupt_pending(hart) & delegated) | (hart->hvip & own);

	return local ? vsip | (interrupt_sip(hart) & local) : vsip;
}

u64 interrupt_vsie(const struct hart *hart)
{
	u64 delegated = interrupt_hideleg(hart), local = delegated & LOCAL_INTERRUPTS;
	u64 own = hart->aia.hvien & ~delegated;

	return as_guest(hart->mie & delegated) | (interrupt_sie(hart) & local) |
	       (hart->aia.vsie & own);
}

/*
 * The major interrupts, from the highest default priority to the lowest. Those for custom use,
 * which are raised only by software here, come last.
 */
static const u8 order[] = {
	47, 23, 46, 45, 22, 44, 43, 21, 42, 41, 20, 40,
	IRQ_MEI, IRQ_MSI, IRQ_MTI, IRQ_SEI, IRQ_SSI, IRQ_STI,
	IRQ_SGEI, IRQ_VSEI, IRQ_VSSI, IRQ_VSTI, IRQ_LCOFI, 15, 14,
	39, 19, 38, 37, 18, 36, 35, 17, 34, 33, 16, 32,
	63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48,
	31, 30, 29, 28, 27, 26, 25, 24,
};

/* This comes after every priority number; those of external interrupts are at most 2047. */
#define PRIORITY_LAST 0xffff
/* The priority of an external interrupt that no interrupt controller gives a number. */
#define PRIORITY_UNKNOWN 256

/* The interrupts of a level that are pending and enabled, and the data that decide among them. */
struct contest {
	u64 pending;
	const u64 *iprio;
	unsigned external; /* the level's own external interrupt: MEI or SEI */
	u32 external_priority;
};

/* An interrupt and its priority at the level, lower first; PRIORITY_LAST + 1 if there is none. */
struct top {
	unsigned identity;
	u32 priority;
};

static u8 iprio_of(const u64 *iprio, unsigned identity)
{
	return (u8)(iprio[identity / 8] >> identity % 8 * 8);
}

/*
 * Returns the interrupt of the highest priority, by the AIA manual's tables "Effect of the
 * machine-level iprio array" and its supervisor-level counterpart.
 */
static struct top interrupt_winner(const struct contest *contest)
{
	struct top top = { 0, PRIORITY_LAST + 1 };
	bool above = true; /* still before the external interrupt in the default order */
	u64 left = contest->pending;

	for (unsigned i = 0; left && i < ARRAY_SIZE(order); i++) {
		unsigned identity = order[i];
		u32 priority = iprio_of(contest->iprio, identity);

		if (identity == contest->external) {
			above = false;
			priority = contest->external_priority;
		}
		if (!(left >> identity & 1))
			continue;
		left &= ~BIT(identity);
		if (!priority && !above)
			priority = PRIORITY_LAST;
		if (priority < top.priority)
			top = (struct top){ identity, priority };
	}
	return top;
}

static u64 topi(struct top top)
{
	if (top.priority > PRIORITY_LAST)
		return 0;
	return (u64)top.identity << 16 | MIN(top.priority, 255u);
}

/*
 * Returns the priority of the interrupt that the controller signals on `line` for an interrupt
 * file.
 */
static u32 external_priority(const struct hart *hart, unsigned line, unsigned file)
{
	u32 top = 0;

	if ((hart->lines >> line & 1) && hart->imsic.topei)
		top = hart->imsic.topei(hart->imsic.ctx, file) & 0x7ff;
	return top ? top : PRIORITY_UNKNOWN;
}

static u64 for_m(const struct hart *hart)
{
	return interrupt_pending(hart) & hart->mie & ~hart->mideleg;
}

static u64 for_hs(const struct hart *hart)
{
	u64 pending = interrupt_pending(hart) & hart->mie & hart->mideleg;

	if (hart->aia.mvien)
		pending |= interrupt_sip(hart) & interrupt_sie(hart);
	return pending & ~interrupt_hideleg(hart);
}

static struct top top_m(const struct hart *hart)
{
	const struct contest contest = {
		.pending = for_m(hart),
		.iprio = hart->aia.miprio,
		.external = IRQ_MEI,
		.external_priority = external_priority(hart, IRQ_MEI, 0),
	};

	return interrupt_winner(&contest);
}

static struct top top_hs(const struct hart *hart)
{
	const struct contest contest = {
		.pending = for_hs(hart),
		.iprio = hart->aia.siprio,
		.external = IRQ_SEI,
		.external_priority = external_priority(hart, IRQ_SEI, 1),
	};

	return interrupt_winner(&contest);
}

/*
 * Returns the priority of the external interrupt for vstopi. At most one of the first three
 * candidates in the AIA manual's list is present.
 */
static u32 guest_priority(const struct hart *hart)
{
	unsigned file = interrupt_guest_file(hart);
	u64 hvictl = hart->aia.hvictl;
	u32 top = 0;

	if (file && hart->imsic.topei)
		top = hart->imsic.topei(hart->imsic.ctx, 1 + file) & 0x7ff;
	else if (!field_get(hart->hstatus, HSTATUS_VGEIN) &&
		 field_get(hvictl, HVICTL_IID) == IRQ_SEI)
		top = (u32)field_get(hvictl, HVICTL_IPRIO);
	return top ? top : PRIORITY_UNKNOWN;
}

/*
 * Returns the interrupt of the higher priority: the one that hvictl describes, or `external`. If
 * the priorities are equal, DPR decides.
 */
static struct top top_hvictl(const struct hart *hart, struct top external)
{
	u64 hvictl = hart->aia.hvictl;
	bool below = hvictl & HVICTL_DPR;
	struct top top = {
		(unsigned)field_get(hvictl, HVICTL_IID), (u32)field_get(hvictl, HVICTL_IPRIO),
	};

	if (top.identity == IRQ_SEI)
		return external;
	if (!top.priority && below)
		top.priority = PRIORITY_LAST;
	return top.priority < external.priority + !below ? top : external;
}

static struct top top_vs(const struct hart *hart)
{
	static const u64 spread1 = 0xff00; /* hviprio1 has the priorities of 1, 5 and 13 to 15 */
	const struct aia *aia = &hart->aia;
	const u64 iprio[IPRIO_WORDS] = {
		(aia->hviprio1 & spread1) | (aia->hviprio1 >> 24 & 255) << 40,
		aia->hviprio1 & ~0ull << 40,
		aia->hviprio2,
	};
	struct contest contest = {
		.pending = interrupt_vsip(hart) & interrupt_vsie(hart),
		.iprio = iprio,
		.external = IRQ_SEI,
		.external_priority = guest_priority(hart),
	};

	if (!(aia->hvictl & HVICTL_VTI))
		return interrupt_winner(&contest);
	contest.pending &= BIT(IRQ_SEI);
	return top_hvictl(hart, interrupt_winner(&contest));
}

u64 interrupt_mtopi(const struct hart *hart)
{
	return topi(top_m(hart));
}

u64 interrupt_stopi(const struct hart *hart)
{
	return topi(top_hs(hart));
}

u64 interrupt_vstopi(const struct hart *hart)
{
	struct top top = top_vs(hart);

	if (top.priority <= PRIORITY_LAST && !(hart->aia.hvictl & HVICTL_IPRIOM))
		top.priority = 1;
	return topi(top);
}

/*
 * Returns whether a guest may have an interrupt that is not in mip and mie. A hypervisor may keep
 * hvien set all the time, so only interrupts that it injects count.
 */
static bool may_be_virtual(const struct hart *hart)
{
	const struct aia *aia = &hart->aia;

	return (hart->hvip & aia->hvien & aia->vsie) || (aia->hvictl & HVICTL_VTI);
}

/* Returns whether nothing is pending at any level, which is the usual case. */
static ALWAYS_INLINE bool interrupt_quiet(const struct hart *hart)
{
	return !(interrupt_pending(hart) & hart->mie) && !hart->aia.mvien && !may_be_virtual(hart);
}

bool interrupt_alert(const struct hart *hart)
{
	return !interrupt_quiet(hart) || hart->nmi || hart->triggers.armed;
}

/* Returns vstopi, or 0 without computing it if a guest cannot have an interrupt. */
static u64 topi_for_vs(const struct hart *hart)
{
	u64 delegated = interrupt_hideleg(hart);
	bool possible = (interrupt_pending(hart) & hart->mie & delegated) || may_be_virtual(hart) ||
			(delegated & hart->aia.mvien);

	return possible ? interrupt_vstopi(hart) : 0;
}

bool interrupt_any(const struct hart *hart)
{
	return !interrupt_quiet(hart) && (for_m(hart) || for_hs(hart) || topi_for_vs(hart));
}

/*
 * Returns whether M-mode's interrupts are enabled. Those of each level are enabled in all less
 * privileged modes, and in its own mode by its enable bit.
 */
static bool m_enabled(const struct hart *hart)
{
	return hart->priv < PRIV_M || (hart->mstatus & MSTATUS_MIE);
}

static bool hs_enabled(const struct hart *hart)
{
	return hart->virt || hart->priv < PRIV_S ||
	       (hart->priv == PRIV_S && (hart->mstatus & MSTATUS_SIE));
}

static bool vs_enabled(const struct hart *hart)
{
	return hart->virt && (hart->priv < PRIV_S || (hart->s[BANK_VS].status & MSTATUS_SIE));
}

u64 interrupt_open(const struct hart *hart)
{
	u64 guests = hart->mideleg & interrupt_hideleg(hart), open = 0;

	if (!trap_nmi_enabled(hart))
		return 0;
	if (m_enabled(hart))
		open |= ~hart->mideleg;
	if (hs_enabled(hart))
		open |= hart->mideleg & ~guests;
	if (vs_enabled(hart))
		open |= guests;
	return open & hart->mie;
}

bool interrupt_next(const struct hart *hart, struct interrupt *next)
{
	u64 guest;

	if (likely(interrupt_quiet(hart)) || !trap_nmi_enabled(hart))
		return false;
	if (for_m(hart) && m_enabled(hart)) {
		*next = (struct interrupt){ interrupt_mtopi(hart) >> 16, PRIV_M, false };
	} else if (for_hs(hart) && hs_enabled(hart)) {
		*next = (struct interrupt){ interrupt_stopi(hart) >> 16, PRIV_S, false };
	} else {
		guest = vs_enabled(hart) ? topi_for_vs(hart) : 0;
		if (!guest)
			return false;
		*next = (struct interrupt){ guest >> 16, PRIV_S, true };
	}
	next->cause |= CAUSE_INTERRUPT;
	return true;
}

static u64 hs_pending(const struct hart *hart)
{
	u64 pending = interrupt_pending(hart) & hart->mideleg;

	return (pending | interrupt_sip(hart)) & ~interrupt_hideleg(hart);
}

struct interrupt_words interrupt_words(const struct hart *hart, enum interrupt_level level)
{
	switch (level) {
	case INTERRUPT_M:
		return (struct interrupt_words){ interrupt_pending(hart) & ~hart->mideleg,
						 hart->mie & ~hart->mideleg, m_enabled(hart) };
	case INTERRUPT_HS:
		return (struct interrupt_words){ hs_pending(hart),
						 (hart->mie & hart->mideleg) | interrupt_sie(hart),
						 hs_enabled(hart) };
	default:
		return (struct interrupt_words){ interrupt_vsip(hart), interrupt_vsie(hart),
						 vs_enabled(hart) };
	}
}
