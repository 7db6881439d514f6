/* SPDX-License-Identifier: MIT */
/*
 * The NUMA nodes that the device tree describes. The machine is the same whatever they are: all of
 * its memory is equally far from each hart.
 */
#ifndef DEVICES_BOARD_NUMA_H
#define DEVICES_BOARD_NUMA_H

#include "bus/base.h"

#define NUMA_NODES_MAX 8

struct board_numa {
	unsigned count; /* 0: the device tree has no nodes */
	u64 harts[NUMA_NODES_MAX]; /* bit n: hart n is in this node */
	u64 memory[NUMA_NODES_MAX]; /* bytes; RAM begins with node 0. The last has the rest */
	bool has_distances;
	u8 distance[NUMA_NODES_MAX][NUMA_NODES_MAX]; /* from, to; as in ACPI 10 is a node's own */
};

#endif
