/* SPDX-License-Identifier: MIT */
/* Between the files of the qcow2 parser: the image, its tables, and where clusters are. */
#ifndef DEVICES_BLOCK_QCOW2_PARTS_H
#define DEVICES_BLOCK_QCOW2_PARTS_H

#include "devices/block/qcow2_snapshots.h"

#define QCOW2_L1_BYTES_MAX (32 * MiB)
#define QCOW2_L2_CACHED 64
#define QCOW2_FREED_MAX 1024
#define QCOW2_REFS_BYTES_MAX (8 * MiB) /* of a refcount table */
#define QCOW2_DEPTH_MAX 16 /* backing files in a row */

/* Entries of L1 and L2 tables. */
#define QCOW2_COPIED BIT(63) /* used once: may be written in place */
#define QCOW2_PACKED BIT(62)
#define QCOW2_ZERO BIT(0)
#define QCOW2_OFFSET 0x00fffffffffffe00ull

struct qcow2_table {
	u64 host; /* where it is in the file; 0: nothing */
	u64 *entries; /* of this host's byte order */
	u64 first, end; /* those that the file does not have yet */
};

struct qcow2 {
	int fd;
	bool readonly;
	u32 version;
	unsigned bits; /* of a cluster */
	u64 cluster, size;
	u64 end; /* of the file, in clusters */
	struct qcow2_table l1;
	u32 l1_size;
	u64 refs_offset;
	u64 *refs; /* the refcount table, and its blocks as far as they were looked at */
	u8 **blocks;
	u64 refs_size; /* entries */
	int broken; /* why nothing is written any more; 0: it is */
	unsigned ref_bits; /* of one refcount */
	u64 free; /* of the clusters that share a refcount block with it, none before is free */
	u64 first; /* no refcount block before it has a free cluster */
	bool *full; /* by refcount block: it has none, either */
	u8 *tables; /* a bit per cluster: has what is not the guest's data */
	u64 tables_size; /* in clusters */
	struct qcow2_table l2[QCOW2_L2_CACHED];
	unsigned l2_next; /* whose turn it is to go */
	bool changed; /* some table is not in the file as it is here */
	u64 freed[QCOW2_FREED_MAX]; /* entries that were replaced: still used in the file */
	unsigned freed_count;
	u8 *buffer, *packed, *unpacked; /* a cluster each; packed has one more */
	u64 unpacked_entry; /* of which unpacked is the content; 0: none */
	struct disk *backing;
	struct qcow2_snapshots snapshots; /* of an image that is written */
	u8 **shadow; /* refcount blocks as they are going to be (qcow2_shadow.h); NULL: none is */
	struct qcow2_state state;
};

/* Bytes at an offset of the file; what is behind its end is zeros. */
int qcow2_pread(const struct qcow2 *image, void *data, u64 size, u64 offset);
int qcow2_pwrite(const struct qcow2 *image, const void *data, u64 size, u64 offset);
/* Tables, which the file has in big-endian order. */
int qcow2_read_entries(const struct qcow2 *image, u64 *entries, u64 count, u64 offset);
int qcow2_write_entries(const struct qcow2 *image, const u64 *entries, u64 count, u64 offset);
/* What was written is on the medium, before what is written next. */
int qcow2_sync(const struct qcow2 *image);
/* All that was written is on the medium, and then where the tables are: at once or not at all. */
int qcow2_write_header(const struct qcow2 *image);

/* Does a table lie in the file, at whole clusters? */
bool qcow2_in_file(const struct qcow2 *image, u64 offset, u64 size);
/* An L1 table that does, in *entries, to be freed; -EINVAL: an L2 table does not. */
int qcow2_read_l1(const struct qcow2 *image, u64 offset, u32 size, u64 **entries);

/* qcow2_refs.c */
int qcow2_refs_open(struct qcow2 *image);
/* Has a cluster a refcount? Behind the file's end some can that were never written. */
bool qcow2_in_use(struct qcow2 *image, u64 offset);
/* One cluster that was free, refcount 1; in *offset. */
int qcow2_allocate(struct qcow2 *image, u64 *offset);
/* A table, refcount 1: clusters that follow one another. */
int qcow2_allocate_table(struct qcow2 *image, u64 size, u64 *offset);
/* Clusters of a table come into use, or, with 0, go out of it. */
int qcow2_count_table(struct qcow2 *image, u64 offset, u64 size, u64 count);
/* One user less of the cluster at offset; a hole when it was the last. */
int qcow2_release(struct qcow2 *image, u64 offset);
bool qcow2_is_table(const struct qcow2 *image, u64 offset);
/* Now it is one. -EINVAL: it is one already. */
int qcow2_mark_table(struct qcow2 *image, u64 offset, u64 size);
void qcow2_unmark_table(struct qcow2 *image, u64 offset, u64 size);
/* Space is given back where the host can; it need not. */
void qcow2_punch(const struct qcow2 *image, u64 offset, u64 size);

/* A refcount block, for those who look at many: the one of a cluster, NULL when there is none. */
int qcow2_find_block(struct qcow2 *image, u64 cluster, u8 **block);
u64 qcow2_per_block(const struct qcow2 *image); /* refcounts in it */
u64 qcow2_get_bits(const struct qcow2 *image, const u8 *block, u64 n);
void qcow2_set_bits(const struct qcow2 *image, u8 *block, u64 n, u64 value);
/* Of a cluster whose refcount has become 0. */
void qcow2_note_free(struct qcow2 *image, u64 cluster);

/* qcow2_map.c: how a part of the image is there. */
enum qcow2_kind { QCOW2_IS_BACKING, QCOW2_IS_ZERO, QCOW2_IS_DATA, QCOW2_IS_PACKED };

struct qcow2_run {
	enum qcow2_kind kind;
	u64 entry; /* of the first cluster */
	u64 host; /* QCOW2_IS_DATA: of the first byte */
	u64 size; /* bytes of one kind, for data one after the other in the file */
	bool in_place; /* data that may be written */
};

int qcow2_map(struct qcow2 *image, u64 offset, u64 size, struct qcow2_run *run);
/* Clusters that the entry of an L2 table uses; false: none. */
bool qcow2_clusters_of(const struct qcow2 *image, u64 entry, u64 *first, u64 *last);
/* What is in memory of L2 tables, all of which the file has. */
void qcow2_forget_tables(struct qcow2 *image);
/* The cluster of guest offset `offset` is what `entry` says; what was there is released. */
int qcow2_remap(struct qcow2 *image, u64 offset, u64 entry);

#endif
