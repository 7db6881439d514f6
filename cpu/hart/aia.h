/* SPDX-License-Identifier: MIT */
/*
 * The state that Smaia, Ssaia, Smcsrind and Sscsrind add to a hart, named as in the manual.
 * csr/aia.c and csr/indirect.c have the registers, interrupt.c their effect on interrupts.
 */
#ifndef CPU_HART_AIA_H
#define CPU_HART_AIA_H

#include "bus/base.h"

/* The major interrupts that can be virtual, 13 to 63. */
#define LOCAL_INTERRUPTS (~0x1fffull)

#define HVICTL_VTI BIT(30)
#define HVICTL_IID (63ull << 16) /* six bits implemented */
#define HVICTL_DPR BIT(9)
#define HVICTL_IPRIOM BIT(8)
#define HVICTL_IPRIO 255ull

/* The priority numbers of the 64 major interrupts, a byte each; 0 is the default order. */
#define IPRIO_WORDS 8

struct aia {
	u64 mvien, mvip;
	u64 sie; /* bits of sie that are separate from mie: mvien set, mideleg clear */
	u64 hvien;
	u64 vsie; /* bits of vsie that are separate from sie: hvien set, hideleg clear */
	u64 hvictl, hviprio1, hviprio2;
	u64 miselect, siselect, vsiselect;
	u64 miprio[IPRIO_WORDS], siprio[IPRIO_WORDS];
};

#endif
