/* SPDX-License-Identifier: MIT */
/*
 * Operations of disks that fail: who is told, and how a machine that stopped for one goes on. By
 * default a full disk of the host's stops it and all other errors are the guest's, as in QEMU; but
 * that one too is the guest's where nobody could have the machine go on (board_config.unattended).
 */
#ifndef DEVICES_BOARD_ERRORS_H
#define DEVICES_BOARD_ERRORS_H

#include "devices/block/disk.h"

struct board;

struct board_disk_error {
	const char *id; /* of the drive; NULL: it is a node alone */
	const char *node, *file;
	const struct disk_failure *failure;
};

typedef void board_disk_failed(void *ctx, const struct board_disk_error *error);

/* Of a board. */
struct board_disk_errors {
	board_disk_failed *failed; /* NULL: nobody is told */
	void *ctx;
	bool stopped; /* for one that is not tried again yet, it may be */
};

/*
 * Who is told of each, while harts run: for DISK_STOP he has the machine stopped when its slice
 * ends, which is now. NULL: nobody, any more.
 */
void board_on_disk_error(struct board *board, board_disk_failed *failed, void *ctx);

/* The machine goes on: what failed and waits is tried again. */
void board_retry_disks(struct board *board);

#endif
