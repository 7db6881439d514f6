/* SPDX-License-Identifier: MIT */
/* The L1 and L2 tables of a qcow2 image: where in the file each of the guest's clusters is. */
#ifndef DEVICES_BLOCK_QCOW2_MAP_H
#define DEVICES_BLOCK_QCOW2_MAP_H

#include "devices/block/qcow2_image.h"

/* How a part of the image is stored. */
enum qcow2_kind { QCOW2_IS_BACKING, QCOW2_IS_ZERO, QCOW2_IS_DATA, QCOW2_IS_PACKED };

struct qcow2_run {
	enum qcow2_kind kind;
	u64 entry; /* of the first cluster */
	u64 host; /* QCOW2_IS_DATA: of the first byte */
	u64 size; /* bytes of one kind, for data one after the other in the file */
	bool in_place; /* data that may be written */
};

int qcow2_map(struct qcow2 *image, u64 offset, u64 size, struct qcow2_run *run);
/* Finds the clusters that an L2 entry uses; false: none. */
bool qcow2_clusters_of(const struct qcow2 *image, u64 entry, u64 *first, u64 *last);
/* Forgets the L2 tables in memory; the file must have all their changes. */
void qcow2_forget_tables(struct qcow2 *image);
/* Sets the entry of the cluster at guest offset `offset`; the old entry's cluster is released. */
int qcow2_remap(struct qcow2 *image, u64 offset, u64 entry);

#endif
