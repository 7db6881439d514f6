/* SPDX-License-Identifier: MIT */
/*
 * Keeps the refcounts of the file's clusters, whose blocks are read when they are needed and
 * written when they change, and a bit for each cluster, which says whether it contains a table.
 */
#include "devices/block/qcow2_refs.h"

#include "devices/block/qcow2_image.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define CLUSTERS_MAX BIT(32)

u64 qcow2_per_block(const struct qcow2 *image)
{
	return image->cluster * 8 / image->ref_bits;
}

bool qcow2_is_table(const struct qcow2 *image, u64 offset)
{
	u64 n = offset >> image->bits;

	return n < image->tables_size && (image->tables[n / 8] & BIT(n % 8));
}

int qcow2_mark_table(struct qcow2 *image, u64 offset, u64 size)
{
	u64 first = offset >> image->bits;
	u64 end = (offset + size + image->cluster - 1) >> image->bits;

	if (MAX(end, image->end) > CLUSTERS_MAX)
		return -EFBIG;
	if (end > image->tables_size) {
		u64 room = align_up(MAX(MAX(end, image->end), image->tables_size * 3 / 2), 8);
		u8 *grown = calloc(room / 8, 1);

		if (!grown)
			return -ENOMEM;
		if (image->tables)
			memcpy(grown, image->tables, image->tables_size / 8);
		free(image->tables);
		image->tables = grown;
		image->tables_size = room;
	}
	for (u64 n = first; n < end; n++) {
		if (image->tables[n / 8] & BIT(n % 8))
			return -EINVAL;
		image->tables[n / 8] |= (u8)BIT(n % 8);
	}
	return 0;
}

void qcow2_unmark_table(struct qcow2 *image, u64 offset, u64 size)
{
	u64 end = (offset + size + image->cluster - 1) >> image->bits;

	for (u64 n = offset >> image->bits; n < MIN(end, image->tables_size); n++)
		image->tables[n / 8] &= (u8)~BIT(n % 8);
}

int qcow2_refs_open(struct qcow2 *image)
{
	u64 bytes = image->refs_size * 8;
	int error = qcow2_mark_table(image, image->refs_offset, bytes);

	image->refs = malloc(bytes);
	image->blocks = calloc(image->refs_size, sizeof(*image->blocks));
	image->full = calloc(image->refs_size, sizeof(*image->full));
	if (!error && (!image->refs || !image->blocks || !image->full))
		error = -ENOMEM;
	if (!error)
		error = qcow2_read_entries(image, image->refs, image->refs_size,
					   image->refs_offset);
	for (u64 n = 0; !error && n < image->refs_size; n++) {
		if (image->refs[n] & (image->cluster - 1) ||
		    image->refs[n] >> image->bits >= image->end)
			error = -EINVAL;
		else if (image->refs[n])
			error = qcow2_mark_table(image, image->refs[n], image->cluster);
	}
	return error;
}

static int new_block(struct qcow2 *image, u64 index);

int qcow2_find_block(struct qcow2 *image, u64 cluster, u8 **block)
{
	u64 index = cluster / qcow2_per_block(image);
	int error;

	*block = NULL;
	if (index >= image->refs_size || !image->refs[index])
		return 0;
	if (!image->blocks[index]) {
		u8 *bytes = malloc(image->cluster);

		if (!bytes)
			return -ENOMEM;
		error = qcow2_pread(image, bytes, image->cluster, image->refs[index]);
		if (error) {
			free(bytes);
			return error;
		}
		image->blocks[index] = bytes;
	}
	*block = image->blocks[index];
	return 0;
}

/*
 * Returns the n-th refcount of a block. Refcounts of 8 bits or more are big-endian; smaller ones
 * are in a byte from the lowest bits upwards.
 */
u64 qcow2_get_bits(const struct qcow2 *image, const u8 *block, u64 n)
{
	unsigned bits = image->ref_bits, bytes = bits / 8;
	u64 value = 0;

	if (bits < 8)
		return block[n * bits / 8] >> n * bits % 8 & (BIT(bits) - 1);
	for (unsigned i = 0; i < bytes; i++)
		value = value << 8 | block[n * bytes + i];
	return value;
}

