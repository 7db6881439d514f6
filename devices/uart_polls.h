/* SPDX-License-Identifier: MIT */
/*
 * A serial port gives input to a driver that uses no interrupts when the driver has polled for it
 * often enough. Input that comes earlier waits outside, because a driver that starts clears the
 * FIFO.
 *
 * A read of LSR polls for input unless the driver sends a byte within a millisecond: then it made
 * sure that the transmitter is empty. After UART_POLLS polls a driver listens; fewer do not count
 * if it sends 16 bytes for each without polling. It stops listening when it has sent 256 bytes
 * without polling.
 *
 * A kernel's early console polls once after each line, until another driver takes over. So does a
 * program that prints a line, or a screen, and then looks for a key. After three seconds with as
 * many polls, none later than three seconds after the one before it, a driver is taken for such a
 * program, and listens whatever it sends.
 */
#ifndef DEVICES_UART_POLLS_H
#define DEVICES_UART_POLLS_H

#include "bus/base.h"

#define UART_POLLS 16

/* Times are in nanoseconds of the machine's clock. */
struct uart_polls {
	u8 recent; /* how often the driver polled, up to UART_POLLS; less if it stopped */
	u8 all; /* its polls at most three seconds apart, up to UART_POLLS, whatever it sent */
	u64 first, last; /* of these */
	u16 unpolled; /* the bytes that were sent since the last poll */
	bool asked; /* LSR was read after the last byte was sent: */
	u64 asked_at; /* then */
};

/* Note that the driver polled for input, that it read LSR, and that it sends a byte. */
void uart_polls_note(struct uart_polls *polls, u64 now);
void uart_polls_note_asked(struct uart_polls *polls, u64 now);
void uart_polls_note_sent(struct uart_polls *polls, u64 now);

/* Forgets the polls of a driver, because another one may begin. */
void uart_polls_end(struct uart_polls *polls);

/* Returns whether the driver has polled often enough to receive input. */
bool uart_polls_suffice(const struct uart_polls *polls, u64 now);

#endif
