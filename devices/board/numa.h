/* SPDX-License-Identifier: MIT */
/*
 * The NUMA nodes that the device tree describes. They do not affect how the machine behaves: all of
 * its memory is equally far from each hart.
 */
#ifndef DEVICES_BOARD_NUMA_H
#define DEVICES_BOARD_NUMA_H

#include "bus/base.h"

#define NUMA_NODES_MAX 8

struct board_numa {
	unsigned count; /* 0: the device tree has no nodes */
	u64 harts[NUMA_NODES_MAX]; /* bit n: hart n is in this node */
	/* bytes; node 0 is at the start of RAM, and the last node has what is left */
	u64 memory[NUMA_NODES_MAX];
	bool has_distances;
	/* [from][to]; as in ACPI, the distance of a node from itself is 10 */
	u8 distance[NUMA_NODES_MAX][NUMA_NODES_MAX];
};

#endif
