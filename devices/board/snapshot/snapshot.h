/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of the whole machine within its qcow2 disks, as QEMU's savevm, loadvm and delvm have
 * them: each writable disk keeps its content under the snapshot's name, and one of them the
 * machine's state as well. Read-only disks are left out; one disk that can be written but cannot
 * keep snapshots is a reason to refuse. For frontends; to be called between two slices.
 *
 * All return 0, or -1 with error->text in QEMU's words.
 */
#ifndef DEVICES_BOARD_SNAPSHOT_SNAPSHOT_H
#define DEVICES_BOARD_SNAPSHOT_SNAPSHOT_H

#include "devices/block/disk_snapshot.h"
#include "devices/board/board.h"

struct board_snapshot_request {
	const char *tag; /* its name */
	const char *vmstate; /* id of the disk with the machine's state; NULL: the first that can */
	const char *const *devices; /* ids of the disks that it is of */
	unsigned device_count; /* 0: all that can be written */
	bool replace; /* one of that name goes first; otherwise it is refused */
};

/*
 * The machine as it is now. When it fails, neither the machine nor its disks have changed, unless
 * it is that the one to be replaced cannot be deleted: then both are there.
 */
int board_snapshot_save(struct board *board, const struct board_snapshot_request *request,
			struct board_error *error);

/*
 * The machine goes on as it was when it was saved; what the host put in since is undone. What can
 * be refused is refused before anything changes; when it fails later than that it returns -2: the
 * machine was reset, as error->text says, and should not run before somebody has read it.
 *
 * What is the host's stays as it is: connections (of the network, of vsock) are gone, as after a
 * failure of the line; a folder that was mounted when it was saved cannot be, since then none is
 * saved; the wall clock of the guest goes on from where it was saved, as QEMU's does.
 */
int board_snapshot_load(struct board *board, const struct board_snapshot_request *request,
			struct board_error *error);

/* That there is none of that name is no failure, as in QEMU; request->vmstate is not looked at. */
int board_snapshot_delete(struct board *board, const struct board_snapshot_request *request,
			  struct board_error *error);

/*
 * The snapshots in the disk with that id, none for one that cannot keep any; or with NULL those
 * that can be loaded, being in all writable disks, as the disk with their state has them. The
 * caller frees *list.
 */
int board_snapshot_list(struct board *board, const char *device, struct disk_snapshot **list,
			unsigned *count, struct board_error *error);

#endif
