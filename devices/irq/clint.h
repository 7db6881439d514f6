/* SPDX-License-Identifier: MIT */
/*
 * The core-local interruptor: software interrupts between harts, and mtime with one comparator per
 * hart, in the layout of SiFive's CLINT. mtime belongs to the timebase, which the harts' `time` CSR
 * reads, too. If software writes mtime here, the timebase notifies the harts.
 */
#ifndef DEVICES_IRQ_CLINT_H
#define DEVICES_IRQ_CLINT_H

#include "bus/platform.h"
#include "bus/timebase.h"
#include "devices/memmap.h"

struct fdt;
struct clint;

struct clint_timer {
	struct clint *clint;
	unsigned hart;
	struct clock_event event;
};

struct clint {
	struct platform *platform;
	struct timebase *timebase;
	u64 base;
	unsigned harts;
	struct irq software[MAX_HARTS], timer[MAX_HARTS];
	struct clint_timer timers[MAX_HARTS];
	u64 mtimecmp[MAX_HARTS];
	u32 msip[MAX_HARTS];
};

/* Attaches the CLINT at base. Returns 0 or bus_attach's error; 1 <= harts <= MAX_HARTS. */
int clint_attach(struct clint *clint, struct platform *platform, u64 base,
		 struct timebase *timebase, unsigned harts);

/* Connects the hart's pins for MSIP and MTIP. Must be called before the first reset. */
void clint_connect(struct clint *clint, unsigned hart, struct irq software, struct irq timer);

/* Returns whether the hart's MTIP is low now and will be raised at some time. */
bool clint_timer_runs(const struct clint *clint, unsigned hart);

/* Writes the node. There is one phandle per hart: that of the hart's interrupt controller. */
void clint_fdt(const struct clint *clint, struct fdt *fdt, const u32 *cpu_intc_phandles);

#endif
