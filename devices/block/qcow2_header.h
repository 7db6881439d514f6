/* SPDX-License-Identifier: MIT */
/* The header at the beginning of a qcow2 image, whose numbers are big-endian in the file. */
#ifndef DEVICES_BLOCK_QCOW2_HEADER_H
#define DEVICES_BLOCK_QCOW2_HEADER_H

#include "bus/base.h"

#define QCOW2_MAGIC 0x514649fbu

struct qcow2_header {
	u32 magic, version;
	u64 backing_offset;
	u32 backing_size, cluster_bits;
	u64 size;
	u32 encryption, l1_size;
	u64 l1_offset, refs_offset;
	u32 refs_clusters, snapshots;
	u64 snapshots_offset;
	/* Version 3 */
	u64 incompatible, compatible, autoclear;
	u32 refcount_order, header_size;
};

static_assert(sizeof(struct qcow2_header) == 104, "the fields are those of the format");

#endif
