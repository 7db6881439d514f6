/* SPDX-License-Identifier: MIT */
/*
 * The shadow of a qcow2 image is its next version: all changed tables are written beside the old
 * ones, and a single write of the header makes them current. So refcounts, the marks of clusters
 * that are used once, and the list of snapshots agree whenever the host stops.
 */
#ifndef DEVICES_BLOCK_QCOW2_SHADOW_H
#define DEVICES_BLOCK_QCOW2_SHADOW_H

#include "devices/block/qcow2_image.h"

struct qcow2_taken {
	u64 offset, size;
};

struct qcow2_shadow {
	struct qcow2 *image;
	u64 *l1; /* of the active tree */
	u32 l1_size;
	bool listed; /* the list of snapshots was replaced */
	struct qcow2_snapshots snapshots;
	u64 *l2; /* room for a table */
	struct qcow2_taken *taken; /* clusters of the file that were taken for tables */
	u32 count, room;
	char *why;
};

/*
 * Opens a shadow equal to the image, whose file must have all changes. The caller closes it, even
 * after an error.
 */
int qcow2_shadow_open(struct qcow2_shadow *shadow, struct qcow2 *image, char *why);
void qcow2_shadow_close(struct qcow2_shadow *shadow);

/* Appends entries to the active L1 table. */
int qcow2_shadow_grow(struct qcow2_shadow *shadow, u64 size);

/* Adds `by` (1 or -1) to the refcounts of the L2 tables and of all clusters that they refer to. */
int qcow2_shadow_count(struct qcow2_shadow *shadow, const u64 *l1, u32 size, int by);
/* Releases a table. */
int qcow2_shadow_drop(struct qcow2_shadow *shadow, u64 offset, u64 size);
/* Allocates clusters for a table that is used once. */
int qcow2_shadow_take(struct qcow2_shadow *shadow, u64 size, u64 *offset);

/* Makes the shadow the image's current version. After an error the image is unchanged. */
int qcow2_shadow_commit(struct qcow2_shadow *shadow);

#endif
