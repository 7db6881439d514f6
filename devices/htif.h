/* SPDX-License-Identifier: MIT */
/*
 * HTIF, as bare-metal test programs use it: the program writes a command to its symbol `tohost`,
 * the host answers in `fromhost`. The interface has no trap: board/htif.c says when to look.
 */
#ifndef DEVICES_HTIF_H
#define DEVICES_HTIF_H

#include "bus/platform.h"
#include "devices/chardev.h"

struct symbols;

struct htif {
	struct platform *platform;
	struct chardev *console;
	u64 tohost, fromhost; /* physical addresses; 0: the program has none */
	u8 words; /* of tohost that were written since it was polled: a bit for each */
};

/* Look the two symbols up. */
void htif_find(struct htif *htif, const struct symbols *symbols);

/* Bytes are written in RAM: is all of tohost, once they are? A command may come in two words. */
bool htif_written(struct htif *htif, u64 pa, u64 len);

/* Carry out what tohost asks for: end the machine, or write to the console. */
void htif_poll(struct htif *htif);

#endif
