/* SPDX-License-Identifier: MIT */
/*
 * Handles disk operations that fail: notifies the frontend, and resumes a machine that stopped
 * because of one. It also settles the disks when the machine stops for another reason. As in QEMU,
 * a full disk of the host stops the machine by default, and all other errors are reported to the
 * guest. Where nobody could resume the machine, a full disk is reported to the guest, too.
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

/* The part of a board that handles failed disk operations. */
struct board_disk_errors {
	board_disk_failed *failed; /* NULL: there is no notification */
	void *ctx;
	bool unattended; /* nobody could resume a stopped machine */
	/*
	 * The machine stopped because of a failed operation, which may not have been retried yet.
	 */
	bool stopped;
};

/*
 * Sets a function that is called for each failure while harts run; NULL for none. If the failure's
 * action is DISK_STOP, the function must make the machine stop at the end of the slice, which ends
 * after the current instruction.
 */
void board_on_disk_error(struct board *board, board_disk_failed *failed, void *ctx);

/* Notes whether nobody could resume a stopped machine. Otherwise somebody could. */
void board_set_unattended(struct board *board, bool unattended);

/*
 * Flushes all writes to the host's disks when the machine stops, so that a copy of an image is
 * complete, as QEMU's vm_stop() does. It reports a failure to the user. If the machine stops
 * because of an operation that is to be retried, it does nothing, because further operations would
 * fail, too.
 */
void board_settle_disks(struct board *board);

/* Retries the failed operations that wait for it, when the machine is resumed. */
void board_retry_disks(struct board *board);

#endif
