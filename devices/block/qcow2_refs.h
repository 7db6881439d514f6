/* SPDX-License-Identifier: MIT */
/*
 * The refcounts of a qcow2 image's clusters, and the marks of clusters that hold tables. Functions
 * that return an int return 0 or a negative errno.
 */
#ifndef DEVICES_BLOCK_QCOW2_REFS_H
#define DEVICES_BLOCK_QCOW2_REFS_H

#include "devices/block/qcow2_image.h"

/* Reads the refcount table, and marks it and its blocks as tables. */
int qcow2_refs_open(struct qcow2 *image);
/*
 * Returns whether the refcount of a cluster is not 0, which is possible even beyond the end of the
 * file, for clusters that were never written.
 */
bool qcow2_in_use(struct qcow2 *image, u64 offset);
/* Allocates a free cluster, with refcount 1. Sets *offset to its offset in the file. */
int qcow2_allocate(struct qcow2 *image, u64 *offset);
/* Allocates consecutive clusters for a table, with refcount 1. */
int qcow2_allocate_table(struct qcow2 *image, u64 size, u64 *offset);
/* Sets the refcount of a table's clusters; 0 frees them. */
int qcow2_count_table(struct qcow2 *image, u64 offset, u64 size, u64 count);
/*
 * Decrements the refcount of the cluster at `offset`. If it becomes 0, the cluster becomes a hole
 * in the file.
 */
int qcow2_release(struct qcow2 *image, u64 offset);
bool qcow2_is_table(const struct qcow2 *image, u64 offset);
/* Marks clusters as a table. Returns -EINVAL if one is marked already. */
int qcow2_mark_table(struct qcow2 *image, u64 offset, u64 size);
void qcow2_unmark_table(struct qcow2 *image, u64 offset, u64 size);
/* Gives space back to the host if the file system supports it. Errors do not matter. */
void qcow2_punch(const struct qcow2 *image, u64 offset, u64 size);

/*
 * Finds the refcount block of a cluster, for callers that read many refcounts. Sets *block to NULL
 * if there is none.
 */
int qcow2_find_block(struct qcow2 *image, u64 cluster, u8 **block);
u64 qcow2_per_block(const struct qcow2 *image); /* refcounts in a block */
u64 qcow2_get_bits(const struct qcow2 *image, const u8 *block, u64 n);
void qcow2_set_bits(const struct qcow2 *image, u8 *block, u64 n, u64 value);
/* Records that the refcount of a cluster has become 0. */
void qcow2_note_free(struct qcow2 *image, u64 cluster);

#endif
