/* SPDX-License-Identifier: MIT */
/* The machine's memory balloon: the guest's current and requested memory. */
#ifndef DEVICES_BOARD_PLUG_BALLOON_H
#define DEVICES_BOARD_PLUG_BALLOON_H

#include "bus/base.h"

struct board;

struct board_balloon {
	u64 ram_size; /* bytes, like all sizes below */
	u64 actual; /* memory of the guest, outside the balloon */
	u64 returned; /* total given back to the host */
};

/* Describes the balloon. False: the machine has none. */
bool board_balloon(struct board *board, struct board_balloon *balloon);

/*
 * Requests the guest's driver to leave the guest `bytes` bytes of memory. Returns false if there is
 * no balloon.
 */
bool board_balloon_want(struct board *board, u64 bytes);

/* Returns the driver's n-th statistic: its name and value; false: there are no more. */
bool board_balloon_stat(struct board *board, unsigned n, const char **name, u64 *value);

/* Requests new statistics of the driver. */
void board_balloon_ask(struct board *board);

#endif
