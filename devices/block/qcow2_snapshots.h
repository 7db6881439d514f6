/* SPDX-License-Identifier: MIT */
/*
 * The snapshot table of a qcow2 image, and the operations on snapshots. The table is kept in memory
 * as it is in the file, so that unknown parts of a snapshot's entry are preserved.
 */
#ifndef DEVICES_BLOCK_QCOW2_SNAPSHOTS_H
#define DEVICES_BLOCK_QCOW2_SNAPSHOTS_H

#include "devices/block/disk_snapshot.h"

struct qcow2_snapshots {
	u64 host; /* offset in the file; 0: none */
	u32 count;
	u8 *bytes;
	/* for each snapshot the offset of its entry in `bytes`; and the end of the last one */
	u64 *at;
};

/* The machine's state, as far as it was written. In the image it comes after the guest's disk. */
struct qcow2_state {
	u8 *buffer; /* whole clusters */
	u64 size; /* bytes that are in the file; `filled` more are in the buffer */
	u64 filled;
	int error;
};

struct qcow2_snapshot {
	u64 l1_offset;
	u32 l1_size;
	/*
	 * For a snapshot of an overlay, the snapshot of the image beneath on which it is based: its
	 * number, from 1; 0: it is based on that image itself. If it has no tables of its own, it
	 * is that snapshot.
	 */
	u32 below;
	struct disk_snapshot about;
};

/*
 * Reads the snapshot table. Returns -EINVAL if it is malformed. After success entries can be read
 * safely; the tables that they refer to are not checked yet.
 */
int qcow2_snapshots_open(struct qcow2 *image, u32 count, u64 offset);
void qcow2_snapshots_free(struct qcow2_snapshots *list);

/*
 * Marks the active L1 and L2 tables, the snapshot table and the snapshots' L1 tables, so that data
 * never overwrites them. Returns -EINVAL if two overlap.
 */
int qcow2_mark_trees(struct qcow2 *image);
void qcow2_unmark_trees(struct qcow2 *image);

/* Return the number of snapshots, and describe the n-th one, from 0. */
u32 qcow2_snapshot_count(const struct qcow2 *image);
void qcow2_snapshot_get(const struct qcow2 *image, u32 n, struct qcow2_snapshot *snapshot);
/*
 * Finds the first snapshot of that name, and sets *n and *snapshot. Returns false if there is none.
 */
bool qcow2_snapshot_find(const struct qcow2 *image, const char *name, u32 *n,
			 struct qcow2_snapshot *snapshot);

/*
 * Make a new list: the image's without its n-th snapshot; or with one more, whose id the function
 * sets.
 */
int qcow2_snapshots_without(const struct qcow2 *image, u32 n, struct qcow2_snapshots *list);
int qcow2_snapshots_with(const struct qcow2 *image, struct qcow2_snapshot *added,
			 struct qcow2_snapshots *list);

/* Makes the list of an overlay that has no snapshots yet, from those of the image beneath. */
int qcow2_snapshots_inherited(const struct qcow2 *image, struct qcow2_snapshots *list);

/*
 * Writes a line to why and returns `error`. Errors for which this was not called get the host's
 * text.
 */
int qcow2_say(char *why, int error, const char *format, ...) PRINTF_LIKE(3, 4);

/*
 * Operations on an image that is written. The tables of a snapshot are not trusted. If state_size
 * is not 0, the state that was written becomes part of the snapshot; otherwise it is dropped. After
 * an error the caller must drop it.
 */
int qcow2_snapshot_create(struct qcow2 *image, const struct disk_snapshot *about, char *why);
/* Returns 0 if the snapshot can be applied. */
int qcow2_snapshot_check(const struct qcow2 *image, u32 n, char *why);
int qcow2_snapshot_apply(struct qcow2 *image, u32 n, char *why);
int qcow2_snapshot_delete(struct qcow2 *image, u32 n, char *why);

/* Returns the index in the L1 table at which the machine's state begins for a disk of that size. */
u32 qcow2_state_index(const struct qcow2 *image, u64 disk_size);
/* Enlarges the active L1 table to at least `size` entries. */
int qcow2_grow_l1(struct qcow2 *image, u64 size, char *why);
/* Drops the clusters after the guest's disk, which hold the machine's state. */
int qcow2_state_drop(struct qcow2 *image, char *why);

/* These implement the functions disk_state_* of disk_snapshot.h. */
int qcow2_state_begin(struct qcow2 *image, char *why);
int qcow2_state_put(struct qcow2 *image, const void *data, u64 size);
int qcow2_state_end(struct qcow2 *image, u64 *size);
int qcow2_state_abandon(struct qcow2 *image);

/*
 * Selects whether an overlay's backing file is the image beneath, or one of that image's snapshots
 * (qcow2_snapshot.below). qcow2_show does this without changing the file of that image;
 * qcow2_show_check returns 0 if it is possible.
 */
int qcow2_show_check(const struct qcow2 *image, u32 below, char *why);
int qcow2_show(struct qcow2 *image, u32 below, char *why);

/* Opens a reader of a snapshot's contents: the disk from its first byte on, and then the state. */
int qcow2_snapshot_open(struct qcow2 *image, const struct qcow2_snapshot *snapshot,
			struct qcow2 **reader, char *why);

#endif
