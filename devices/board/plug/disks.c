/* SPDX-License-Identifier: MIT */
/*
 * Opens the images that the configuration lists or the user adds. The error message for an unusable
 * drive says what to do about it; that for an unusable node has QEMU's wording.
 */
#include "devices/board/errors.h"
#include "devices/board/machine.h"
#include "devices/board/plug/nodes.h"

#include "devices/block/disk_flat.h"
#include "devices/block/disk_format.h"
#include "devices/block/disk_overlay.h"
#include "devices/block/qcow2.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int drive_failure(struct board *board, const struct board_disk *disk, int error)
{
	bool qcow2 = disk->format == BOARD_FORMAT_QCOW2;

	switch (error) {
	case -EISDIR:
		return board_fail(board, 3, "%s: is a folder, not a disk image", disk->file);
	case -ENODATA:
		return board_fail(board, 3, "%s: is empty; make a disk with `%s %s%s`", disk->file,
				  qcow2 ? "qemu-img create -f qcow2" : "truncate -s 1G", disk->file,
				  qcow2 ? " 1G" : "");
	case -EBUSY:
		return board_fail(board, 3,
				  "%s: is in use by another machine, or twice in this one; stop "
				  "that one, or give both readonly=on",
				  disk->file);
	case -EACCES:
	case -EPERM:
	case -EROFS:
		return board_fail(board, 3, "%s: cannot be opened for %s: %s%s", disk->file,
				  disk->readonly ? "reading" : "writing", strerror(-error),
				  disk->readonly ? "" :
						   "; add readonly=on to -drive, "
						   "or -snapshot, which discards writes");
	default:
		return board_fail(board, 3, "%s: cannot be opened as a disk: %s", disk->file,
				  strerror(-error));
	}
}

static int node_failure(struct board *board, const struct board_disk *disk, int error)
{
	switch (error) {
	case -EBUSY:
		return board_fail(board, 3, "Failed to get \"write\" lock: '%s' is in use",
				  disk->file);
	case -EINVAL:
		return board_fail(board, 3,
				  disk->block_device ?
					  "'host_device' driver requires "
					  "'%s' to be either a character or block device" :
					  "'file' driver requires '%s' to be a regular file",
				  disk->file);
	case -ENODATA:
		return board_fail(board, 3, "'%s' is empty", disk->file);
	default:
		return board_fail(board, 3, "Could not open '%s': %s", disk->file,
				  strerror(-error));
	}
}

static int disk_failure(struct board *board, const struct board_disk *disk, int error)
{
	return disk->id ? drive_failure(board, disk, error) : node_failure(board, disk, error);
}

void board_report_failure(const char *file, const struct disk_failure *failure)
{
	static const char *const outcomes[2][DISK_ENOSPC] = {
		{
			[DISK_REPORT] = "the guest got an I/O error",
			[DISK_IGNORE] = "the guest was told that it succeeded",
			[DISK_STOP] = "the machine is stopped; 'cont' in the monitor tries it again",
		},
		{
			[DISK_REPORT] = "the guest got an I/O error, and gets more, at least at each "
					"later flush; what was written last may be lost",
			[DISK_IGNORE] = "the guest was told that it succeeded; what was written last "
					"may be lost",
			[DISK_STOP] = "the machine is stopped, and stops again, at least at each "
				      "later flush; what was written last may be lost",
		},
	};

	if (failure->first)
		fprintf(stderr, "baya: %s: %s%s%s failed: %s; %s\n", file, failure->operation,
			failure->folder ? " of its temporary file in " : "",
			failure->folder ? failure->folder : "", strerror(-failure->error),
			outcomes[failure->lasting][failure->action]);
}

static void disk_report(void *ctx, const struct disk_failure *failure)
{
	const struct board_node *node = ctx;
	const struct board_disk *disk = &node->config;
	const struct board_disk_error report = { disk->id, node->name, disk->file, failure };
	struct board *board = node->board;

	if (failure->closing) {
		fprintf(stderr,
			"baya: %s: cannot be closed well: %s; what was written last may be "
			"missing: see `qemu-img check %s`\n",
			disk->file, strerror(-failure->error), disk->file);
		return;
	}
	board_report_failure(disk->file, failure);
	if (board->disk_errors.failed)
		board->disk_errors.failed(board->disk_errors.ctx, &report);
	if (failure->action != DISK_STOP)
		return;
	board->disk_errors.stopped = true;
	board->platform.stop(board->platform.stop_ctx);
}

void board_on_disk_error(struct board *board, board_disk_failed *failed, void *ctx)
{
	board->disk_errors.failed = failed;
	board->disk_errors.ctx = ctx;
}

void board_set_unattended(struct board *board, bool unattended)
{
	board->disk_errors.unattended = unattended;
}

void board_retry_disks(struct board *board)
{
	board->disk_errors.stopped = false;
	for (unsigned n = 0; n < board->node_count; n++) {
		struct disk *disk = &board->nodes[n]->disk;

		disk->failed = false;
		if (disk->retry)
			disk->retry(disk->user);
	}
}

