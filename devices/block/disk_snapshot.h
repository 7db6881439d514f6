/* SPDX-License-Identifier: MIT */
/*
 * Snapshots inside of qcow2 images, as qemu-img lists, applies and deletes them and QEMU's savevm
 * makes them; of one disk, and of the disks that a machine has. One disk of a snapshot may hold
 * the machine's state, which is written before and goes into the snapshot with the disk.
 *
 * No operation of a disk may be under way. Whenever the host stops, an image has a change of its
 * snapshots whole or not at all. Errors are negative, with a line in why (QCOW2_WHY bytes) that
 * goes on where a disk was named: "has refcounts of 1 bit, which ...".
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
	char id[DISK_SNAPSHOT_ID]; /* a number, of qemu-img and Baya */
	char name[DISK_SNAPSHOT_NAME];
	u32 seconds, nanoseconds; /* since 1970: when it was made */
	u64 clock; /* nanoseconds that the machine had run */
	u64 state_size; /* bytes of the machine's state; 0: it has none */
	u64 disk_size;
};

/* Is it a qcow2 image that is written itself, not an overlay or a copy of one? */
bool disk_can_snapshot(const struct disk *disk);

/* All that a disk that can has, the first made first; *list is to be freed. */
int disk_snapshots(struct disk *disk, struct disk_snapshot **list, unsigned *count, char *why);

/* The first of that name; false: there is none. */
bool disk_snapshot_find(const struct disk *disk, const char *name, struct disk_snapshot *found);

/* Disks that can, which have snapshots of one name together. */
struct disk_set {
	struct disk *const *disks;
	unsigned count;
	unsigned at; /* which one of them an error is of */
	unsigned applied; /* that are what they were in a snapshot, be there an error or not */
};

void disk_set_find(const struct disk_set *set, const char *name, bool *all, bool *any);

/*
 * Of all or none: name, the times and the clock are the given one's; state_size is of vm_disk (one
 * of the set, or NULL: none has the state) and in it since disk_state_end. On an error the state
 * is gone, too. One of the same name is not looked for.
 */
int disk_set_create(struct disk_set *set, const struct disk_snapshot *snapshot,
		    const struct disk *vm_disk, char *why);

/* Every disk is what it was; all are looked at before the first is changed. */
int disk_set_apply(struct disk_set *set, const char *name, char *why);

/* Those that have it no longer have it; -ENOENT when none has. */
int disk_set_delete(struct disk_set *set, const char *name, char *why);

/*
 * The machine's state, written from its first byte to its last, before the snapshot is made. An
 * error of one is returned by all that follow, up to the next begin. What is written is gone with
 * abandon, which may come at any time, and when it is none's at the next create or begin.
 */
int disk_state_begin(struct disk *disk, char *why);
int disk_state_put(struct disk *disk, const void *data, u64 size);
int disk_state_end(struct disk *disk, u64 *size);
int disk_state_abandon(struct disk *disk);

/* The machine's state that a snapshot has, for as long as no snapshot is changed. */
int disk_saved_open(struct disk_saved **saved, struct disk *disk, const char *name, char *why);
u64 disk_saved_size(const struct disk_saved *saved);
int disk_saved_read(struct disk_saved *saved, u64 offset, void *data, u64 size);
void disk_saved_close(struct disk_saved *saved);

#endif
