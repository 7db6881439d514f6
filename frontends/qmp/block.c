/* SPDX-License-Identifier: MIT */
/*
 * Implements QMP's commands about block devices: they list devices and nodes, and add and delete
 * nodes. Members are in QEMU's order.
 */
#include "frontends/qmp/command.h"

#include <errno.h>
#include <string.h>

#include "devices/board/errors.h"
#include "devices/board/inspect/inspect.h"
#include "devices/board/plug/nodes.h"
#include "frontends/block/blockdev.h"
#include "frontends/qmp/client.h"

/* Returns the description of an image of a backing chain, with those below it; NULL if a name is
 * not UTF-8. */
static json_t *make_image(struct board *board, unsigned n, unsigned level, json_t *snapshots)
{
	struct board_image image;
	json_t *below = NULL, *cluster = NULL;

	if (!board_image(board, n, level, &image))
		return NULL;
	if (image.backing)
		below = make_image(board, n, level + 1, NULL);
	if (image.cluster)
		cluster = json_integer((json_int_t)image.cluster);
	return json_pack("{s:o*, s:s*, s:o*, s:I, s:s, s:o*, s:s, s:I, s:s*, s:s*, s:b}",
			 "backing-image", below, "backing-filename-format", image.backing_format,
			 "snapshots", snapshots, "virtual-size", (json_int_t)image.size, "filename",
			 image.file, "cluster-size", cluster, "format", image.driver, "actual-size",
			 (json_int_t)image.used, "full-backing-filename", image.backing,
			 "backing-filename", image.backing_name, "dirty-flag", false);
}

/* Returns the description of the file under a format's node. */
static json_t *make_file(const struct board_block *block, const char *driver)
{
	return json_pack("{s:I, s:s, s:s, s:I, s:b}", "virtual-size", (json_int_t)block->file_size,
			 "filename", block->file, "format", driver, "actual-size",
			 (json_int_t)block->used, "dirty-flag", false);
}

/* Returns the description of the n-th block's node, or of the node of its file (`below`); NULL if a
 * name is not UTF-8. */
static json_t *make_node(struct board *board, unsigned n, const struct board_block *block,
			 bool below)
{
	static const char *const zeroes[] = { "off", "on", "unmap" };
	static const char *const unlimited[] = { "iops", "bps_wr", "write_threshold" };
	const char *name = below ? block->below : block->node;
	const char *driver = !below ? block->driver : block->block_device ? "host_device" : "file";
	json_t *node = json_object(), *image;
	struct board_image chain = { 0 };

	image = below ? make_file(block, driver) :
			make_image(board, n, 0, qmp_snapshots_of(board, name));
	if (!below)
		board_image(board, n, 0, &chain);
	if (!image) {
		json_decref(node);
		return NULL;
	}
	json_object_set_new(node, "iops_rd", json_integer(0));
	json_object_set_new(node, "detect_zeroes", json_string(zeroes[block->zeroes]));
	json_object_set_new(node, "image", image);
	json_object_set_new(node, "iops_wr", json_integer(0));
	json_object_set_new(node, "ro", json_boolean(block->readonly));
	json_object_set_new(node, "node-name", json_string(name));
	json_object_set_new(node, "backing_file_depth", json_integer(chain.depth));
	json_object_set_new(node, "drv", json_string(driver));
	for (unsigned i = 0; i < ARRAY_SIZE(unlimited); i++)
		json_object_set_new(node, unlimited[i], json_integer(0));
	if (chain.backing)
		json_object_set_new(node, "backing_file", json_string(chain.backing));
	json_object_set_new(node, "encrypted", json_false());
	json_object_set_new(node, "bps", json_integer(0));
	json_object_set_new(node, "bps_rd", json_integer(0));
	json_object_set_new(node, "cache",
			    json_pack("{s:b, s:b, s:b}", "no-flush", false, "direct", false,
				      "writeback", true));
	json_object_set_new(node, "file", json_string(block->file));
	return node;
}

