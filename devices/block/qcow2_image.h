/* SPDX-License-Identifier: MIT */
/*
 * An open qcow2 image, for the files that implement qcow2.h and no others. qcow2.c opens the image,
 * and reads and writes bytes, tables and the header of its file, by the functions declared here.
 * qcow2_refs.c keeps the refcounts of clusters, qcow2_map.c finds where the guest's clusters are,
 * and qcow2_io.c reads and writes them. qcow2_shadow.c and qcow2_snapshot*.c replace all tables at
 * once.
 */
#ifndef DEVICES_BLOCK_QCOW2_IMAGE_H
#define DEVICES_BLOCK_QCOW2_IMAGE_H

#include "devices/block/qcow2_snapshots.h"

#define QCOW2_L1_BYTES_MAX (32 * MiB)
#define QCOW2_L2_CACHED 64
#define QCOW2_L2_CHANGED_MAX 48 /* of the cached ones; the others can always be evicted */
#define QCOW2_FREED_MAX 1024
#define QCOW2_REFS_BYTES_MAX (8 * MiB) /* the maximum for a refcount table */
#define QCOW2_DEPTH_MAX 16 /* the longest chain of backing files */

/* Bits of entries in L1 and L2 tables. */
#define QCOW2_COPIED BIT(63) /* the cluster's refcount is 1, so it may be written in place */
#define QCOW2_PACKED BIT(62) /* the cluster is compressed */
#define QCOW2_ZERO BIT(0) /* the cluster reads as zeros */
#define QCOW2_OFFSET 0x00fffffffffffe00ull

struct qcow2_table {
	u64 host; /* offset in the file; 0: none */
	u64 *entries; /* in the host's byte order */
	u64 first, end; /* the range of entries whose changes are not in the file yet */
};

struct qcow2 {
	int fd;
	bool readonly;
	bool temporary; /* it is an overlay, which is lost at the end and so never flushed */
	u32 version;
	u64 autoclear; /* the bits that the first write clears; 0: none */
	unsigned bits; /* log2 of the cluster size */
	u64 cluster, size;
	u64 end; /* end of the file, in clusters */
	struct qcow2_table l1;
	u32 l1_size;
	u64 refs_offset;
	u64 *refs; /* the refcount table; and those of its blocks that were read */
	u8 **blocks;
	u64 refs_size; /* entries */
	/*
	 * the error because of which no table is written, as the header may not be that of the
	 * tables in memory (qcow2_restore_header), or as `unmarked`; 0: none
	 */
	int broken;
	bool unmarked; /* some tables may lack their bits in `tables` */
	int sync_error; /* the argument of image_sync() */
	unsigned ref_bits; /* of one refcount */
	/*
	 * Among the clusters that share the refcount block of this cluster, none before it is free.
	 */
	u64 free;
	u64 first; /* no refcount block before this one has a free cluster */
	bool *full; /* by refcount block: it has no free cluster */
	u8 *tables; /* one bit per cluster: a table, so that guest data may not be there */
	u64 tables_size; /* in clusters */
	struct qcow2_table l2[QCOW2_L2_CACHED];
	unsigned l2_next; /* the table that is evicted next, unless it has changes */
	bool changed; /* some table in memory differs from the file's */
	/*
	 * Old values of entries that were changed. Their clusters are in use until the change is in
	 * the file.
	 */
	u64 freed[QCOW2_FREED_MAX];
	unsigned freed_count;
	u8 *buffer, *packed, *unpacked; /* each has the size of a cluster, and packed that of two */
	u64 unpacked_entry; /* the entry whose content is in `unpacked`; 0: none */
	struct disk *backing; /* NULL: none, and the next three have no meaning */
	char *backing_name, *backing_path;
	char backing_format[16];
	/* for an image that is only read, they are read when an overlay needs them */
	struct qcow2_snapshots snapshots;
	/* the snapshot, from 1, whose L1 table is used (qcow2_show); 0: the image's own is used */
	u32 shown;
	u8 **shadow; /* the new refcount blocks (qcow2_shadow.h); NULL: there is no shadow */
	struct qcow2_state state;
};

/* Reads bytes at an offset of the file; bytes beyond its end are zeros. */
int qcow2_pread(const struct qcow2 *image, void *data, u64 size, u64 offset);
int qcow2_pwrite(struct qcow2 *image, const void *data, u64 size, u64 offset);
/*
 * Clears the autoclear bits of features that this code does not keep up to date, also on the
 * medium. Must be called before the guest's data or anything else is written.
 */
int qcow2_begin_writing(struct qcow2 *image);
/* Read and write tables of entries, which are big-endian in the file. */
int qcow2_read_entries(const struct qcow2 *image, u64 *entries, u64 count, u64 offset);
int qcow2_write_entries(struct qcow2 *image, const u64 *entries, u64 count, u64 offset);
/* Flushes all writes so far to the medium, before any later ones. */
int qcow2_sync(struct qcow2 *image);
/*
 * Flushes all writes to the medium, and then writes the locations of the tables to the header: by a
 * single write, which is done completely or not at all.
 */
int qcow2_write_header(struct qcow2 *image);
/*
 * Writes the header again, with the old locations, which are in memory again, if qcow2_write_header
 * failed so that it is not known whether the file has the new ones. If that fails, too, it is done
 * again before anything else is written. Returns image->broken.
 */
int qcow2_restore_header(struct qcow2 *image);

/* Returns whether a table is within the file and begins at a cluster. */
bool qcow2_in_file(const struct qcow2 *image, u64 offset, u64 size);
/*
 * Reads an L1 table, which must be within the file, to *entries, which the caller frees. Returns
 * -EINVAL if one of its L2 tables is outside of the file.
 */
int qcow2_read_l1(const struct qcow2 *image, u64 offset, u32 size, u64 **entries);

#endif