void qcow2_set_bits(const struct qcow2 *image, u8 *block, u64 n, u64 value)
{
	unsigned bits = image->ref_bits, bytes = bits / 8, shift = n * bits % 8;

	if (bits < 8) {
		u8 *byte = &block[n * bits / 8];

		*byte = (u8)((*byte & ~((BIT(bits) - 1) << shift)) | value << shift);
		return;
	}
	for (unsigned i = bytes; i--; value >>= 8)
		block[n * bytes + i] = (u8)value;
}

static int refs_get(struct qcow2 *image, u64 cluster, u64 *count)
{
	u8 *block;
	int error = qcow2_find_block(image, cluster, &block);

	*count = block ? qcow2_get_bits(image, block, cluster % qcow2_per_block(image)) : 0;
	return error;
}

bool qcow2_in_use(struct qcow2 *image, u64 offset)
{
	u64 count;

	return !refs_get(image, offset >> image->bits, &count) && count;
}

/*
 * The limit on clusters that are beyond the file's end although they are counted as used.
 * pass_used() skips them when clusters are appended. No valid image has more bytes of them.
 */
#define PASSED_MAX (8 * GiB)
static int pass_used(struct qcow2 *image, u64 clusters)
{
	u64 limit = image->end + (PASSED_MAX >> image->bits), count;

	for (u64 n = 0; n < clusters; n++) {
		int error = refs_get(image, image->end + n, &count);

		if (error || image->end > limit)
			return error ? error : -EFBIG;
		if (!count)
			continue;
		image->end += n + 1;
		n = UINT64_MAX;
	}
	return 0;
}

void qcow2_note_free(struct qcow2 *image, u64 cluster)
{
	u64 index = cluster / qcow2_per_block(image);

	if (image->free / qcow2_per_block(image) == index)
		image->free = MIN(image->free, cluster);
	image->first = MIN(image->first, index);
	image->full[index] = false;
}

/*
 * Sets the refcount of a cluster. After an error it has its old one in memory, and the old or the
 * new one in the file: at worst the cluster is leaked.
 */
static int refs_set(struct qcow2 *image, u64 cluster, u64 count)
{
	u64 index = cluster / qcow2_per_block(image), n = cluster % qcow2_per_block(image);
	u64 at = n * image->ref_bits / 8, old;
	u8 *block;
	int error = qcow2_find_block(image, cluster, &block);

	/* Without a block it is 0. */
	if (!error && !block && !count)
		return 0;
	if (!error && !block) {
		error = new_block(image, index);
		block = error ? NULL : image->blocks[index];
	}
	if (error)
		return error;
	old = qcow2_get_bits(image, block, n);
	qcow2_set_bits(image, block, n, count);
	error = qcow2_pwrite(image, block + at, MAX(image->ref_bits / 8, 1u),
			     image->refs[index] + at);
	if (error) {
		qcow2_set_bits(image, block, n, old);
		return error;
	}
	if (image->shadow && image->shadow[index])
		qcow2_set_bits(image, image->shadow[index], n, count);
	if (!count)
		qcow2_note_free(image, cluster);
	return 0;
}

/*
 * Returns the size, in entries, of a refcount table that is sufficient for all clusters, including
 * its own and those of its blocks.
 */
static u64 grown_size(const struct qcow2 *image, u64 index)
{
	u64 per_cluster = image->cluster / 8, size = image->refs_size * 3 / 2;

	size = align_up(MAX(size, index + 1), per_cluster);
	/* Each refcount block may need one more cluster. */
	while (size * qcow2_per_block(image) < image->end + size / per_cluster * 2 + 4)
		size += per_cluster;
	return size;
}

int qcow2_count_table(struct qcow2 *image, u64 offset, u64 size, u64 count)
{
	int error = 0;

	if (!count)
		qcow2_unmark_table(image, offset, size);
	for (u64 at = 0; !error && at < size; at += image->cluster)
		error = refs_set(image, (offset + at) >> image->bits, count);
	return error;
}

