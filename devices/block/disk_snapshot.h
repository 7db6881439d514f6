/* SPDX-License-Identifier: MIT */
/*
 * Snapshots inside of qcow2 images, of one disk and of all disks of a machine. qemu-img lists,
 * applies and deletes them, and QEMU's savevm makes such. One disk of a snapshot may hold the
 * machine's state, which is written first and becomes part of the disk's snapshot.
 *
 * No operation of a disk may be in progress. Whenever the host stops, a change of an image's
 * snapshots is complete or absent. Functions that fail return a negative errno, with a line in why
 * (QCOW2_WHY bytes) that follows the name of a disk in a message: "has refcounts of 1 bit, which
 * ...".
 */
#ifndef DEVICES_BLOCK_DISK_SNAPSHOT_H
#define DEVICES_BLOCK_DISK_SNAPSHOT_H

#include "bus/base.h"
#include "devices/block/qcow2.h"

#define DISK_SNAPSHOT_ID 128
#define DISK_SNAPSHOT_NAME 256

struct disk;
struct disk_saved;

struct disk_snapshot {
	char id[DISK_SNAPSHOT_ID]; /* a number, as written by qemu-img and Baya */
	char name[DISK_SNAPSHOT_NAME];
	u32 seconds, nanoseconds; /* when it was made; since 1970 */
	u64 clock; /* nanoseconds that the machine had run */
	u64 state_size; /* bytes of the machine's state; 0: it has none */
	u64 disk_size;
};

/* Returns whether the disk is a qcow2 image, or an overlay, that is written and has no copy. */
bool disk_can_snapshot(const struct disk *disk);

/* Lists all snapshots of a disk that can have them, oldest first. The caller frees *list. */
int disk_snapshots(struct disk *disk, struct disk_snapshot **list, unsigned *count, char *why);

/* Finds the first snapshot of that name. Returns false if there is none. */
bool disk_snapshot_find(const struct disk *disk, const char *name, struct disk_snapshot *found);

/*
 * A set of disks that can have snapshots. A snapshot of the set is one of each disk, with the same
 * name.
 */
struct disk_set {
	struct disk *const *disks;
	unsigned count;
	unsigned at; /* index of the disk to which an error belongs */
	unsigned applied; /* how many disks were reset to the snapshot, also after an error */
};

/* Finds whether all disks, and whether any disk, have a snapshot of that name. */
void disk_set_find(const struct disk_set *set, const char *name, bool *all, bool *any);

/*
 * Makes a snapshot of all disks or of none. Name, times and clock are those of `snapshot`. vm_disk,
 * a disk of the set, holds the state of the machine, which has state_size bytes and was written up
 * to disk_state_end; NULL: no disk holds one. After an error the state is gone, too. An older
 * snapshot of that name stays, and is found first.
 */
int disk_set_create(struct disk_set *set, const struct disk_snapshot *snapshot,
		    const struct disk *vm_disk, char *why);

/* Resets every disk to its snapshot; all are checked before the first is changed. */
int disk_set_apply(struct disk_set *set, const char *name, char *why);

/* Deletes the snapshot on the disks that have it. Returns -ENOENT if none has. */
int disk_set_delete(struct disk_set *set, const char *name, char *why);

/*
 * Deletes all snapshots of that name except those that disk_set_create has just made. There may be
 * several: qemu-img makes them, and they stay if the host stops before this is done.
 */
int disk_set_delete_older(struct disk_set *set, const char *name, char *why);

/*
 * Write the machine's state from its first byte to its last, before the snapshot is made. After an
 * error all further calls return that error, until the next disk_state_begin. disk_state_abandon
 * drops the state at any time. A state that does not become part of a snapshot is dropped by the
 * next disk_set_create or disk_state_begin.
 */
int disk_state_begin(struct disk *disk, char *why);
int disk_state_put(struct disk *disk, const void *data, u64 size);
int disk_state_end(struct disk *disk, u64 *size);
int disk_state_abandon(struct disk *disk);

/*
 * Reads the machine's state in a snapshot. *saved is valid until a snapshot is changed, and the
 * caller closes it.
 */
int disk_saved_open(struct disk_saved **saved, struct disk *disk, const char *name, char *why);
u64 disk_saved_size(const struct disk_saved *saved);
int disk_saved_read(struct disk_saved *saved, u64 offset, void *data, u64 size);
void disk_saved_close(struct disk_saved *saved);

#endif
