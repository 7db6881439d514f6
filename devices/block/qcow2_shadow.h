/* SPDX-License-Identifier: MIT */
/*
 * A qcow2 image as it is going to be: all tables that change are written beside those that there
 * are, and one write of the header changes over from these to those. So refcounts, the marks of
 * clusters that are used once, and the list of snapshots agree whenever the host stops.
 */
#ifndef DEVICES_BLOCK_QCOW2_SHADOW_H
#define DEVICES_BLOCK_QCOW2_SHADOW_H

#include "devices/block/qcow2_parts.h"

struct qcow2_taken {
	u64 offset, size;
};

struct qcow2_shadow {
	struct qcow2 *image;
	u64 *l1; /* of the active tree */
	u32 l1_size;
	bool listed; /* another list of snapshots */
	struct qcow2_snapshots snapshots;
	u64 *l2; /* room for a table */
	struct qcow2_taken *taken; /* of the file, for tables */
	u32 count, room;
	char *why;
};

/* All is as it is in the image, of which the file has everything. To be closed if it fails, too. */
int qcow2_shadow_open(struct qcow2_shadow *shadow, struct qcow2 *image, char *why);
void qcow2_shadow_close(struct qcow2_shadow *shadow);

/* An active L1 table with entries behind those that there are. */
int qcow2_shadow_grow(struct qcow2_shadow *shadow, u64 size);

/* What L2 tables lead to, and they themselves, have a user more (by 1) or less (-1). */
int qcow2_shadow_count(struct qcow2_shadow *shadow, const u64 *l1, u32 size, int by);
/* A table is not used any more. */
int qcow2_shadow_drop(struct qcow2_shadow *shadow, u64 offset, u64 size);
/* A place for a table that is used once. */
int qcow2_shadow_take(struct qcow2_shadow *shadow, u64 size, u64 *offset);

/* The image is that from now on; on an error it is as before. */
int qcow2_shadow_commit(struct qcow2_shadow *shadow);

#endif
