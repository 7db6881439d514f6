/* SPDX-License-Identifier: MIT */
/*
 * The snapshot table of a qcow2 image, and what can be done with snapshots. The table is kept as
 * the file has it, so that what is not understood of a snapshot stays with it.
 */
#ifndef DEVICES_BLOCK_QCOW2_SNAPSHOTS_H
#define DEVICES_BLOCK_QCOW2_SNAPSHOTS_H

#include "devices/block/disk_snapshot.h"

struct qcow2_snapshots {
	u64 host; /* where it is in the file; 0: nowhere */
	u32 count;
	u8 *bytes;
	u64 *at; /* where in them each one begins, and the last one's end */
};

/* The machine's state, as far as it has come; it lies behind the guest's disk. */
struct qcow2_state {
	u8 *buffer; /* whole clusters */
	u64 size; /* in the file, and more in the buffer */
	u64 filled;
	int error;
};

struct qcow2_snapshot {
	u64 l1_offset;
	u32 l1_size;
	struct disk_snapshot about;
};

/* -EINVAL: it is not one. Readers of one snapshot are right then; their tables may be anything. */
int qcow2_snapshots_open(struct qcow2 *image, u32 count, u64 offset);
void qcow2_snapshots_free(struct qcow2_snapshots *list);

/* All tables but the refcounts', so that data never lands on them; -EINVAL: on one another. */
int qcow2_mark_trees(struct qcow2 *image);
void qcow2_unmark_trees(struct qcow2 *image);

u32 qcow2_snapshot_count(const struct qcow2 *image);
void qcow2_snapshot_get(const struct qcow2 *image, u32 n, struct qcow2_snapshot *snapshot);
/* The first of that name, in *n and *snapshot. */
bool qcow2_snapshot_find(const struct qcow2 *image, const char *name, u32 *n,
			 struct qcow2_snapshot *snapshot);

/* Another list: the image's, without its nth one, or with one more, whose id this sets. */
int qcow2_snapshots_without(const struct qcow2 *image, u32 n, struct qcow2_snapshots *list);
int qcow2_snapshots_with(const struct qcow2 *image, struct qcow2_snapshot *added,
			 struct qcow2_snapshots *list);

/* `error`, with a line that says why; others have the host's line. */
int qcow2_say(char *why, int error, const char *format, ...) PRINTF_LIKE(3, 4);

/*
 * Of an image that is written. The tables of a snapshot are hostile. With a state_size the state
 * that was written becomes the snapshot's; without, or on an error, it is dropped.
 */
int qcow2_snapshot_create(struct qcow2 *image, const struct disk_snapshot *about, char *why);
int qcow2_snapshot_check(const struct qcow2 *image, u32 n, char *why); /* can it be applied? */
int qcow2_snapshot_apply(struct qcow2 *image, u32 n, char *why);
int qcow2_snapshot_delete(struct qcow2 *image, u32 n, char *why);

/* Where the state of a disk of that size begins, in entries of L1. */
u32 qcow2_state_index(const struct qcow2 *image, u64 disk_size);
/* The active L1 table has that many entries at least. */
int qcow2_grow_l1(struct qcow2 *image, u64 size, char *why);
/* What lies behind the guest's disk is not used any more. */
int qcow2_state_drop(struct qcow2 *image, char *why);

/* As disk_snapshot.h's. */
int qcow2_state_begin(struct qcow2 *image, char *why);
int qcow2_state_put(struct qcow2 *image, const void *data, u64 size);
int qcow2_state_end(struct qcow2 *image, u64 *size);
int qcow2_state_abandon(struct qcow2 *image);

/* A reader of what a snapshot has, of its first byte on and of the state behind it. */
int qcow2_snapshot_open(struct qcow2 *image, const struct qcow2_snapshot *snapshot,
			struct qcow2 **reader, char *why);

#endif
