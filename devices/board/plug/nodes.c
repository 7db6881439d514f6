/* SPDX-License-Identifier: MIT */
/*
 * Keeps the list of open images, with their names and their users, and refuses changes that are not
 * possible.
 */
#include "devices/board/plug/nodes.h"

#include "devices/block/disk_commit.h"
#include "devices/block/qcow2.h"
#include "devices/board/machine.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

struct board_node *board_find_disk(const struct board *board, const char *name)
{
	for (unsigned n = 0; n < board->node_count; n++)
		if (same(board->nodes[n]->config.id, name) || same(board->nodes[n]->name, name))
			return board->nodes[n];
	return NULL;
}

/* Finds the node whose protocol node, the node of its file, has this name. */
static struct board_node *find_above(const struct board *board, const char *name)
{
	for (unsigned n = 0; n < board->node_count; n++)
		if (same(board->nodes[n]->below_name, name))
			return board->nodes[n];
	return NULL;
}

bool board_is_identifier(const char *name)
{
	size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789-._");

	return isalpha((unsigned char)*name) && !name[size];
}

static int check_name(struct board *board, const char *name)
{
	const struct board_node *node = board_find_disk(board, name);

	if (!board_is_identifier(name))
		return board_fail(board, 2, "Invalid node-name: '%.200s'", name);
	if (node && same(node->config.id, name))
		return board_fail(board, 2, "node-name=%.200s is conflicting with a device id",
				  name);
	if (node || find_above(board, name))
		return board_fail(board, 2, "Duplicate nodes with node-name='%.200s'", name);
	if (strlen(name) >= BOARD_NODE_NAME_MAX)
		return board_fail(board, 2, "Node name too long");
	return 0;
}

/* Generates a name that users cannot choose, as QEMU does. */
static void make_name(struct board *board, char name[BOARD_NODE_NAME_MAX])
{
	unsigned n = board->names_made++;

	snprintf(name, BOARD_NODE_NAME_MAX, "#block%u%02u", n, (n + 1) * 37 % 100);
}

/* Finds the node that config->below names, which must exist and not be in use. */
static int find_below(struct board *board, struct board_node *node)
{
	const struct board_disk *config = &node->config;
	struct board_node *below = board_find_disk(board, config->below);

	if (!below && find_above(board, config->below))
		return board_fail(board, 2, "Node %.200s is in use", config->below);
	if (!below)
		return board_fail(board, 2, "Cannot find device='%.200s' nor node-name='%.200s'",
				  config->below, config->below);
	if (below->config.format != BOARD_FORMAT_FILE)
		return board_fail(board, 2, "Node %.200s is not a file", config->below);
	if (below->above || below->user)
		return board_fail(board, 2, "Node %.200s is in use", config->below);
	if (below->disk.readonly && !config->readonly)
		return board_fail(board, 2, "Block node is read-only");
	node->below = below;
	node->config.file = below->config.file;
	node->config.keeps_discarded |= below->config.keeps_discarded;
	return 0;
}

static int name_node(struct board *board, struct board_node *node)
{
	const struct board_disk *config = &node->config;
	bool with_file = config->file && config->format != BOARD_FORMAT_FILE;

	if (config->id && (board_find_disk(board, config->id) || find_above(board, config->id)))
		return board_fail(board, 2,
				  "Device name '%.200s' conflicts with an existing node name",
				  config->id);
	if (with_file && config->below && check_name(board, config->below) < 0)
		return -1;
	if (config->node && check_name(board, config->node) < 0)
		return -1;
	if (with_file && same(config->node, config->below))
		return board_fail(board, 2, "Duplicate nodes with node-name='%s'", config->node);
	if (with_file && config->below)
		snprintf(node->below_name, sizeof(node->below_name), "%s", config->below);
	else if (with_file)
		make_name(board, node->below_name);
	if (config->node)
		snprintf(node->name, sizeof(node->name), "%s", config->node);
	else
		make_name(board, node->name);
	return 0;
}

static int open_node(struct board *board, struct board_node *node)
{
	if (board->node_count == BOARD_DISKS_MAX)
		return board_fail(board, 2, "a machine has at most %d disks", BOARD_DISKS_MAX);
	if (name_node(board, node) < 0 || (!node->config.file && find_below(board, node) < 0))
		return -1;
	node->id = node->config.id ? strdup(node->config.id) : NULL;
	node->file = strdup(node->config.file);
	if (!node->file || (node->config.id && !node->id))
		return board_no_memory(board, "not enough host memory for the disks");
	node->config.id = node->id;
	node->config.file = node->file;
	return board_open_disk(board, node);
}

static void free_node(struct board_node *node)
{
	free(node->id);
	free(node->file);
	free(node);
}

static int nodes_add(struct board *board, const struct board_disk *config)
{
	struct board_node *node = calloc(1, sizeof(*node));

	if (!node)
		return board_no_memory(board, "not enough host memory for the disks");
	node->config = *config;
	if (open_node(board, node) < 0) {
		free_node(node);
		return -1;
	}
	if (node->below)
		node->below->above = node;
	node->config.node = node->config.below = NULL;
	board->nodes[board->node_count++] = node;
	return 0;
}

int board_attach_disks(struct board *board)
{
	for (unsigned n = 0; n < board->config.disk_count; n++)
		if (nodes_add(board, &board->config.disks[n]) < 0)
			return -1;
	return 0;
}

static void close_node(struct board_node *node)
{
	disk_close(&node->disk);
	if (node->below)
		node->below->above = NULL;
	free_node(node);
}

