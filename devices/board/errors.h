/* SPDX-License-Identifier: MIT */
/*
 * Disk operations that fail: notifying the frontend, and resuming a machine that stopped for one;
 * and what disks do when the machine stops for another reason.
 * By default a full disk of the host stops the machine and all other errors go to the guest, as in
 * QEMU; but with board_config.unattended, when no user could resume the machine, that one goes to
 * the guest too.
 */
#ifndef DEVICES_BOARD_ERRORS_H
#define DEVICES_BOARD_ERRORS_H

#include "devices/block/disk.h"

struct board;

struct board_disk_error {
	const char *id; /* of the drive; NULL: it is only a node */
	const char *node, *file;
	const struct disk_failure *failure;
};

typedef void board_disk_failed(void *ctx, const struct board_disk_error *error);

/* The state of a board. */
struct board_disk_errors {
	board_disk_failed *failed; /* NULL: there is no notification */
	void *ctx;
	/* The machine stopped for an operation that may not have been tried again yet. */
	bool stopped;
};

/*
 * Sets the function called for each failure, while harts run: for DISK_STOP it has the machine
 * stopped when the slice ends, which is now. NULL: none.
 */
void board_on_disk_error(struct board *board, board_disk_failed *failed, void *ctx);

/*
 * The machine stops: all that was written goes onto the medium, so that a copy of an image is
 * whole, as in QEMU's vm_stop(). A failure is told to the user. Where the machine stops for an
 * operation that is to be tried again, nothing is done: more of them would fail.
 */
void board_settle_disks(struct board *board);

/* Resumes the machine: failed operations that wait are tried again. */
void board_retry_disks(struct board *board);

#endif
