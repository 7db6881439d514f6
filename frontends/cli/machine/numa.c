/* SPDX-License-Identifier: MIT */
/* See cli/machine/numa.h. Names and meaning are QEMU's. */
#include "frontends/cli/machine/numa.h"

#include <errno.h>
#include <string.h>

#include "frontends/cli/machine/memory.h"
#include "frontends/cli/table.h"

#define DISTANCE_LOCAL 10 /* distance of a node from itself, as in ACPI's SLIT */

struct distance_line {
	u64 from, to, value;
};

static int apply_node(struct parser *parser, const char *list)
{
	static const struct key keys[] = {
		{ .name = "nodeid", .kind = KEY_NUMBER, .offset = offsetof(struct numa_line, id),
		  .accepted = "N", .max = NUMA_NODES_MAX - 1 },
		{ .name = "memdev", .kind = KEY_TEXT, .offset = offsetof(struct numa_line, memdev),
		  .accepted = "ID" },
		{ .name = "mem", .kind = KEY_SIZE, .offset = offsetof(struct numa_line, mem),
		  .accepted = "SIZE", .min = BOARD_RAM_MIN, .max = BOARD_RAM_MAX },
		{ .name = "cpus", .kind = KEY_TEXTS, .offset = offsetof(struct numa_line, cpus),
		  .accepted = "N-N" },
	};
	static const struct keyval keyval = { "-numa node", keys, ARRAY_SIZE(keys), NULL };
	struct numa_line line = { .id = parser->numa.count, .given = true };
	int failed = 0;

	if (list)
		failed = keyval_parse(&keyval, list, &line, &parser->options->strings,
				      parser->error);
	if (failed)
		return failed;
	if (parser->numa.count == NUMA_NODES_MAX)
		return keyval_fail(parser->error, "-numa node: more than %d", NUMA_NODES_MAX);
	if (parser->numa.nodes[line.id].given)
		return keyval_fail(parser->error, "-numa node: nodeid=%llu is given twice",
				   line.id);
	parser->numa.nodes[line.id] = line;
	parser->numa.count++;
	return 0;
}

static int apply_distance(struct parser *parser, const char *list)
{
	static const struct key keys[] = {
		{ .name = "src", .kind = KEY_NUMBER, .offset = offsetof(struct distance_line, from),
		  .accepted = "N", .max = NUMA_NODES_MAX - 1 },
		{ .name = "dst", .kind = KEY_NUMBER, .offset = offsetof(struct distance_line, to),
		  .accepted = "N", .max = NUMA_NODES_MAX - 1 },
		{ .name = "val", .kind = KEY_NUMBER,
		  .offset = offsetof(struct distance_line, value), .accepted = "N",
		  .min = DISTANCE_LOCAL, .max = UINT8_MAX },
	};
	static const struct keyval keyval = { "-numa dist", keys, ARRAY_SIZE(keys), NULL };
	struct distance_line line = { 0 };
	int failed = keyval_parse(&keyval, list ? list : "", &line, &parser->options->strings,
				  parser->error);

	if (failed)
		return failed;
	if (!line.value)
		return keyval_fail(parser->error, "-numa dist: needs src=N, dst=N and val=N");
	if (line.from == line.to && line.value != DISTANCE_LOCAL)
		return keyval_fail(parser->error,
				   "-numa dist: the distance of node %llu from itself is %u",
				   line.from, DISTANCE_LOCAL);
	parser->numa.distance[line.from][line.to] = (u8)line.value;
	parser->numa.has_distances = true;
	return 0;
}

int apply_numa(struct parser *parser, const struct option *option, const char *value)
{
	static const struct key type_key = {
		.name = "type", .kind = KEY_WORD, .accepted = "node|dist",
	};
	static const struct keyval keyval = { "-numa", &type_key, 1, "type" };
	/* These parse the rest of the list, in the order of the words of `type`. */
	static int (*const types[])(struct parser *parser, const char *list) = {
		apply_node, apply_distance,
	};
	const char *rest = value, *first = keyval_first(&parser->options->strings, &rest);
	unsigned type = 0;
	int failed = keyval_parse(&keyval, first, &type, &parser->options->strings, parser->error);

	(void)option;
	return failed ? failed : types[type](parser, rest);
}

/* Adds the harts of "N" or "N-N" to a node. */
static int add_harts(struct parser *parser, const char *text, unsigned node)
{
	struct board_config *board = &parser->options->board;
	const char *dash = strchr(text, '-');
	size_t size = dash ? (size_t)(dash - text) : strlen(text);
	u64 first, last, harts;

	if (!keyval_number(strings_add(&parser->options->strings, text, size), &first) ||
	    !keyval_number(dash ? dash + 1 : text, &last) || first > last)
		return keyval_fail(parser->error, "-numa node: cpus=%s: give N or N-N", text);
	if (last >= board->harts)
		return keyval_fail(parser->error,
				   "-numa node: cpus=%s: the machine has harts 0 to %u; -smp gives "
				   "it more",
				   text, board->harts - 1);
	harts = (UINT64_MAX >> (63 - (last - first))) << first;
	for (unsigned n = 0; n < NUMA_NODES_MAX; n++)
		if (board->numa.harts[n] & harts)
			return keyval_fail(parser->error,
					   "-numa node: cpus=%s: node %u has some of these", text,
					   n);
	board->numa.harts[node] |= harts;
	return 0;
}

