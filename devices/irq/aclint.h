/* SPDX-License-Identifier: MIT */
/*
 * The ACLINT: the CLINT's registers as two devices, MSWI and MTIMER, and a third one, SSWI, by
 * which S-mode interrupts harts without asking M-mode. That keeps nothing: what it sets is SSIP in
 * the hart's mip.
 */
#ifndef DEVICES_IRQ_ACLINT_H
#define DEVICES_IRQ_ACLINT_H

#include "devices/irq/clint.h"

struct aclint {
	const struct clint *clint; /* NULL: nothing is attached */
	struct platform *platform;
	bool has_sswi;
	u64 base; /* of SSWI */
	struct irq pins[MAX_HARTS];
};

/* 0 or what bus_attach returns. SSWI is at `base`; with IMSICs, which take messages, is none. */
int aclint_attach(struct aclint *aclint, struct platform *platform, const struct clint *clint,
		  u64 base, bool has_sswi);

/* Who takes the edges that set the hart's SSIP; before the first reset. */
void aclint_connect(struct aclint *aclint, unsigned hart, struct irq pin);

/* One phandle per hart: its interrupt controller. */
void aclint_fdt(const struct aclint *aclint, struct fdt *fdt, const u32 *cpu_intc_phandles);

#endif
