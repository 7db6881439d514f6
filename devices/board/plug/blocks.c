/* SPDX-License-Identifier: MIT */
/* Describes a machine's disk images, for programs and for people. */
#include "devices/board/inspect/inspect.h"

#include "bus/clock.h"
#include "devices/printable.h"
#include "devices/block/qcow2.h"
#include "devices/board/machine.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *driver_of(const struct board_disk *config)
{
	switch (config->format) {
	case BOARD_FORMAT_QCOW2:
		return "qcow2";
	case BOARD_FORMAT_FILE:
		return config->block_device ? "host_device" : "file";
	default:
		return "raw";
	}
}

/*
 * Finds the path in QEMU's object model of the device that uses the image. For a disk on PCIe it is
 * the path of the virtio device within the PCIe device.
 */
static void find_path(const struct board *board, struct board_block *block)
{
	unsigned anonymous = 0;

	for (unsigned n = 0; block->user && n < board->device_count; n++) {
		const struct board_device *device = board->devices[n];
		const char *part = device->config->transport == DEVICE_PCI ? "/virtio-backend" : "";
		const char *id = device->config->id;

		if (device->name != block->user)
			anonymous += !id;
		else if (!id)
			snprintf(block->path, sizeof(block->path),
				 "/machine/peripheral-anon/device[%u]%s", anonymous, part);
		else if (!*part)
			snprintf(block->path, sizeof(block->path), "%s", id);
		else
			snprintf(block->path, sizeof(block->path), "/machine/peripheral/%.50s%s",
				 id, part);
	}
}

bool board_block(struct board *board, unsigned n, struct board_block *block)
{
	const struct board_node *node;
	struct stat st = { 0 };

	if (n >= board->node_count)
		return false;
	node = board->nodes[n];
	if (stat(node->config.file, &st))
		st.st_size = st.st_blocks = 0;
	*block = (struct board_block){
		.id = node->config.id,
		.node = node->name,
		.below = *node->below_name ? node->below_name : NULL,
		.file = node->config.file,
		.driver = driver_of(&node->config),
		.block_device = node->config.block_device,
		.user = node->user,
		.size = node->disk.sectors * DISK_SECTOR,
		.file_size = align_up((u64)st.st_size, DISK_SECTOR),
		.used = (u64)st.st_blocks * DISK_SECTOR,
		.readonly = node->disk.readonly,
		.dropped = node->disk.copy || node->disk.base,
		.failed = node->disk.failed,
		.full = node->disk.error == -ENOSPC,
		.zeroes = node->disk.zeroes,
	};
	find_path(board, block);
	return true;
}

/* Finds the backing image of a disk's image. Returns whether there is one. */
static bool find_below(const struct disk *disk, struct qcow2_backing *below)
{
	return disk->qcow2 && qcow2_backing(disk->qcow2, below);
}

/* Fills in the facts about an image that are in its own header and tables. */
static void describe_qcow2(const struct disk *disk, struct board_image *image)
{
	struct qcow2_backing below;

	image->cluster = qcow2_cluster(disk->qcow2);
	if (!find_below(disk, &below))
		return;
	image->backing = below.path;
	image->backing_name = below.name;
	image->backing_format = below.format;
	do
		image->depth++;
	while (find_below(below.disk, &below));
}

bool board_image(struct board *board, unsigned n, unsigned level, struct board_image *image)
{
	struct qcow2_backing below;
	const struct disk *disk;
	struct board_block block;
	struct stat st;

	if (!board_block(board, n, &block))
		return false;
	disk = &board->nodes[n]->disk;
	disk = disk->base ? disk->base : disk;
	*image = (struct board_image){ .file = block.file, .driver = block.driver,
				       .used = block.used };
	for (; level; level--) {
		if (!find_below(disk, &below))
			return false;
		disk = below.disk;
		image->file = below.path;
		image->driver = below.format;
		image->used = fstat(disk->fd, &st) ? 0 : (u64)st.st_blocks * DISK_SECTOR;
	}
	image->size = disk->sectors * DISK_SECTOR;
	if (disk->qcow2)
		describe_qcow2(disk, image);
	return true;
}

void board_info_block(struct board *board, void *file)
{
	struct board_block block;
	struct board_image image;
	char backing[1024];
	unsigned n;

	for (n = 0; board_block(board, n, &block); n++) {
		fprintf(file, block.id ? "%s (%s): " : "%s%s: ", block.id ? block.id : "",
			block.node);
		fprintf(file, "%s (%s%s%s)\n    %llu bytes%s\n", block.file, block.driver,
			block.readonly ? ", read-only" : "",
			block.dropped ? ", what is written is dropped" : "", block.size,
			block.failed ? "; an operation has failed" : "");
		if (*block.path)
			fprintf(file, "    Attached to:      %s\n", block.path);
		fprintf(file, "    Cache mode:       writeback\n");
		if (!board_image(board, n, 0, &image) || !image.backing)
			continue;
		printable_copy(backing, sizeof(backing), image.backing);
		fprintf(file, "    Backing file:     %s (chain depth: %u)\n", backing, image.depth);
	}
	if (!n)
		fprintf(file, "no disks\n");
}

/* The format is QEMU's. Requests are never merged, so the counts of merged ones are 0. */
void board_info_blockstats(struct board *board, void *file)
{
	for (unsigned n = 0; n < board->node_count; n++) {
		const struct board_node *node = board->nodes[n];
		const struct disk_counts *counts = &node->disk.counts;
		const char *name = node->config.id ? node->config.id : node->name;

		if (node->above)
			continue;
		fprintf(file,
			"%s: rd_bytes=%llu wr_bytes=%llu rd_operations=%llu "
			"wr_operations=%llu flush_operations=%llu wr_total_time_ns=%llu "
			"rd_total_time_ns=%llu flush_total_time_ns=%llu rd_merged=0 "
			"wr_merged=0 idle_time_ns=%llu\n",
			name, counts->of[DISK_READ].bytes, counts->of[DISK_WRITE].bytes,
			counts->of[DISK_READ].operations, counts->of[DISK_WRITE].operations,
			counts->of[DISK_FLUSH].operations, counts->of[DISK_WRITE].ns,
			counts->of[DISK_READ].ns, counts->of[DISK_FLUSH].ns,
			counts->last ? clock_host_ns() - counts->last : 0);
	}
}
