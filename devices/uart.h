/* SPDX-License-Identifier: MIT */
/*
 * A 16550A serial port (register names of the PC16550D data sheet) with registers one byte apart.
 * The transmitter takes no time: the chardev has a byte before the store completes. With the
 * virtual clock, input takes the time of a line with 115200 baud. Otherwise a driver that reads
 * until the receiver is empty would get all input of the host within one interrupt.
 */
#ifndef DEVICES_UART_H
#define DEVICES_UART_H

#include "bus/platform.h"
#include "devices/chardev.h"

struct fdt;
struct fdt_intc;

#define UART_FIFO_SIZE 16
#define UART_POLLS 16

struct uart {
	struct platform *platform;
	struct irq irq;
	struct chardev chardev; /* the frontend fills in its half after uart_attach */
	struct clock_event timeout; /* the character timeout of the receiver's FIFO */
	struct clock_event line; /* armed while what has arrived is still on the line */
	u8 ier, fcr, lcr, mcr, msr, scr;
	u16 divisor;
	bool overrun; /* LSR bit 1 */
	u8 polls; /* reads of LSR since the last byte was sent, up to UART_POLLS */
	/*
	 * The host sends nothing after the bytes in the FIFO; this belongs to the host and is no
	 * state.
	 */
	bool ended;
	unsigned end_sink; /* the journal's sink that sets it */
	unsigned break_sink; /* that of breaks */
	bool thre_pending, timeout_pending;
	u8 fifo[UART_FIFO_SIZE]; /* ring; without FIFOs its one byte is RBR */
	/* a bit for each byte of the ring that is a break which LSR has not reported yet */
	u16 breaks;
	u8 head, count;
};

/* Attaches registers, state, input sink and reset. 0, or bus_attach's error. */
int uart_attach(struct uart *uart, struct platform *platform, u64 base, struct irq irq);

/* Takes a received byte as a polling driver would; returns false if there is none. */
bool uart_poll(struct uart *uart, u8 *byte);

/* Writes the node serial@base; irq is a source of the interrupt controller. */
void uart_node(struct fdt *fdt, u64 base, u32 irq, const struct fdt_intc *intc);

#endif
