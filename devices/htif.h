/* SPDX-License-Identifier: MIT */
/*
 * HTIF, as bare-metal test programs use it: the program writes a command to its symbol `tohost`,
 * the host answers in `fromhost`. The interface causes no trap: board/htif.c decides when to look.
 */
#ifndef DEVICES_HTIF_H
#define DEVICES_HTIF_H

#include "bus/platform.h"
#include "devices/chardev.h"

struct htif {
	struct platform *platform;
	struct chardev *console;
	u64 tohost, fromhost; /* physical addresses; 0: the program has none */
	u8 words; /* words of tohost written since it was polled: a bit for each */
};

/*
 * Records a write of RAM; returns true when all of tohost has been written. A command may be
 * written in two words.
 */
bool htif_written(struct htif *htif, u64 pa, u64 len);

/* Carries out the command in tohost: ends the machine, or writes to the console. */
void htif_poll(struct htif *htif);

#endif
