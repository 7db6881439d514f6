/* SPDX-License-Identifier: MIT */
/*
 * The ACLINT: the CLINT's registers as two devices, MSWI and MTIMER, and a third one, SSWI, by
 * which S-mode software sends IPIs without M-mode. SSWI keeps no state: it sets SSIP in a hart's
 * mip.
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

/*
 * Attaches SSWI at `base`, if has_sswi is set. A machine with IMSICs has no SSWI, because IPIs are
 * MSIs there. Returns 0 or bus_attach's error.
 */
int aclint_attach(struct aclint *aclint, struct platform *platform, const struct clint *clint,
		  u64 base, bool has_sswi);

/* Connects the pin whose edges set the hart's SSIP. Must be called before the first reset. */
void aclint_connect(struct aclint *aclint, unsigned hart, struct irq pin);

/* Writes the nodes. There is one phandle per hart: that of the hart's interrupt controller. */
void aclint_fdt(const struct aclint *aclint, struct fdt *fdt, const u32 *cpu_intc_phandles);

#endif
