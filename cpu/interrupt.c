/* SPDX-License-Identifier: MIT */
/* See interrupt.h. */
#include "cpu/interrupt.h"

#include "cpu/csr.h"
#include "cpu/hart.h"

/* What the guest interrupt files say: one of them to the guest that runs, any to its host. */
static u64 guest_external(const struct hart *hart)
{
	u64 vgein = field_get(hart->hstatus, HSTATUS_VGEIN);
	u64 pending = hart->hgeip >> vgein & 1 ? BIT(IRQ_VSEI) : 0;

	return hart->hgeip & hart->hgeie ? pending | BIT(IRQ_SGEI) : pending;
}

u64 interrupt_pending(const struct hart *hart)
{
	u64 written = hart->menvcfg & MENVCFG_STCE ? hart->mip & ~BIT(IRQ_STI) : hart->mip;
	u64 pending = written | hart->lines | hart->hvip;

	return hart->hgeip ? pending | guest_external(hart) : pending;
}

/* Interrupts in the order in which the manual takes them, of those in `pending`. */
static unsigned first_of(u64 pending)
{
	static const u8 order[] = {
		IRQ_MEI, IRQ_MSI, IRQ_MTI, IRQ_SEI, IRQ_SSI, IRQ_STI,
		IRQ_SGEI, IRQ_VSEI, IRQ_VSSI, IRQ_VSTI, IRQ_LCOFI,
	};

	for (unsigned i = 0; i < ARRAY_SIZE(order); i++)
		if (pending >> order[i] & 1)
			return order[i];
	return 0;
}

/* A guest knows VS interrupts by the numbers of a supervisor's; LCOFI has one everywhere. */
static unsigned as_guest(unsigned number)
{
	return number == IRQ_LCOFI ? number : number - 1;
}

/* A level's interrupts are on in every mode below it, and in its own by its enable bit. */
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
	return hart->virt &&
	       (hart->priv < PRIV_S || (hart->s[BANK_VS].status & MSTATUS_SIE));
}

bool interrupt_next(const struct hart *hart, struct interrupt *next)
{
	u64 pending = interrupt_pending(hart) & hart->mie;
	u64 for_m = pending & ~hart->mideleg;
	u64 for_hs = pending & hart->mideleg & ~hart->hideleg;
	u64 for_vs = pending & hart->mideleg & hart->hideleg;

	if (!pending || !trap_nmi_enabled(hart))
		return false;
	if (for_m && m_enabled(hart))
		*next = (struct interrupt){ first_of(for_m), PRIV_M, false };
	else if (for_hs && hs_enabled(hart))
		*next = (struct interrupt){ first_of(for_hs), PRIV_S, false };
	else if (for_vs && vs_enabled(hart))
		*next = (struct interrupt){ as_guest(first_of(for_vs)), PRIV_S, true };
	else
		return false;
	next->cause |= CAUSE_INTERRUPT;
	return true;
}
