/* SPDX-License-Identifier: MIT */
/* -numa: which harts and which memory are a NUMA node, and how far nodes are from each other. */
#ifndef FRONTENDS_CLI_MACHINE_NUMA_H
#define FRONTENDS_CLI_MACHINE_NUMA_H

#include "bus/key.h"
#include "devices/board/board.h"

struct option;
struct parser;

/* A -numa node as it was given. */
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
	u8 distance[NUMA_NODES_MAX][NUMA_NODES_MAX]; /* from, to; 0: not given */
	bool has_distances;
};

int apply_numa(struct parser *parser, const struct option *option, const char *value);

/* Makes the nodes those of the machine, if there are any, and their memory the guest's. Called
 * before the size of that is used. Returns 0 or -EINVAL. */
int finish_numa(struct parser *parser);

#endif
