/* SPDX-License-Identifier: MIT */
/* Counts how often the driver of a serial port polls for input (see uart_polls.h). */
#include "devices/uart_polls.h"

/* Up to 100 instructions are between a read of LSR and a byte: 100 us with -icount shift=10. */
#define SEND_NS 1000000ull
#define POLLING_NS 3000000000ull

enum { LEAST_UNPOLLED = 16, MOST_UNPOLLED = 256 };

void uart_polls_note(struct uart_polls *polls, u64 now)
{
	if (now - polls->last >= POLLING_NS)
		polls->all = 0;
	if (polls->all == 0)
		polls->first = now;
	if (polls->all < UART_POLLS)
		polls->all++;
	if (polls->recent < UART_POLLS)
		polls->recent++;
	polls->last = now;
	polls->unpolled = 0;
}

void uart_polls_note_asked(struct uart_polls *polls, u64 now)
{
	if (polls->asked)
		uart_polls_note(polls, now);
	polls->asked = true;
	polls->asked_at = now;
}

void uart_polls_note_sent(struct uart_polls *polls, u64 now)
{
	if (polls->asked && now - polls->asked_at > SEND_NS)
		uart_polls_note(polls, now);
	polls->asked = false;
	polls->unpolled++;
	if (polls->recent == UART_POLLS && polls->unpolled >= MOST_UNPOLLED)
		polls->recent = 0;
	else if (polls->recent && polls->recent < UART_POLLS &&
		 polls->unpolled % LEAST_UNPOLLED == 0)
		polls->recent--;
}

void uart_polls_end(struct uart_polls *polls)
{
	polls->recent = polls->all = 0;
}

bool uart_polls_suffice(const struct uart_polls *polls, u64 now)
{
	if (polls->recent == UART_POLLS)
		return true;
	return polls->all == UART_POLLS && polls->last - polls->first >= POLLING_NS &&
	       now - polls->last < POLLING_NS;
}
