/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of the whole machine within its qcow2 disks, like QEMU's savevm, loadvm and delvm: each
 * writable disk keeps its contents under the snapshot's name, and one of them has the machine's
 * state as well. Read-only disks are left out; a disk that can be written but cannot keep snapshots
 * makes them fail. For frontends, between two slices.
 *
 * All return 0, or -1 with error->text in QEMU's words.
 */
#ifndef DEVICES_BOARD_SNAPSHOT_SNAPSHOT_H
#define DEVICES_BOARD_SNAPSHOT_SNAPSHOT_H

#include "devices/block/disk_snapshot.h"
#include "devices/board/board.h"

struct board_snapshot_request {
	const char *tag; /* the snapshot's name */
	/* the id of the disk for the machine's state; NULL: the first that can hold it */
	const char *vmstate;
	const char *const *devices; /* ids of the disks to include */
	unsigned device_count; /* 0: all that can be written */
	bool replace; /* a snapshot of that name is replaced; otherwise it is an error */
};

/*
 * Saves the machine as it is now. After an error neither the machine nor its disks have changed,
 * with one exception: if the old snapshot of that name cannot be deleted, both the old and the new
 * one exist.
 */
int board_snapshot_save(struct board *board, const struct board_snapshot_request *request,
			struct board_error *error);

/*
 * Returns the machine to a saved state; the effects of later input are undone. All checks are made
 * before anything changes. If something fails after that, it returns -2: the machine was reset, as
 * error->text tells the user, who should read this before it runs.
 *
 * The host's side does not return to that state: connections (of the network, of vsock) are broken,
 * as if the line had failed. A folder that the guest has mounted cannot be part of a snapshot, so
 * saving is refused then. The guest's wall clock continues from the saved time, as in QEMU.
 */
int board_snapshot_load(struct board *board, const struct board_snapshot_request *request,
			struct board_error *error);

/* Deletes a snapshot. It is no error if there is none, as in QEMU. request->vmstate is ignored. */
int board_snapshot_delete(struct board *board, const struct board_snapshot_request *request,
			  struct board_error *error);

/*
 * Lists the snapshots in the disk with the id `device`; none if the disk cannot have any. With NULL
 * it lists the snapshots that can be loaded, because they are in all writable disks, as described
 * by the disk that has the machine's state. The caller frees *list.
 */
int board_snapshot_list(struct board *board, const char *device, struct disk_snapshot **list,
			unsigned *count, struct board_error *error);

#endif
