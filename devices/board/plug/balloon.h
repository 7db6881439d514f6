/* SPDX-License-Identifier: MIT */
/* The machine's memory balloon (virtio-balloon): the guest's present and requested memory. */
#ifndef DEVICES_BOARD_PLUG_BALLOON_H
#define DEVICES_BOARD_PLUG_BALLOON_H

#include "bus/base.h"

struct board;

struct board_balloon {
	u64 ram_size; /* bytes, like all sizes below */
	u64 actual; /* the guest's memory that is not in the balloon */
	u64 returned; /* total that was given back to the host */
};

/* Describes the balloon. Returns false if the machine has none. */
bool board_balloon(struct board *board, struct board_balloon *balloon);

/*
 * Asks the guest's driver to change the balloon such that the guest has `bytes` bytes of memory.
 * Returns false if there is no balloon.
 */
bool board_balloon_want(struct board *board, u64 bytes);

/*
 * Gets the name and the value of the n-th statistic that the driver reported. Returns false if
 * there are fewer.
 */
bool board_balloon_stat(struct board *board, unsigned n, const char **name, u64 *value);

/* Asks the driver for new statistics. */
void board_balloon_ask(struct board *board);

#endif
