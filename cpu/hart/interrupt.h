/* SPDX-License-Identifier: MIT */
/*
 * Determines which interrupts are pending at each level, which is taken next, and in which mode:
 * privileged manual, "Machine Interrupt (mip and mie) Registers" and "Hypervisor Interrupt (hvip,
 * hip, and hie)"; AIA manual, "Interrupts for Machine and Supervisor Levels" and "Interrupts for
 * Virtual Machines".
 */
#ifndef CPU_HART_INTERRUPT_H
#define CPU_HART_INTERRUPT_H

#include "bus/base.h"

struct hart;

#define M_INTERRUPTS (BIT(IRQ_MSI) | BIT(IRQ_MTI) | BIT(IRQ_MEI))
#define S_INTERRUPTS (BIT(IRQ_SSI) | BIT(IRQ_STI) | BIT(IRQ_SEI))
#define VS_INTERRUPTS (BIT(IRQ_VSSI) | BIT(IRQ_VSTI) | BIT(IRQ_VSEI))
/* The interrupts of hie and hip. */
#define HS_INTERRUPTS (VS_INTERRUPTS | BIT(IRQ_SGEI))

/* Returns mip as software sees it: written bits, lines, and the timer comparisons. */
u64 interrupt_pending(const struct hart *hart);

/*
 * Return mvip, sip, sie, vsip and vsie as software sees them, and hideleg without bits that have no
 * meaning.
 */
u64 interrupt_mvip(const struct hart *hart);
u64 interrupt_sip(const struct hart *hart);
u64 interrupt_sie(const struct hart *hart);
u64 interrupt_vsip(const struct hart *hart);
u64 interrupt_vsie(const struct hart *hart);
u64 interrupt_hideleg(const struct hart *hart);

/*
 * Return the interrupts that mideleg delegates to S-mode, and those that mvien makes virtual
 * instead.
 */
u64 interrupt_s_delegated(const struct hart *hart);
u64 interrupt_s_virtual(const struct hart *hart);

/*
 * Return the bits of mvip that have storage of their own, and those that alias written bits of mip.
 */
u64 interrupt_mvip_own(const struct hart *hart);
u64 interrupt_mvip_of_mip(const struct hart *hart);

/* Returns the guest interrupt file that hstatus.VGEIN names, 1 to GEILEN; 0 if none. */
unsigned interrupt_guest_file(const struct hart *hart);

/*
 * Return mtopi, stopi, vstopi: the pending and enabled interrupt of the highest priority; 0: none.
 */
u64 interrupt_mtopi(const struct hart *hart);
u64 interrupt_stopi(const struct hart *hart);
u64 interrupt_vstopi(const struct hart *hart);

/* Returns the bits of mip that would interrupt the hart in its mode if they rose. */
u64 interrupt_open(const struct hart *hart);

/*
 * Returns whether any interrupt is pending and enabled at any level: whether mtopi, stopi or vstopi
 * is not zero. That ends WFI by the AIA manual's rule ("WFI (Wait for Interrupt) instruction"),
 * which replaces the privileged manual's, by mip and mie. They differ if hvictl.VTI keeps an
 * interrupt of vsip out of vstopi.
 */
bool interrupt_any(const struct hart *hart);

/*
 * Returns whether an interrupt could be taken if the mode or a status register changed, or whether
 * a trigger is armed. The run loop stores it in hart->alert before it calls a tier. Any later
 * change of it either sets hart->stop, or is made by an instruction that writes a CSR and stores it
 * again. So a change of mode or status need not look at interrupts while hart->alert is clear.
 */
bool interrupt_alert(const struct hart *hart);

/*
 * Returns a level's pending and enabled bits, numbered as in its own registers, and whether it
 * takes interrupts now (`on`).
 */
enum interrupt_level { INTERRUPT_M, INTERRUPT_HS, INTERRUPT_VS, INTERRUPT_LEVELS };
struct interrupt_words {
	u64 pending, enabled;
	bool on;
};
struct interrupt_words interrupt_words(const struct hart *hart, enum interrupt_level level);

/* An interrupt to be taken: the value for xcause, and the mode that takes it. */
struct interrupt {
	u64 cause; /* with CAUSE_INTERRUPT */
	u8 priv;
	bool virt;
};

/* Sets *next to the interrupt to be taken now; returns false if there is none. */
bool interrupt_next(const struct hart *hart, struct interrupt *next);

#endif
