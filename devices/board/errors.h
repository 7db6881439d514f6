/* SPDX-License-Identifier: MIT */
/*
 * Disk operations that fail. The frontend is notified, and a machine that stopped because of one
 * can be resumed. Also, what disks do when the machine stops for another reason. As in QEMU, a full
 * disk of the host stops the machine by default, and all other errors go to the guest. With
 * board_config.unattended no user could resume the machine, so that error goes to the guest, too.
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

/* The part of a board for failed disk operations. */
struct board_disk_errors {
	board_disk_failed *failed; /* NULL: there is no notification */
	void *ctx;
	/*
	 * The machine has stopped because of an operation, which may not have been tried again yet.
	 */
	bool stopped;
};

/*
 * Sets the function that is called for each failure while harts run. For DISK_STOP it must stop the
 * machine at the end of the slice, which is now. NULL: none.
 */
void board_on_disk_error(struct board *board, board_disk_failed *failed, void *ctx);

/*
 * Called when the machine stops: puts all writes onto the medium, so that a copy of an image is
 * complete, as QEMU's vm_stop() does. The user is told of a failure. If the machine stops for an
 * operation that is to be tried again, it does nothing, because more of them would fail.
 */
void board_settle_disks(struct board *board);

/* Resumes the machine: failed operations that wait are tried again. */
void board_retry_disks(struct board *board);

#endif
