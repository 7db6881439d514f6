/* SPDX-License-Identifier: MIT */
/* The refcounts of a qcow2 image: which clusters are used, how often, and which hold tables. */
#ifndef DEVICES_BLOCK_QCOW2_REFS_H
#define DEVICES_BLOCK_QCOW2_REFS_H

#include "devices/block/qcow2_image.h"

/* Reads the refcount table, and marks it and its blocks as tables. 0 or a negative errno. */
int qcow2_refs_open(struct qcow2 *image);
/*
 * Returns whether a cluster has a refcount. Clusters beyond the end of the file that were never
 * written may have one.
 */
bool qcow2_in_use(struct qcow2 *image, u64 offset);
/* Allocates a free cluster, with refcount 1; its place is in *offset. */
int qcow2_allocate(struct qcow2 *image, u64 *offset);
/* Allocates consecutive clusters for a table, with refcount 1. */
int qcow2_allocate_table(struct qcow2 *image, u64 size, u64 *offset);
/* Sets the refcount of a table's clusters; 0 frees them. */
int qcow2_count_table(struct qcow2 *image, u64 offset, u64 size, u64 count);
/* Decrements the refcount of the cluster at offset. A cluster without users becomes a hole. */
int qcow2_release(struct qcow2 *image, u64 offset);
bool qcow2_is_table(const struct qcow2 *image, u64 offset);
/* Marks clusters as a table. -EINVAL: they are part of one already. */
int qcow2_mark_table(struct qcow2 *image, u64 offset, u64 size);
void qcow2_unmark_table(struct qcow2 *image, u64 offset, u64 size);
/* Gives space back to the host where it can; errors do not matter. */
void qcow2_punch(const struct qcow2 *image, u64 offset, u64 size);

/* Finds the refcount block of a cluster, for callers that read many; NULL when there is none. */
int qcow2_find_block(struct qcow2 *image, u64 cluster, u8 **block);
u64 qcow2_per_block(const struct qcow2 *image); /* refcounts in it */
u64 qcow2_get_bits(const struct qcow2 *image, const u8 *block, u64 n);
void qcow2_set_bits(const struct qcow2 *image, u8 *block, u64 n, u64 value);
/* Notes a cluster whose refcount has become 0. */
void qcow2_note_free(struct qcow2 *image, u64 cluster);

#endif
