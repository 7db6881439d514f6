/* SPDX-License-Identifier: MIT */
/*
 * An interrupt line as a value: a device holds one and raises or lowers it; only the board knows
 * what is at the other end (a PLIC source, a pin of a hart). Lines are levels, not edges. But a
 * device sets a line that is already high to high again when, and only when, it has a new reason to
 * interrupt: a PLIC like QEMU's counts that.
 */
#ifndef BUS_IRQ_H
#define BUS_IRQ_H

#include "bus/base.h"

struct irq {
	void (*set)(void *ctx, unsigned num, bool level);
	void *ctx;
	unsigned num;
};

/* Drive the line; a line that is connected to nothing (set == NULL) may be driven. */
static inline void irq_set(struct irq line, bool level)
{
	if (line.set)
		line.set(line.ctx, line.num, level);
}

#endif