/* Returns the description of a disk that a device uses, or that a device could use by its id. */
static json_t *make_block(struct board *board, unsigned n, const struct board_block *block)
{
	json_t *inserted = make_node(board, n, block, false), *made;

	if (!inserted)
		return NULL;
	made = json_object();
	if (block->user)
		json_object_set_new(made, "io-status",
				    json_string(!block->failed ? "ok" :
						block->full    ? "nospace" :
								 "failed"));
	json_object_set_new(made, "device", json_string(block->id ? block->id : ""));
	json_object_set_new(made, "locked", json_false());
	json_object_set_new(made, "removable", json_boolean(!block->user));
	json_object_set_new(made, "inserted", inserted);
	if (block->user)
		json_object_set_new(made, "qdev", json_string(block->path));
	json_object_set_new(made, "type", json_string("unknown"));
	return made;
}

json_t *qmp_query_block(struct qmp_call *call)
{
	struct board *board = call->qmp->machine->monitor->board;
	json_t *blocks = json_array();
	struct board_block block;

	for (unsigned n = 0; board_block(board, n, &block); n++)
		if (block.id || block.user)
			json_array_append_new(blocks, make_block(board, n, &block));
	return blocks;
}

/* Lists the nodes. The newest one comes first, and a node precedes the node of its file. */
json_t *qmp_query_nodes(struct qmp_call *call)
{
	struct board *board = call->qmp->machine->monitor->board;
	json_t *nodes = json_array();
	struct board_block block;

	for (unsigned n = 0; board_block(board, n, &block); n++) {
		if (block.below)
			json_array_insert_new(nodes, 0, make_node(board, n, &block, true));
		json_array_insert_new(nodes, 0, make_node(board, n, &block, false));
	}
	return nodes;
}

json_t *qmp_blockdev_add(struct qmp_call *call)
{
	struct board *board = call->qmp->machine->monitor->board;
	struct blockdev blockdev = { 0 };
	struct strings strings = { 0 };
	struct board_disk disk;
	struct board_error error;
	int failed = blockdev_object(call->arguments, &blockdev, &strings, &error);

	if (!failed)
		failed = blockdev_disk(&blockdev, &disk, &error);
	if (!failed)
		failed = board_add_node(board, &disk, &error);
	strings_free(&strings);
	if (failed)
		qmp_fail(call, QMP_GENERIC, "%s", error.text);
	return NULL;
}

json_t *qmp_blockdev_del(struct qmp_call *call)
{
	struct board *board = call->qmp->machine->monitor->board;
	struct board_error error;

	if (board_delete_node(board, qmp_text(call->arguments, "node-name"), &error))
		qmp_fail(call, QMP_GENERIC, "%s", error.text);
	return NULL;
}

json_t *qmp_block_resize(struct qmp_call *call)
{
	struct board *board = call->qmp->machine->monitor->board;
	json_int_t size = json_integer_value(json_object_get(call->arguments, "size"));
	struct board_error error;

	if (size < 0)
		qmp_fail(call, QMP_GENERIC, "Parameter 'size' expects a >0 size");
	else if (board_grow_disk(board, qmp_text(call->arguments, "device"),
				 qmp_text(call->arguments, "node-name"), (u64)size, &error))
		qmp_fail(call, QMP_GENERIC, "%s", error.text);
	return NULL;
}

void qmp_report_disk_error(const struct qmp_machine *machine, const struct board_disk_error *error)
{
	static const char *const actions[] = {
		[DISK_REPORT] = "report", [DISK_IGNORE] = "ignore", [DISK_STOP] = "stop",
	};
	const struct disk_failure *failure = error->failure;
	bool reading = !strcmp(failure->operation, "read");

	qmp_broadcast(machine, "BLOCK_IO_ERROR",
		      json_pack("{s:s, s:s, s:s, s:s, s:b, s:s}", "device",
				error->id ? error->id : "", "node-name", error->node, "operation",
				reading ? "read" : "write", "action", actions[failure->action],
				"nospace", failure->error == -ENOSPC, "reason",
				strerror(-failure->error)));
}
