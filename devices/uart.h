/* SPDX-License-Identifier: MIT */
/*
 * A 16550A serial port (register names of the PC16550D data sheet) with registers one byte apart.
 * Transmission takes no time: the chardev has a byte before the store completes. With the virtual
 * clock, input arrives at the speed of a line with 115200 baud; otherwise a driver that reads until
 * the receiver is empty would get all input of the host in one interrupt.
 */
#ifndef DEVICES_UART_H
#define DEVICES_UART_H

#include "bus/platform.h"
#include "devices/chardev.h"
#include "devices/uart_polls.h"

struct fdt;
struct fdt_intc;

#define UART_FIFO_SIZE 16

struct uart {
	struct platform *platform;
	struct irq irq;
	struct chardev chardev; /* the frontend fills in its half after uart_attach */
	struct clock_event timeout; /* the character timeout of the receiver's FIFO */
	struct clock_event line; /* armed while received bytes are still on the line */
	u8 ier, fcr, lcr, mcr, msr, scr;
	u16 divisor;
	bool overrun; /* LSR bit 1 */
	struct uart_polls polls;
	/* The host will send nothing after the bytes in the FIFO. This is not part of the state. */
	bool ended;
	unsigned end_sink; /* the journal's sink for `ended` */
	unsigned break_sink; /* the journal's sink for breaks */
	bool thre_pending, timeout_pending;
	u8 fifo[UART_FIFO_SIZE]; /* a ring; if FIFOs are off, its only byte is RBR */
	/* one bit per byte of the ring: it is a break that LSR has not reported yet */
	u16 breaks;
	u8 head, count;
};

/* Attaches registers, state, input sink and reset. Returns 0, or bus_attach's error. */
int uart_attach(struct uart *uart, struct platform *platform, u64 base, struct irq irq);

/* Reads a received byte as a polling driver would. Returns false if there is none. */
bool uart_poll(struct uart *uart, u8 *byte);

/* Writes the node serial@base; irq is a source of the interrupt controller. */
void uart_node(struct fdt *fdt, u64 base, u32 irq, const struct fdt_intc *intc);

#endif
