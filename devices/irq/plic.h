/* SPDX-License-Identifier: MIT */
/*
 * The platform-level interrupt controller: sources with a level and a priority, and two contexts
 * per hart (M-mode at 2 * hart, S-mode at 2 * hart + 1) that enable, claim and complete them.
 */
#ifndef DEVICES_IRQ_PLIC_H
#define DEVICES_IRQ_PLIC_H

#include "bus/platform.h"
#include "devices/memmap.h"

#include <stdio.h>

struct fdt;

#define PLIC_SOURCES_MAX 1023
#define PLIC_WORDS 32
#define PLIC_CONTEXTS_MAX (2 * MAX_HARTS)

struct plic {
	struct platform *platform;
	u64 base;
	unsigned sources; /* numbered 1 to sources */
	unsigned contexts;
	struct irq outputs[PLIC_CONTEXTS_MAX];
	bool by_level; /* how gateways make requests (see plic.c); the board sets it */
	/*
	 * For plic_explain: how often the source was completed since the device last drove its
	 * line, while the line is high.
	 */
	u32 unserved[PLIC_SOURCES_MAX + 1];
	/* One bit per source: its line is high; it is pending; it is claimed and not completed. */
	u32 level[PLIC_WORDS], pending[PLIC_WORDS], claimed[PLIC_WORDS];
	u32 enable[PLIC_CONTEXTS_MAX * PLIC_WORDS];
	u8 priority[PLIC_SOURCES_MAX + 1];
	u8 threshold[PLIC_CONTEXTS_MAX];
};

/*
 * Attaches the PLIC; must be called before the devices that drive it are attached, because its
 * reset regards all lines as low until the devices drive them again. Returns 0 or bus_attach's
 * error; 1 <= sources <= PLIC_SOURCES_MAX, 1 <= harts <= MAX_HARTS.
 */
int plic_attach(struct plic *plic, struct platform *platform, u64 base, unsigned sources,
		unsigned harts);

/*
 * Connects the hart's pin (MEIP or SEIP) that a context drives. Must be called before the first
 * reset.
 */
void plic_connect(struct plic *plic, unsigned context, struct irq output);

/* Returns the line to a source, for the device that drives it. */
struct irq plic_irq(struct plic *plic, unsigned source);

/*
 * Writes the node, and returns the PLIC's phandle. There is one phandle per hart: that of the
 * hart's interrupt controller.
 */
u32 plic_fdt(const struct plic *plic, struct fdt *fdt, const u32 *cpu_intc_phandles);

/*
 * Returns whether some source is enabled for the context and has a priority above its threshold, so
 * that it could raise the pin.
 */
bool plic_may_signal(const struct plic *plic, unsigned context);

/* Prints the sources and contexts that are in use. */
void plic_info(const struct plic *plic, FILE *out);

/*
 * Reasons why a source does not raise a context's pin. The pin is high if a source is
 * PLIC_DELIVERED.
 */
enum plic_block {
	PLIC_DELIVERED,
	PLIC_IDLE, /* not pending: its line is low, or was not raised again */
	PLIC_CLAIMED, /* claimed and not completed */
	PLIC_PRIORITY, /* its priority is 0, so it never interrupts */
	PLIC_ENABLE, /* not enabled for the context */
	PLIC_THRESHOLD, /* its priority is not above the threshold */
};
enum plic_block plic_blocks(const struct plic *plic, unsigned context, unsigned source);

/* Prints why pending sources do not reach the hart. */
void plic_explain(const struct plic *plic, unsigned hart, FILE *out);

#endif
