/* SPDX-License-Identifier: MIT */
/* Accessing device registers from outside the harts. */
#ifndef DEVICES_BOARD_INSPECT_PROBE_H
#define DEVICES_BOARD_INSPECT_PROBE_H

#include "bus/base.h"

struct board;

/* A board's last read value. */
struct board_probe_last {
	unsigned sink; /* of the journal */
	bool found;
	u64 value;
};

void board_probe_connect(struct board *board);

/*
 * Reads 1, 2, 4 or 8 bytes of a device's registers by physical address, with the side effects of a
 * load by `hart` of that size, at the time of that hart; false when nothing is there, or the device
 * refuses that size.
 */
bool board_probe(struct board *board, unsigned hart, u64 addr, unsigned size, u64 *value);

/* Writes them likewise, as a hart's store does. */
bool board_probe_store(struct board *board, unsigned hart, u64 addr, unsigned size, u64 value);

#endif
