/* SPDX-License-Identifier: MIT */
/* Opening the images that the configuration lists, and what is said when one cannot be used. */
#include "devices/board_parts.h"

#include "devices/qcow2.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int disk_failure(struct board *board, const struct board_disk *disk, int error)
{
	switch (error) {
	case -EISDIR:
		return board_fail(board, 3, "%s: is a folder, not a disk image", disk->file);
	case -ENODATA:
		return board_fail(board, 3, "%s: a disk has at least %u bytes; make one with "
				  "`truncate -s 1G %s`", disk->file, DISK_SECTOR, disk->file);
	case -EBUSY:
		return board_fail(board, 3, "%s: is in use by another machine; stop that one, "
				  "or give both readonly=on", disk->file);
	case -EACCES:
	case -EPERM:
	case -EROFS:
		return board_fail(board, 3, "%s: cannot be opened for %s: %s%s", disk->file,
				  disk->readonly ? "reading" : "writing", strerror(-error),
				  disk->readonly ? "" : "; add readonly=on to -drive");
	case -EILSEQ:
		return board_fail(board, 3, "%s: looks like a qcow2 image; add format=qcow2 to "
				  "-drive, or format=raw if a guest is to see it as it is",
				  disk->file);
	case -ENOTSUP:
		return board_fail(board, 2, "%s: --compare and --restore take raw images alone",
				  disk->file);
	default:
		return board_fail(board, 3, "%s: cannot be opened as a disk: %s", disk->file,
				  strerror(-error));
	}
}

static void disk_report(void *ctx, const char *operation, int error)
{
	const struct board_disk *disk = ctx;

	fprintf(stderr, "baya: %s: %s failed: %s; the guest got an I/O error\n", disk->file,
		operation, strerror(-error));
}

/* The format is what the user says: a guest can write into a raw image what looks like another. */
static int use_format(struct board *board, const struct board_disk *config, struct disk *disk)
{
	char why[QCOW2_WHY] = "";
	int error;

	if (config->format == BOARD_FORMAT_RAW)
		return 0;
	if (config->format == BOARD_FORMAT_UNSAID)
		return qcow2_is(disk->fd) ? -EILSEQ : 0;
	error = disk_use_qcow2(disk, config->file, 0, why);
	if (error == -EINVAL && *why)
		board_fail(board, 3, "%s", why);
	return error;
}

static int make_private(struct board *board, const struct board_disk *config, struct disk *disk)
{
	if (board_copies(&board->config))
		return disk->qcow2 ? -ENOTSUP : disk_make_copy(disk);
	return config->snapshot && !config->readonly ? disk_make_overlay(disk) : 0;
}

static int open_node(struct board *board, struct board_node *node)
{
	const struct board_disk *config = &node->config;
	bool private = board_copies(&board->config) || config->snapshot;
	int error = disk_open(&node->disk, config->file, private || config->readonly);

	if (error < 0)
		return disk_failure(board, config, error);
	board->nodes[board->node_count++] = node;
	error = use_format(board, config, &node->disk);
	if (error == -EINVAL)
		return -1;
	if (!error)
		error = make_private(board, config, &node->disk);
	if (error < 0)
		return disk_failure(board, config, error);
	node->disk.readonly = config->readonly;
	node->disk.report = disk_report;
	node->disk.report_ctx = &node->config;
	return 0;
}

int board_attach_disks(struct board *board)
{
	for (unsigned n = 0; n < board->config.disk_count; n++) {
		struct board_node *node = calloc(1, sizeof(*node));
		unsigned before = board->node_count;

		if (!node)
			return board_fail(board, 3, "not enough host memory for the disks");
		node->config = board->config.disks[n];
		if (open_node(board, node) < 0) {
			if (board->node_count == before)
				free(node);
			return -1;
		}
	}
	return 0;
}

void board_free_disks(struct board *board)
{
	while (board->node_count) {
		struct board_node *node = board->nodes[--board->node_count];

		disk_close(&node->disk);
		free(node);
	}
}

struct board_node *board_find_disk(const struct board *board, const char *id)
{
	for (unsigned n = 0; id && n < board->node_count; n++)
		if (!strcmp(board->nodes[n]->config.id, id))
			return board->nodes[n];
	return NULL;
}

int board_hold_disk(const char *file)
{
	struct disk disk;
	int error = disk_open(&disk, file, false);

	return error ? error : disk.fd;
}