/* Distributes the harts among the nodes in equal shares, as QEMU does if no cpus= is given. */
static void share_harts(struct board_config *board)
{
	unsigned share = MAX(board->harts / board->numa.count, 1u);

	for (unsigned n = 0; n < board->harts; n++)
		board->numa.harts[MIN(n / share, board->numa.count - 1)] |= BIT(n);
}

static int finish_harts(struct parser *parser)
{
	struct board_config *board = &parser->options->board;
	u64 all = 0;
	int failed = 0;

	for (unsigned n = 0; n < board->numa.count; n++) {
		const struct key_texts *cpus = &parser->numa.nodes[n].cpus;

		for (unsigned i = 0; !failed && i < cpus->count; i++)
			failed = add_harts(parser, cpus->items[i], n);
		all |= board->numa.harts[n];
	}
	if (failed)
		return failed;
	if (!all)
		share_harts(board);
	for (unsigned n = 0; all && n < board->harts; n++)
		if (!(all & BIT(n)))
			return keyval_fail(parser->error,
					   "-numa node: hart %u is in no node; cpus=%u adds it", n,
					   n);
	return 0;
}

static bool have_memory(const struct numa_lines *lines)
{
	for (unsigned n = 0; n < lines->count; n++)
		if (lines->nodes[n].memdev || lines->nodes[n].mem)
			return true;
	return false;
}

/* Finds the memory of a node; without mem= and memdev= it has 0 bytes. */
static int find_node_memory(struct parser *parser, const struct numa_line *line,
			    struct memory_backend *found)
{
	*found = (struct memory_backend){ .size = line->mem, .backing.in_process = true };
	if (line->memdev && line->mem)
		return keyval_fail(parser->error, "-numa node: memdev= and mem= both say what the "
						  "memory is; leave one out");
	return line->memdev ? find_memory(parser, "-numa node: memdev", line->memdev, found) :
			      check_memory(parser, "-numa node: mem", line->mem);
}

/* Adds a node's memory to the memory of all nodes, which is one block on the host. An attribute
 * that any node requests applies to all of it. */
static int join_memory(struct parser *parser, struct memory_backend *all,
		       const struct memory_backend *node)
{
	struct ram_backing *joined = &all->backing;

	if (all->backing.file || node->backing.file)
		return keyval_fail(parser->error,
				   "-numa node: memory in a file (memory-backend-file) goes only "
				   "with a single node; use memory-backend-ram");
	all->size += node->size;
	joined->in_process = joined->in_process && node->backing.in_process;
	joined->share = joined->share || node->backing.share;
	joined->prealloc = joined->prealloc || node->backing.prealloc;
	return 0;
}

static int finish_node_memory(struct parser *parser)
{
	struct board_numa *numa = &parser->options->board.numa;
	struct memory_backend all, node;
	int failed = 0;

	for (unsigned n = 0; !failed && n < numa->count; n++) {
		failed = find_node_memory(parser, &parser->numa.nodes[n], &node);
		numa->memory[n] = node.size;
		if (!failed && n)
			failed = join_memory(parser, &all, &node);
		else
			all = node;
	}
	return failed ? failed : set_memory(parser, "-numa: the memory of all nodes", &all);
}

/* Completes the distances: one that is given in one direction applies to both. */
static int finish_distances(struct parser *parser)
{
	const struct numa_lines *lines = &parser->numa;
	struct board_numa *numa = &parser->options->board.numa;

	numa->has_distances = lines->has_distances;
	for (unsigned n = 0; lines->has_distances && n < NUMA_NODES_MAX * NUMA_NODES_MAX; n++) {
		unsigned from = n / NUMA_NODES_MAX, to = n % NUMA_NODES_MAX;
		u8 given = lines->distance[from][to], back = lines->distance[to][from];
		bool there = MAX(from, to) < numa->count;

		if (given && !there)
			return keyval_fail(parser->error, "-numa dist: there is no node %u",
					   MAX(from, to));
		if (there && from != to && !given && !back)
			return keyval_fail(parser->error,
					   "-numa dist: the distance between nodes %u and %u is "
					   "missing",
					   from, to);
		numa->distance[from][to] = given ? given : back;
		if (from == to)
			numa->distance[from][to] = DISTANCE_LOCAL;
	}
	return 0;
}

/* Completes -numa. The memory of a single node may be given by -m or by -machine memory-backend=
 * instead. */
int finish_numa(struct parser *parser)
{
	const struct numa_lines *lines = &parser->numa;
	bool memory = have_memory(lines);
	int failed = 0;

	if (!lines->count && !lines->has_distances)
		return 0;
	for (unsigned n = 0; n < lines->count; n++)
		if (!lines->nodes[n].given)
			return keyval_fail(parser->error, "-numa node: there is no node %u", n);
	if (memory && parser->memories.id)
		return keyval_fail(parser->error,
				   "-numa: memory of nodes and -machine memory-backend= both "
				   "say what the memory is; leave one out");
	if (lines->count > 1 && !memory)
		return keyval_fail(parser->error,
				   "-numa node: each of several nodes needs memdev=ID or mem=SIZE");
	parser->options->board.numa.count = lines->count;
	if (memory)
		failed = finish_node_memory(parser);
	if (!failed)
		failed = finish_harts(parser);
	return failed ? failed : finish_distances(parser);
}