/* Enlarges an array of pointers. */
static int make_room_in(u8 ***array, u64 old_size, u64 size)
{
	u8 **larger = *array ? calloc(size, sizeof(*larger)) : NULL;

	if (*array && !larger)
		return -ENOMEM;
	if (larger)
		memcpy(larger, *array, old_size * sizeof(*larger));
	free(*array);
	*array = larger;
	return 0;
}

/* Enlarges the table in memory to `size` entries, the first of which are those of the old one. */
static int make_room(struct qcow2 *image, u64 size)
{
	u64 *refs = calloc(size, 8);
	bool *full = calloc(size, sizeof(*full));

	if (!refs || !full || make_room_in(&image->blocks, image->refs_size, size) ||
	    make_room_in(&image->shadow, image->refs_size, size)) {
		free(refs);
		free(full);
		return -ENOMEM;
	}
	memcpy(refs, image->refs, image->refs_size * 8);
	memcpy(full, image->full, image->refs_size * sizeof(*full));
	free(image->refs);
	free(image->full);
	image->refs = refs;
	image->full = full;
	image->refs_size = size;
	return 0;
}

/*
 * Returns to the refcount table that is in the file, which has `size` entries and is at `offset`,
 * after a larger one could not be written. Everything after the cluster `end` belongs to that one.
 */
static void refs_shrink(struct qcow2 *image, u64 offset, u64 size, u64 end)
{
	for (u64 n = size; n < image->refs_size; n++) {
		free(image->blocks[n]);
		image->blocks[n] = NULL;
		image->refs[n] = 0;
	}
	qcow2_unmark_table(image, end << image->bits, (image->end - end) << image->bits);
	image->end = end;
	image->refs_size = size;
	image->refs_offset = offset;
}

/*
 * Writes a larger refcount table, which has an entry `index`, to the end of the file. The file uses
 * the old one until the new one and its own refcounts, which are all beyond the old one's, are on
 * the medium.
 */
static int refs_grow(struct qcow2 *image, u64 index)
{
	u64 size = grown_size(image, index), end = image->end, offset = end << image->bits;
	u64 old_offset = image->refs_offset, old_size = image->refs_size;
	int error = size * 8 > QCOW2_REFS_BYTES_MAX ? -ENOSPC : make_room(image, size);

	if (error)
		return error;
	image->refs_offset = offset;
	image->end += size * 8 >> image->bits;
	error = qcow2_mark_table(image, offset, size * 8);
	if (!error)
		error = qcow2_write_entries(image, image->refs, image->refs_size, offset);
	if (!error)
		error = qcow2_count_table(image, offset, size * 8, 1);
	if (!error)
		error = qcow2_write_header(image);
	if (error) {
		refs_shrink(image, old_offset, old_size, end);
		qcow2_restore_header(image);
		return error;
	}
	/* If the old table cannot be freed, it is leaked. */
	qcow2_count_table(image, old_offset, old_size * 8, 0);
	return 0;
}

/*
 * Writes a new refcount block with index `index` to the medium. Its own cluster is counted before
 * the file refers to it, either in this block itself or in another one.
 */
static int put_block(struct qcow2 *image, u64 index, u8 *block, u64 cluster)
{
	int error = 0;

	if (cluster / qcow2_per_block(image) == index)
		qcow2_set_bits(image, block, cluster % qcow2_per_block(image), 1);
	else
		error = refs_set(image, cluster, 1);
	if (!error)
		error = qcow2_pwrite(image, block, image->cluster, cluster << image->bits);
	return error ? error : qcow2_sync(image);
}

/*
 * Writes the table's entry for a new refcount block, which is in memory only after that. If the
 * write fails, the entry may be in the file nevertheless, so the block's cluster is not used again.
 */
static int enter_block(struct qcow2 *image, u64 index, u8 *block, u64 offset)
{
	u64 entry = htobe64(offset);
	int error = qcow2_pwrite(image, &entry, sizeof(entry), image->refs_offset + index * 8);

	if (error) {
		free(block);
		return error;
	}
	image->refs[index] = offset;
	image->blocks[index] = block;
	return 0;
}

