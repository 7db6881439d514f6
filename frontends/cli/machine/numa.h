/* SPDX-License-Identifier: MIT */
/*
 * Implements -numa: which harts and which memory belong to each NUMA node, and the distances
 * between nodes.
 */
#ifndef FRONTENDS_CLI_MACHINE_NUMA_H
#define FRONTENDS_CLI_MACHINE_NUMA_H

#include "bus/key.h"
#include "devices/board/board.h"

struct option;
struct parser;

/* One -numa node, as written. */
struct numa_line {
	u64 id;
	const char *memdev; /* NULL: not given */
	u64 mem; /* bytes; 0: not given */
	struct key_texts cpus;
	bool given;
};

struct numa_lines {
	struct numa_line nodes[NUMA_NODES_MAX];
	unsigned count;
	u8 distance[NUMA_NODES_MAX][NUMA_NODES_MAX]; /* by the nodes from and to; 0: not given */
	bool has_distances;
};

int apply_numa(struct parser *parser, const struct option *option, const char *value);

/*
 * Gives the machine the nodes that were given, if any, and makes their memory the guest's. Called
 * before the memory's size is used. Returns 0 or -EINVAL.
 */
int finish_numa(struct parser *parser);

#endif
