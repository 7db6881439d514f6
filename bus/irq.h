/* SPDX-License-Identifier: MIT */
/*
 * An interrupt line as a value. A device holds one and raises or lowers it; only the board knows
 * what is at the other end (a PLIC source, a pin of a hart). Lines are levels, not edges. A device
 * whose line is high sets it high again when it has a new reason to interrupt, and only then,
 * because a PLIC that behaves like QEMU's takes this as another interrupt.
 */
#ifndef BUS_IRQ_H
#define BUS_IRQ_H

#include "bus/base.h"

struct irq {
	void (*set)(void *ctx, unsigned num, bool level);
	void *ctx;
	unsigned num;
};

/* Drives the line. A line that is connected to nothing (set is NULL) may be driven. */
static inline void irq_set(struct irq line, bool level)
{
	if (line.set)
		line.set(line.ctx, line.num, level);
}

#endif
