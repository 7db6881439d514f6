/* SPDX-License-Identifier: MIT */
/*
 * HTIF, as bare-metal test programs use it: the program writes a command to its symbol `tohost`,
 * and the host answers in `fromhost`. A command causes no trap; board/htif.c decides when to look
 * for one.
 */
#ifndef DEVICES_HTIF_H
#define DEVICES_HTIF_H

#include "bus/platform.h"

struct uart;

#define HTIF_TOLD 32

struct htif {
	struct platform *platform;
	struct uart *console;
	u64 tohost, fromhost; /* physical addresses; 0: the program has none */
	u8 words; /* a bit for each word of tohost that was written since it was polled */
	u32 reads; /* how many bytes of the console were requested and have not come */
	/* The addresses that were logged as unknown; they belong to the log and are no state. */
	u64 told[HTIF_TOLD];
	unsigned told_count;
};

/*
 * Records a write of RAM; returns true when all of tohost has been written. A command may be
 * written in two words.
 */
bool htif_written(struct htif *htif, u64 pa, u64 len);

/* Carries out the command in tohost: ends the machine, or writes to or reads from the console. */
void htif_poll(struct htif *htif);

/* Answers a read with a byte that the console has received, when fromhost is free. */
void htif_receive(struct htif *htif);

#endif
