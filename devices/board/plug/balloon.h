/* SPDX-License-Identifier: MIT */
/* The machine's memory balloon: how much memory the guest has, and is to have. */
#ifndef DEVICES_BOARD_PLUG_BALLOON_H
#define DEVICES_BOARD_PLUG_BALLOON_H

#include "bus/base.h"

struct board;

struct board_balloon {
	u64 ram_size; /* bytes, as all that follow */
	u64 actual; /* that the guest has, outside the balloon */
	u64 returned; /* that went back to the host, all in all */
};

/* False: the machine has none. */
bool board_balloon(struct board *board, struct board_balloon *balloon);

/* Have the guest's driver leave it so many bytes of memory. */
bool board_balloon_want(struct board *board, u64 bytes);

/* The n-th statistic that the driver told: its name and value; false: there are no more. */
bool board_balloon_stat(struct board *board, unsigned n, const char **name, u64 *value);

/* Ask it for new ones. */
void board_balloon_ask(struct board *board);

#endif