void board_free_disks(struct board *board)
{
	while (board->node_count)
		close_node(board->nodes[--board->node_count]);
}

int board_add_node(struct board *board, const struct board_disk *config, struct board_error *error)
{
	board->error = error;
	if (board_is_fixed(board))
		return board_fail(board, 2,
				  "disks cannot be added under --compare, --restore and rr=");
	return nodes_add(board, config);
}

static int check_free(struct board *board, const char *name)
{
	const struct board_node *node = board_find_disk(board, name);

	if (node && same(node->config.id, name))
		node = NULL;
	if (!node && find_above(board, name))
		return board_fail(board, 2, "Node %.200s is not owned by the monitor", name);
	if (!node)
		return board_fail(board, 2, "Failed to find node with node-name='%.200s'", name);
	if (node->config.id || node->user)
		return board_fail(board, 2, "Node %.200s is in use", name);
	if (node->above)
		return board_fail(board, 2, "Block device %.200s is in use", name);
	return 0;
}

int board_delete_node(struct board *board, const char *name, struct board_error *error)
{
	unsigned n = 0;
	bool lost;
	int failed;

	board->error = error;
	if (check_free(board, name) < 0)
		return -1;
	while (strcmp(board->nodes[n]->name, name))
		n++;
	/*
	 * On failure the node stays, to be deleted when there is space: closing it now would lose
	 * data. If all flushes fail because of an earlier error, it has been reported then.
	 */
	lost = disk_is_broken(&board->nodes[n]->disk);
	failed = disk_sync(&board->nodes[n]->disk);
	if (failed && !lost)
		return board_fail(board, 3, "Node %.200s stays open: %.200s cannot be written: %s",
				  name, board->nodes[n]->config.file, strerror(-failed));
	close_node(board->nodes[n]);
	board->node_count--;
	memmove(&board->nodes[n], &board->nodes[n + 1],
		(board->node_count - n) * sizeof(board->nodes[0]));
	return 0;
}

int board_grow_disk(struct board *board, const char *drive, const char *name, u64 size,
		    struct board_error *error)
{
	struct board_node *node = board_find_disk(board, drive);
	char why[QCOW2_WHY];

	board->error = error;
	if (board_is_fixed(board))
		return board_fail(board, 2, "disks cannot grow under --compare, --restore and rr=");
	if (!node)
		node = board_find_disk(board, name);
	if (!node)
		return board_fail(board, 2, "Cannot find device='%.200s' nor node-name='%.200s'",
				  drive ? drive : "", name ? name : "");
	if (node->above)
		return board_fail(board, 2, "Block device %.200s is in use", node->name);
	if (node->disk.readonly)
		return board_fail(board, 2, "Image is read-only");
	if (disk_grow(&node->disk, size, why))
		return board_fail(board, 3, "Disk '%.200s' %s", node->config.file, why);
	/* A raw disk and its file have the same size. */
	if (node->below && node->config.format != BOARD_FORMAT_QCOW2)
		node->below->disk.sectors = node->disk.sectors;
	return 0;
}

static int commit_node(struct board *board, struct board_node *node)
{
	char why[QCOW2_WHY];
	int error = disk_commit(&node->disk, node->config.file, why);

	if (!error && *why)
		fprintf(stderr, "baya: %s\n", why);
	if (!error)
		return 0;
	return board_fail(board, 3, "'%.200s' cannot be committed: %s",
			  node->config.id ? node->config.id : node->name, why);
}

/* Commits all disks that can be committed. If several fail, the first error is reported. */
static int commit_all(struct board *board)
{
	struct board_error first;
	int failed = 0;

	for (unsigned n = 0; n < board->node_count; n++) {
		if (!disk_can_commit(&board->nodes[n]->disk) ||
		    !commit_node(board, board->nodes[n]))
			continue;
		if (!failed)
			first = *board->error;
		failed = -1;
	}
	if (failed)
		*board->error = first;
	return failed;
}

int board_commit_disks(struct board *board, const char *name, struct board_error *error)
{
	struct board_node *one = board_find_disk(board, name);

	board->error = error;
	if (board_is_fixed(board))
		return board_fail(board, 2,
				  "disks cannot be committed under --compare, --restore and rr=");
	if (name && !one)
		return board_fail(board, 2, "Device '%.200s' not found", name);
	if (one && !disk_can_commit(&one->disk))
		return board_fail(board, 2, "'%.200s' cannot be committed: %s", name,
				  one->disk.readonly ?
					  "it is read-only" :
					  "it has neither -snapshot nor a backing file");
	if (one)
		return commit_node(board, one);
	return commit_all(board);
}

struct disk *board_take_disk(struct device_setup *setup, const char *name)
{
	struct board_node *node = board_find_disk(setup->context->ctx, name);

	if (!node)
		device_fail(setup, -ENOENT,
			    "Property 'virtio-blk-device.drive' can't find value '%.200s'", name);
	else if (node->user && same(node->config.id, name))
		device_fail(setup, -EBUSY, "Drive '%.200s' is already in use by another device",
			    name);
	else if (node->user || node->above)
		device_fail(setup, -EBUSY, "Permission conflict on node '%.200s': it is in use",
			    name);
	else
		node->user = setup->name;
	return node && node->user == setup->name ? &node->disk : NULL;
}

void board_give_disks(struct board *board, const char *user)
{
	for (unsigned n = 0; n < board->node_count; n++)
		if (board->nodes[n]->user == user)
			board->nodes[n]->user = NULL;
}