/* Makes the refcount block with index `index`, whose refcounts are 0. */
static int new_block(struct qcow2 *image, u64 index)
{
	int error = index < image->refs_size ? pass_used(image, 1) : refs_grow(image, index);
	u64 cluster = image->end, offset = cluster << image->bits;
	u8 *block;

	if (error || image->refs[index])
		return error;
	block = calloc(image->cluster, 1);
	error = block ? qcow2_mark_table(image, offset, image->cluster) : -ENOMEM;
	if (error) {
		free(block);
		return error;
	}
	image->end++;
	error = put_block(image, index, block, cluster);
	/*
	 * Counting the block's cluster may have made another block for this index. Then this one is
	 * not needed.
	 */
	if (error || image->refs[index]) {
		free(block);
		qcow2_count_table(image, offset, image->cluster, 0);
		return error;
	}
	return enter_block(image, index, block, offset);
}

/*
 * Finds a free cluster among those that block `index` counts. If there is none, *cluster is the end
 * of their range.
 */
static int refs_find_free(struct qcow2 *image, u64 index, u64 *cluster)
{
	u64 begin = index * qcow2_per_block(image), count;
	u64 end = MIN(begin + qcow2_per_block(image), image->end);
	int error = 0;

	*cluster = image->free / qcow2_per_block(image) == index ? image->free : begin;
	for (; *cluster < end; ++*cluster) {
		error = refs_get(image, *cluster, &count);
		if (error || (!count && !qcow2_is_table(image, *cluster << image->bits)))
			break;
	}
	return error;
}

/*
 * Allocates a cluster. The search continues where the last one ended, so that a guest that discards
 * one cluster and writes two does not cause a scan of all.
 */
int qcow2_allocate(struct qcow2 *image, u64 *offset)
{
	u64 index = image->first, cluster = image->end;
	int error = qcow2_restore_header(image);

	if (error)
		return error;
	for (; index * qcow2_per_block(image) < image->end; index++) {
		u64 end = MIN((index + 1) * qcow2_per_block(image), image->end);

		if (index < image->refs_size && image->full[index])
			continue;
		error = refs_find_free(image, index, &cluster);
		if (error)
			return error;
		if (cluster < end)
			break;
		cluster = image->end;
		if (index < image->refs_size && end < image->end)
			image->full[index] = true;
	}
	image->first = MIN(index, image->end / qcow2_per_block(image));
	if (cluster == image->end) {
		error = pass_used(image, 1);
		if (error)
			return error;
		cluster = image->end++;
	}
	error = refs_set(image, cluster, 1);
	if (error)
		return error;
	image->free = cluster + 1;
	*offset = cluster << image->bits;
	return 0;
}

int qcow2_allocate_table(struct qcow2 *image, u64 size, u64 *offset)
{
	u64 clusters = (size + image->cluster - 1) >> image->bits;
	int error;

	if (clusters == 1)
		return qcow2_allocate(image, offset);
	error = image->end + clusters > CLUSTERS_MAX ? -EFBIG : qcow2_restore_header(image);
	if (!error)
		error = pass_used(image, clusters);
	if (error)
		return error;
	*offset = image->end << image->bits;
	image->end += clusters;
	error = qcow2_count_table(image, *offset, clusters << image->bits, 1);
	if (error)
		qcow2_count_table(image, *offset, clusters << image->bits, 0);
	return error;
}

void qcow2_punch(const struct qcow2 *image, u64 offset, u64 size)
{
	fallocate(image->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset,
		  (off_t)size);
}

int qcow2_release(struct qcow2 *image, u64 offset)
{
	u64 cluster = offset >> image->bits, count;
	int error = refs_get(image, cluster, &count);

	if (!error && (!count || qcow2_is_table(image, offset)))
		error = -EIO;
	if (!error)
		error = refs_set(image, cluster, count - 1);
	if (!error && count == 1)
		qcow2_punch(image, cluster << image->bits, image->cluster);
	return error;
}
