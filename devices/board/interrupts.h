/* SPDX-License-Identifier: MIT */
/* The machine's interrupt controllers, as devices and the device tree use them. */
#ifndef DEVICES_BOARD_INTERRUPTS_H
#define DEVICES_BOARD_INTERRUPTS_H

#include "bus/irq.h"
#include "devices/fdt.h"

struct board;

/* Attaches the interrupt controllers to the harts. Must be called before devices are attached. */
void board_attach_interrupts(struct board *board);

/* Returns the line to a source of the interrupt controller that devices use. */
struct irq board_irq(struct board *board, unsigned source);

/* Writes the controllers' nodes to the device tree; returns the one to which devices refer. */
struct fdt_intc board_interrupt_nodes(const struct board *board, struct fdt *fdt,
				      const u32 *cpu_intc_phandles);

#endif
