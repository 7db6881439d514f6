/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of the whole machine within its qcow2 disks, like QEMU's savevm, loadvm and delvm: each
 * writable disk keeps its contents under the snapshot's name, and one of them the machine's state
 * as well. Read-only disks are left out; a disk that can be written but cannot keep snapshots makes
 * them fail. For frontends, between two slices.
 *
 * All return 0, or -1 with error->text in QEMU's words.
 */
#ifndef DEVICES_BOARD_SNAPSHOT_SNAPSHOT_H
#define DEVICES_BOARD_SNAPSHOT_SNAPSHOT_H

#include "devices/block/disk_snapshot.h"
#include "devices/board/board.h"

struct board_snapshot_request {
	const char *tag; /* its name */
	const char *vmstate; /* id of the disk for the machine's state; NULL: the first that can */
	const char *const *devices; /* ids of the disks to include */
	unsigned device_count; /* 0: all that can be written */
	bool replace; /* a snapshot of that name is replaced; otherwise it is an error */
};

/*
 * Saves the machine as it is now. After an error neither the machine nor its disks have changed,
 * with one exception: when the old snapshot cannot be deleted, both are there.
 */
int board_snapshot_save(struct board *board, const struct board_snapshot_request *request,
			struct board_error *error);

/*
 * Returns the machine to a saved state; input since then is undone. All checks are made before
 * anything changes; after a later failure it returns -2: the machine was reset, as error->text
 * says, and should not run before the user has read that.
 *
 * The host's side stays as it is: connections (of the network, of vsock) are gone, as after a
 * failure of the line; a mounted folder cannot be part of it, as snapshots are refused then; the
 * guest's wall clock continues from the saved time, as in QEMU.
 */
int board_snapshot_load(struct board *board, const struct board_snapshot_request *request,
			struct board_error *error);

/* Deletes a snapshot. A missing one is no error, as in QEMU; request->vmstate is ignored. */
int board_snapshot_delete(struct board *board, const struct board_snapshot_request *request,
			  struct board_error *error);

/*
 * Lists the snapshots in the disk with that id, none for one that cannot have any; or with NULL
 * those that can be loaded, as they are in all writable disks, with the data of the disk that has
 * their state. The caller frees *list.
 */
int board_snapshot_list(struct board *board, const char *device, struct disk_snapshot **list,
			unsigned *count, struct board_error *error);

#endif
