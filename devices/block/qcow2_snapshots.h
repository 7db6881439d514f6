/* SPDX-License-Identifier: MIT */
/*
 * The snapshot table of a qcow2 image, and the operations on snapshots. The table is kept as it is
 * in the file, so that unknown parts of a snapshot's entry stay with it.
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

/* The machine's state, as far as it was written. It comes after the guest's disk. */
struct qcow2_state {
	u8 *buffer; /* whole clusters */
	u64 size; /* bytes in the file; more are in the buffer */
	u64 filled;
	int error;
};

struct qcow2_snapshot {
	u64 l1_offset;
	u32 l1_size;
	/*
	 * An overlay's snapshot is based on the one of this number, from 1 on, of the image
	 * beneath; 0: on that image itself. Without tables of its own it is that snapshot.
	 */
	u32 below;
	struct disk_snapshot about;
};

/*
 * Reads the table; -EINVAL: it is malformed. Afterwards entries can be read safely; the tables that
 * they refer to are not checked yet.
 */
int qcow2_snapshots_open(struct qcow2 *image, u32 count, u64 offset);
void qcow2_snapshots_free(struct qcow2_snapshots *list);

/*
 * Marks all tables except the refcounts', so that data never overwrites them; -EINVAL: two overlap.
 */
int qcow2_mark_trees(struct qcow2 *image);
void qcow2_unmark_trees(struct qcow2 *image);

u32 qcow2_snapshot_count(const struct qcow2 *image);
void qcow2_snapshot_get(const struct qcow2 *image, u32 n, struct qcow2_snapshot *snapshot);
/* Finds the first snapshot of that name, in *n and *snapshot. */
bool qcow2_snapshot_find(const struct qcow2 *image, const char *name, u32 *n,
			 struct qcow2_snapshot *snapshot);

/* Make a new list: the image's without its nth snapshot, or with one more, whose id this sets. */
int qcow2_snapshots_without(const struct qcow2 *image, u32 n, struct qcow2_snapshots *list);
int qcow2_snapshots_with(const struct qcow2 *image, struct qcow2_snapshot *added,
			 struct qcow2_snapshots *list);

/* Makes the list of an overlay that has no snapshots yet: those of the image beneath. */
int qcow2_snapshots_inherited(const struct qcow2 *image, struct qcow2_snapshots *list);

/* Returns `error`, and writes a line to why; errors without one get the host's line. */
int qcow2_say(char *why, int error, const char *format, ...) PRINTF_LIKE(3, 4);

/*
 * Operations on an image that is written. The tables of a snapshot are hostile. With a state_size
 * the state that was written becomes the snapshot's; without, or on an error, it is dropped.
 */
int qcow2_snapshot_create(struct qcow2 *image, const struct disk_snapshot *about, char *why);
/* Returns 0 if the snapshot can be applied. */
int qcow2_snapshot_check(const struct qcow2 *image, u32 n, char *why);
int qcow2_snapshot_apply(struct qcow2 *image, u32 n, char *why);
int qcow2_snapshot_delete(struct qcow2 *image, u32 n, char *why);

/* Returns the L1 index at which the state of a disk of that size begins. */
u32 qcow2_state_index(const struct qcow2 *image, u64 disk_size);
/* Makes the active L1 table at least that many entries long. */
int qcow2_grow_l1(struct qcow2 *image, u64 size, char *why);
/* Drops the clusters after the guest's disk. */
int qcow2_state_drop(struct qcow2 *image, char *why);

/* These are as in disk_snapshot.h. */
int qcow2_state_begin(struct qcow2 *image, char *why);
int qcow2_state_put(struct qcow2 *image, const void *data, u64 size);
int qcow2_state_end(struct qcow2 *image, u64 *size);
int qcow2_state_abandon(struct qcow2 *image);

/*
 * An overlay has the image beneath, or one of that image's snapshots, as its backing file
 * (qcow2_snapshot.below). qcow2_show chooses it, which changes nothing in the image's file;
 * qcow2_show_check returns 0 if it can.
 */
int qcow2_show_check(const struct qcow2 *image, u32 below, char *why);
int qcow2_show(struct qcow2 *image, u32 below, char *why);

/* Opens a reader of a snapshot's contents: the disk from its first byte on, and then the state. */
int qcow2_snapshot_open(struct qcow2 *image, const struct qcow2_snapshot *snapshot,
			struct qcow2 **reader, char *why);

#endif
