/* SPDX-License-Identifier: MIT */
/* Device registers that somebody reads who is no hart. */
#ifndef DEVICES_BOARD_INSPECT_PROBE_H
#define DEVICES_BOARD_INSPECT_PROBE_H

#include "bus/base.h"

struct board;

/* Of a board: what the last read gave. */
struct board_probe_last {
	unsigned sink; /* of the journal */
	bool found;
	u64 value;
};

void board_probe_connect(struct board *board);

/*
 * Read 1, 2, 4 or 8 bytes of a device's registers by physical address, with the effects that a
 * hart's load of that size has; false when nothing is there, or refuses that size.
 */
bool board_probe(struct board *board, u64 addr, unsigned size, u64 *value);

#endif
