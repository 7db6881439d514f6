/* SPDX-License-Identifier: MIT */
/* The L1 and L2 tables of a qcow2 image: where in the file each of the guest's clusters is. */
#ifndef DEVICES_BLOCK_QCOW2_MAP_H
#define DEVICES_BLOCK_QCOW2_MAP_H

#include "devices/block/qcow2_image.h"

/* How a part of the image is stored. */
enum qcow2_kind { QCOW2_IS_BACKING, QCOW2_IS_ZERO, QCOW2_IS_DATA, QCOW2_IS_PACKED };

struct qcow2_run {
	enum qcow2_kind kind;
	u64 entry; /* the L2 entry of the first cluster */
	u64 host; /* QCOW2_IS_DATA: the offset of the first byte in the file */
	u64 size; /* bytes of this kind; data are also contiguous in the file */
	bool in_place; /* data that may be overwritten there */
};

/* Finds how the beginning of a range of the guest's disk is stored. run->size is at most `size`. */
int qcow2_map(struct qcow2 *image, u64 offset, u64 size, struct qcow2_run *run);
/*
 * Finds the clusters that an L2 entry uses, by their numbers in the file. Returns false if it uses
 * none.
 */
bool qcow2_clusters_of(const struct qcow2 *image, u64 entry, u64 *first, u64 *last);
/* Drops the L2 tables in memory. All of their changes must be in the file. */
void qcow2_forget_tables(struct qcow2 *image);
/*
 * Sets the L2 entry of the cluster at guest offset `offset`. The old entry's cluster is released
 * when the change is in the file.
 */
int qcow2_remap(struct qcow2 *image, u64 offset, u64 entry);

#endif
