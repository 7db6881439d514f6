/* SPDX-License-Identifier: MIT */
/*
 * The host-target interface (HTIF) as bare-metal test programs use it: the program writes a command
 * to its symbol `tohost`, and the host answers in `fromhost`. A command causes no trap;
 * board/htif.c decides when to read it.
 */
#ifndef DEVICES_HTIF_H
#define DEVICES_HTIF_H

#include "bus/platform.h"

struct uart;

#define HTIF_REPORTED 32

struct htif {
	struct platform *platform;
	struct uart *console;
	u64 tohost, fromhost; /* physical addresses; 0: the program has none */
	u8 words; /* one bit per 32-bit word of tohost: it was written since the last htif_poll */
	u32 reads; /* how many bytes from the console were requested and not received yet */
	/*
	 * The commands and system calls that were logged as not implemented, so that each is logged
	 * once. Not part of the state.
	 */
	u64 reported[HTIF_REPORTED];
	unsigned reported_count;
};

/*
 * Records a write to RAM. Returns whether all of tohost has been written; a command may be written
 * as two words.
 */
bool htif_written(struct htif *htif, u64 pa, u64 len);

/* Executes the command in tohost: ends the machine, or writes to or reads from the console. */
void htif_poll(struct htif *htif);

/* Answers a requested read with a byte that the console has received, if fromhost is free. */
void htif_receive(struct htif *htif);

#endif
