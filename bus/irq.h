/* SPDX-License-Identifier: MIT */
/*
 * An interrupt line as a value. A device holds one and raises or lowers it; only the board knows
 * what is at the other end (a PLIC source, a pin of a hart). Lines are levels, not edges. A device
 * that has a new reason to interrupt sets the line high again even if it is high, and in no other
 * case: a PLIC like QEMU's counts this.
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