static void settle(struct board_node *node)
{
	int error = disk_sync(&node->disk);

	if (error && !node->unsettled)
		fprintf(stderr,
			"baya: %s: cannot be flushed as the machine stops: %s; a copy of the file "
			"may lack what was written last\n",
			node->config.file, strerror(-error));
	node->unsettled = error;
}

void board_settle_disks(struct board *board)
{
	if (board->disk_errors.stopped)
		return;
	for (unsigned n = 0; n < board->node_count; n++)
		settle(board->nodes[n]);
}

/*
 * Refuses an image that is not raw if the user has not named its format: a guest that wrote to it
 * as a raw disk would destroy it.
 */
static int check_raw(struct board *board, const struct board_disk *config, const struct disk *disk)
{
	const char *format = disk_format(disk->fd);

	if (!format)
		return 0;
	if (!strcmp(format, "qcow2"))
		return board_fail(board, 3,
				  "%s: looks like a qcow2 image; add format=qcow2 to "
				  "-drive, or format=raw if a guest is to see it as it is",
				  config->file);
	return board_fail(
		board, 3,
		"%s: looks like a %s image; `qemu-img convert -O qcow2` copies it into a "
		"file that Baya can use, or add format=raw to -drive if a guest is to see "
		"it as it is",
		config->file, format);
}

/*
 * Uses the format that the user names. It is not detected from the image, because a guest can write
 * another format's header into a raw image.
 */
static int use_format(struct board *board, const struct board_disk *config, struct disk *disk)
{
	char why[QCOW2_WHY] = "";
	int error;

	if (config->format == BOARD_FORMAT_UNSAID)
		return check_raw(board, config, disk);
	if (config->format != BOARD_FORMAT_QCOW2)
		return 0;
	if (!config->id && !qcow2_is(disk->fd))
		return board_fail(board, 3, "Image is not in qcow2 format");
	error = disk_use_qcow2(disk, config->file, 0, why);
	if (!error && qcow2_loses_bitmaps(disk->qcow2))
		fprintf(stderr,
			"baya: %s: its dirty bitmaps become inconsistent when something is written; "
			"readonly=on or -snapshot leaves them as they are\n",
			config->file);
	return error == -EINVAL && *why ? board_fail(board, 3, "%s", why) : error;
}

/* Reports that the file which keeps the writes of a disk cannot be made. */
static int temporary_failure(struct board *board, const struct board_disk *config, int error)
{
	const char *option = board->config.compare ? "--compare" :
			     board->config.restore ? "--restore" :
						     "-snapshot";

	if (error == -EINVAL)
		return board_fail(board, 3, "%s: " QCOW2_BAD_SNAPSHOTS, config->file);
	return board_fail(board, 3,
			  "%s: its temporary file for %s cannot be created in %s: %s; set "
			  "TMPDIR to another folder",
			  config->file, option, disk_overlay_folder(), strerror(-error));
}

static int make_private(struct board *board, const struct board_disk *config, struct disk *disk)
{
	const bool copies = board_copies(&board->config);
	int error = 0;

	if (copies && disk->qcow2)
		error = disk_make_flat(disk);
	else if (!copies && config->snapshot && !config->readonly)
		error = disk_make_overlay(disk);
	if (error && error != -ENOMEM)
		return temporary_failure(board, config, error);
	return error || !copies ? error : disk_make_copy(disk);
}

/* Checks that a node is a regular file or a block device, whichever its driver requires. */
static int disks_check_kind(const struct board_disk *config, const struct disk *disk)
{
	struct stat st;

	if (config->id)
		return 0;
	if (fstat(disk->fd, &st))
		return -errno;
	return !S_ISBLK(st.st_mode) == config->block_device ? -EINVAL : 0;
}

static int open_file(struct board *board, struct board_disk *config, struct disk *disk)
{
	bool private = board_copies(&board->config) || config->snapshot;
	int error = disk_open(disk, config->file, private || config->readonly);

	if (config->readonly_if_must && (error == -EACCES || error == -EROFS || error == -EPERM)) {
		config->readonly = true;
		error = disk_open(disk, config->file, true);
	}
	if (error)
		return error;
	error = disks_check_kind(config, disk);
	if (error)
		disk_close(disk);
	return error;
}

int board_open_disk(struct board *board, struct board_node *node)
{
	struct board_disk *config = &node->config;
	struct disk *disk = &node->disk;
	int error = node->below ? disk_open_again(disk, &node->below->disk, config->readonly) :
				  open_file(board, config, disk);

	if (error < 0)
		return disk_failure(board, config, error);
	*board->error->text = 0;
	error = use_format(board, config, disk);
	if (!error)
		error = make_private(board, config, disk);
	if (error < 0) {
		disk_close(disk);
		return *board->error->text ? -1 : disk_failure(board, config, error);
	}
	disk->readonly = config->readonly;
	disk->keeps_discarded = config->keeps_discarded;
	disk->zeroes = config->zeroes;
	disk->report = disk_report;
	disk->report_ctx = node;
	disk->unattended = &board->disk_errors.unattended;
	node->board = board;
	return 0;
}

int board_hold_disk(const char *file)
{
	struct disk disk;
	int error = disk_open(&disk, file, false);

	return error ? error : disk.fd;
}
