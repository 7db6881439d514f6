/* SPDX-License-Identifier: MIT */
/*
 * An open qcow2 image, for the files that implement qcow2.h and no others. qcow2.c opens the image
 * and reads and writes bytes of its file, tables and the header (this header). qcow2_refs.c has the
 * refcounts of clusters, qcow2_map.c says where the guest's clusters are, and qcow2_io.c reads and
 * writes them. qcow2_shadow.c and qcow2_snapshot*.c replace all tables at once.
 */
#ifndef DEVICES_BLOCK_QCOW2_IMAGE_H
#define DEVICES_BLOCK_QCOW2_IMAGE_H

#include "devices/block/qcow2_snapshots.h"

#define QCOW2_L1_BYTES_MAX (32 * MiB)
#define QCOW2_L2_CACHED 64
#define QCOW2_FREED_MAX 1024
#define QCOW2_REFS_BYTES_MAX (8 * MiB) /* of a refcount table */
#define QCOW2_DEPTH_MAX 16 /* backing files in a row */

/* Entries of L1 and L2 tables. */
#define QCOW2_COPIED BIT(63) /* the cluster is used once, so it may be written in place */
#define QCOW2_PACKED BIT(62)
#define QCOW2_ZERO BIT(0)
#define QCOW2_OFFSET 0x00fffffffffffe00ull

struct qcow2_table {
	u64 host; /* offset in the file; 0: none */
	u64 *entries; /* in the host's byte order */
	u64 first, end; /* the range of entries that the file does not have yet */
};

struct qcow2 {
	int fd;
	bool readonly;
	bool temporary; /* nothing of it need reach the medium */
	u32 version;
	u64 autoclear; /* the bits that the first write clears; 0: none */
	unsigned bits; /* of a cluster */
	u64 cluster, size;
	u64 end; /* of the file, in clusters */
	struct qcow2_table l1;
	u32 l1_size;
	u64 refs_offset;
	u64 *refs; /* the refcount table, and those of its blocks that were read */
	u8 **blocks;
	u64 refs_size; /* entries */
	int broken; /* the error after which nothing more is written; 0: none */
	unsigned ref_bits; /* of one refcount */
	/* no cluster before this one, among those that share its refcount block, is free */
	u64 free;
	u64 first; /* no refcount block before this one has a free cluster */
	bool *full; /* for each refcount block: it has no free cluster */
	u8 *tables; /* a bit for each cluster that has metadata, not the guest's data */
	u64 tables_size; /* in clusters */
	struct qcow2_table l2[QCOW2_L2_CACHED];
	unsigned l2_next; /* the next table to be replaced */
	bool changed; /* some table differs from the file's */
	/* Replaced entries: their clusters are in use until the file has the change. */
	u64 freed[QCOW2_FREED_MAX];
	unsigned freed_count;
	u8 *buffer, *packed, *unpacked; /* a cluster each; packed has one more */
	u64 unpacked_entry; /* the entry whose content is in `unpacked`; 0: none */
	struct disk *backing; /* NULL: none; then the next three mean nothing */
	char *backing_name, *backing_path;
	char backing_format[16];
	struct qcow2_snapshots snapshots; /* an image that is only read has them for an overlay */
	u32 shown; /* the snapshot whose L1 table is used, from 1 on (qcow2_show); 0: its own */
	u8 **shadow; /* the new refcount blocks (qcow2_shadow.h); NULL: no change is in progress */
	struct qcow2_state state;
};

/* Reads bytes at an offset of the file; bytes beyond its end are zeros. */
int qcow2_pread(const struct qcow2 *image, void *data, u64 size, u64 offset);
int qcow2_pwrite(struct qcow2 *image, const void *data, u64 size, u64 offset);
/*
 * Must be called before the guest's data or anything else is written: clears the autoclear bits of
 * features that this code does not keep up to date, on the medium, too.
 */
int qcow2_begin_writing(struct qcow2 *image);
/* Read and write tables, which the file has in big-endian order. */
int qcow2_read_entries(const struct qcow2 *image, u64 *entries, u64 count, u64 offset);
int qcow2_write_entries(struct qcow2 *image, const u64 *entries, u64 count, u64 offset);
/* Puts all writes so far onto the medium, before later ones. */
int qcow2_sync(const struct qcow2 *image);
/*
 * Puts all writes onto the medium, then writes the header with the places of the tables: a single
 * write, which is done completely or not at all.
 */
int qcow2_write_header(struct qcow2 *image);

/* Returns whether a table lies in the file, in whole clusters. */
bool qcow2_in_file(const struct qcow2 *image, u64 offset, u64 size);
/*
 * Reads an L1 table that lies in the file, to *entries, which the caller frees; -EINVAL: one of its
 * L2 tables lies outside.
 */
int qcow2_read_l1(const struct qcow2 *image, u64 offset, u32 size, u64 **entries);

#endif
