/* SPDX-License-Identifier: MIT */
/*
 * The shadow of a qcow2 image is its next version: all changed tables are written to other clusters
 * than the old ones, and a single write of the header makes them current. So the refcounts, the
 * QCOW2_COPIED bits of entries, and the list of snapshots are consistent whenever the host stops.
 */
#ifndef DEVICES_BLOCK_QCOW2_SHADOW_H
#define DEVICES_BLOCK_QCOW2_SHADOW_H

#include "devices/block/qcow2_image.h"

struct qcow2_taken {
	u64 offset, size;
};

struct qcow2_shadow {
	struct qcow2 *image;
	u64 *l1; /* the L1 table of the active tree, that is, of the guest's present disk */
	u64 l1_host; /* its offset in the file, when it has been written */
	u32 l1_size;
	u64 *refs; /* the refcount table, when the refcounts are complete, and its offset */
	u64 refs_host;
	bool listed; /* the list of snapshots was replaced */
	struct qcow2_snapshots snapshots;
	u64 *l2; /* a buffer for an L2 table */
	struct qcow2_taken *taken; /* clusters of the file that were allocated for tables */
	u32 count, room;
	char *why;
};

/*
 * Opens a shadow that equals the image, after flushing the image's changes to its file. The caller
 * closes it, even after an error.
 */
int qcow2_shadow_open(struct qcow2_shadow *shadow, struct qcow2 *image, char *why);
void qcow2_shadow_close(struct qcow2_shadow *shadow);

/* Enlarges the active L1 table to `size` entries. */
int qcow2_shadow_grow(struct qcow2_shadow *shadow, u64 size);

/*
 * Adds `by` (1 or -1) to the refcounts of the L2 tables of an L1 table, and of all clusters that
 * they refer to.
 */
int qcow2_shadow_count(struct qcow2_shadow *shadow, const u64 *l1, u32 size, int by);
/* Releases the clusters of a table. */
int qcow2_shadow_drop(struct qcow2_shadow *shadow, u64 offset, u64 size);
/* Allocates clusters, with refcount 1, for a table. */
int qcow2_shadow_take(struct qcow2_shadow *shadow, u64 size, u64 *offset);

/* Makes the shadow the image's current version. After an error the image is unchanged. */
int qcow2_shadow_commit(struct qcow2_shadow *shadow);

#endif
