/* SPDX-License-Identifier: MIT */
/* Accesses device registers from outside the harts, for the monitor and debuggers. */
#ifndef DEVICES_BOARD_INSPECT_PROBE_H
#define DEVICES_BOARD_INSPECT_PROBE_H

#include "bus/base.h"

struct board;

/* The result of a board's last access. */
struct board_probe_last {
	unsigned sink; /* of the journal */
	bool found;
	u64 value;
};

/* Registers the journal's sink for these accesses. */
void board_probe_connect(struct board *board);

/*
 * Reads 1, 2, 4 or 8 bytes of a device's registers by physical address, with the side effects that
 * a load of that size by `hart` would have at that hart's time. Returns false if nothing is at the
 * address, or if the device refuses the access.
 */
bool board_probe(struct board *board, unsigned hart, u64 addr, unsigned size, u64 *value);

/* Writes 1, 2, 4 or 8 bytes in the same way, as a store of the hart would. */
bool board_probe_store(struct board *board, unsigned hart, u64 addr, unsigned size, u64 value);

#endif
