/* SPDX-License-Identifier: MIT */
/*
 * Which interrupts are pending at each level, and which of them is taken next and where:
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
/* Those of hie and hip. */
#define HS_INTERRUPTS (VS_INTERRUPTS | BIT(IRQ_SGEI))

/* mip as software sees it: written bits, lines, and the comparisons of time. */
u64 interrupt_pending(const struct hart *hart);

/* mvip, sip, sie, vsip and vsie as software sees them, and hideleg with what it can mean. */
u64 interrupt_mvip(const struct hart *hart);
u64 interrupt_sip(const struct hart *hart);
u64 interrupt_sie(const struct hart *hart);
u64 interrupt_vsip(const struct hart *hart);
u64 interrupt_vsie(const struct hart *hart);
u64 interrupt_hideleg(const struct hart *hart);

/* Interrupts of S-mode itself: that mideleg delegates; that mvien makes virtual ones instead. */
u64 interrupt_s_delegated(const struct hart *hart);
u64 interrupt_s_virtual(const struct hart *hart);

/* The bits of mvip that it keeps itself, and those that are mip's as software writes it. */
u64 interrupt_mvip_own(const struct hart *hart);
u64 interrupt_mvip_of_mip(const struct hart *hart);

/* The guest interrupt file that hstatus.VGEIN names, 1 to GEILEN; 0: none. */
unsigned interrupt_guest_file(const struct hart *hart);

/* mtopi, stopi, vstopi: the first of a level's pending and enabled interrupts, 0 for none. */
u64 interrupt_mtopi(const struct hart *hart);
u64 interrupt_stopi(const struct hart *hart);
u64 interrupt_vstopi(const struct hart *hart);

/* Bits of mip that, if they rose, would interrupt the hart in the mode it is in. */
u64 interrupt_open(const struct hart *hart);

/* Is any interrupt pending and enabled at any level? */
bool interrupt_any(const struct hart *hart);

/* A level's pending and enabled bits, by the numbers it knows, and whether it takes them now. */
enum interrupt_level { INTERRUPT_M, INTERRUPT_HS, INTERRUPT_VS, INTERRUPT_LEVELS };
struct interrupt_words {
	u64 pending, enabled;
	bool on;
};
struct interrupt_words interrupt_words(const struct hart *hart, enum interrupt_level level);

/* An interrupt to be taken: what xcause gets, and the mode that gets it. */
struct interrupt {
	u64 cause; /* with CAUSE_INTERRUPT */
	u8 priv;
	bool virt;
};

/* The one to be taken now; false when there is none. */
bool interrupt_next(const struct hart *hart, struct interrupt *next);

#endif
