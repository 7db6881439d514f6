/* SPDX-License-Identifier: MIT */
/*
 * See qcow2_shadow.h. If the host stops before the header is written, the clusters of the new
 * tables are leaked.
 */
#include "devices/block/qcow2_shadow.h"

#include "devices/block/qcow2_map.h"
#include "devices/block/qcow2_refs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int damaged(const struct qcow2_shadow *shadow, const char *what)
{
	return qcow2_say(shadow->why, -EINVAL,
			 "is damaged: %s; `qemu-img check -r all` repairs "
			 "it",
			 what);
}

int qcow2_shadow_open(struct qcow2_shadow *shadow, struct qcow2 *image, char *why)
{
	int error = qcow2_flush(image);

	*shadow = (struct qcow2_shadow){ .image = image, .l1_size = image->l1_size, .why = why };
	if (error)
		return error;
	image->shadow = calloc(image->refs_size, sizeof(*image->shadow));
	shadow->l1 = calloc(MAX(image->l1_size, 1u), 8);
	shadow->l2 = malloc(image->cluster);
	if (!image->shadow || !shadow->l1 || !shadow->l2)
		return -ENOMEM;
	memcpy(shadow->l1, image->l1.entries, image->l1_size * 8ul);
	return 0;
}

void qcow2_shadow_close(struct qcow2_shadow *shadow)
{
	struct qcow2 *image = shadow->image;

	for (u64 n = 0; image->shadow && n < image->refs_size; n++)
		free(image->shadow[n]);
	free(image->shadow);
	image->shadow = NULL;
	/* Free the clusters that were taken for tables. After a commit the list is empty. */
	for (u32 n = 0; n < shadow->count && !image->broken; n++)
		qcow2_count_table(image, shadow->taken[n].offset, shadow->taken[n].size, 0);
	qcow2_snapshots_free(&shadow->snapshots);
	free(shadow->taken);
	free(shadow->l1);
	free(shadow->l2);
	free(shadow->refs);
}

int qcow2_shadow_grow(struct qcow2_shadow *shadow, u64 size)
{
	u64 *larger;

	if (size * 8 > QCOW2_L1_BYTES_MAX)
		return qcow2_say(shadow->why, -EFBIG, "has no room for a state of that size");
	larger = calloc(size, 8);
	if (!larger)
		return -ENOMEM;
	memcpy(larger, shadow->l1, shadow->l1_size * 8ul);
	free(shadow->l1);
	shadow->l1 = larger;
	shadow->l1_size = (u32)size;
	return 0;
}

static u64 refcount_max(const struct qcow2 *image)
{
	return UINT64_MAX >> (64 - image->ref_bits);
}

/* Adds `by`, 1 or -1, to the refcount of one cluster in the shadow. */
static int shadow_count(struct qcow2_shadow *shadow, u64 cluster, int by)
{
	struct qcow2 *image = shadow->image;
	u64 index = cluster / qcow2_per_block(image), n = cluster % qcow2_per_block(image), value;
	u8 *now;
	int error = qcow2_find_block(image, cluster, &now);

	if (error)
		return error;
	if (!now || !qcow2_get_bits(image, now, n))
		return damaged(shadow, "what is used counts as free");
	if (!image->shadow[index]) {
		image->shadow[index] = malloc(image->cluster);
		if (!image->shadow[index])
			return -ENOMEM;
		memcpy(image->shadow[index], now, image->cluster);
	}
	value = qcow2_get_bits(image, image->shadow[index], n);
	if (by < 0 && !value)
		return damaged(shadow, "what is used more often is counted less");
	if (by > 0 && value == refcount_max(image))
		return qcow2_say(shadow->why, -EOVERFLOW,
				 "has refcounts of %u bits, too small for "
				 "one more snapshot; `qemu-img amend -o refcount_bits=16` makes "
				 "them larger",
				 image->ref_bits);
	qcow2_set_bits(image, image->shadow[index], n, by < 0 ? value - 1 : value + 1);
	return 0;
}

/* Finds the refcount of a cluster in the shadow. */
static int users(struct qcow2_shadow *shadow, u64 cluster, u64 *value)
{
	struct qcow2 *image = shadow->image;
	u64 index = cluster / qcow2_per_block(image);
	u8 *block;
	int error = qcow2_find_block(image, cluster, &block);

	if (block && image->shadow[index])
		block = image->shadow[index];
	*value = block ? qcow2_get_bits(image, block, cluster % qcow2_per_block(image)) : 0;
	return error;
}

static int count_entry(struct qcow2_shadow *shadow, u64 entry, int by)
{
	struct qcow2 *image = shadow->image;
	u64 n, last;
	int error = 0;

	if (!qcow2_clusters_of(image, entry, &n, &last))
		return 0;
	if (!(entry & QCOW2_PACKED) && (entry & QCOW2_OFFSET & (image->cluster - 1)))
		return damaged(shadow, "data begins within a cluster");
	for (; !error && n <= last; n++)
		error = qcow2_is_table(image, n << image->bits) ?
				damaged(shadow, "data is where a table is") :
				shadow_count(shadow, n, by);
	return error;
}

int qcow2_shadow_count(struct qcow2_shadow *shadow, const u64 *l1, u32 size, int by)
{
	struct qcow2 *image = shadow->image;
	u64 entries = image->cluster / 8;
	int error = 0;

	for (u32 n = 0; !error && n < size; n++) {
		u64 host = l1[n] & QCOW2_OFFSET;

		if (!host)
			continue;
		error = qcow2_read_entries(image, shadow->l2, entries, host);
		for (u64 k = 0; !error && k < entries; k++)
			error = count_entry(shadow, shadow->l2[k], by);
		if (!error)
			error = shadow_count(shadow, host >> image->bits, by);
	}
	return error;
}

int qcow2_shadow_drop(struct qcow2_shadow *shadow, u64 offset, u64 size)
{
	unsigned bits = shadow->image->bits;
	int error = 0;

	for (u64 at = 0; !error && at < size; at += shadow->image->cluster)
		error = shadow_count(shadow, (offset + at) >> bits, -1);
	return error;
}

int qcow2_shadow_take(struct qcow2_shadow *shadow, u64 size, u64 *offset)
{
	int error;

	if (shadow->count == shadow->room) {
		u32 room = MAX(2 * shadow->room, 64u);
		struct qcow2_taken *taken = realloc(shadow->taken, room * sizeof(*taken));

		if (!taken)
			return -ENOMEM;
		shadow->taken = taken;
		shadow->room = room;
	}
	error = qcow2_allocate_table(shadow->image, size, offset);
	if (!error)
		shadow->taken[shadow->count++] = (struct qcow2_taken){ *offset, size };
	return error;
}

/* --- the flag QCOW2_COPIED of clusters that are used once --- */

static int mark_entry(struct qcow2_shadow *shadow, u64 *entry)
{
	u64 used = *entry & ~QCOW2_COPIED, first, last, value = 0;
	int error = 0;

	if (!(used & QCOW2_PACKED) && qcow2_clusters_of(shadow->image, used, &first, &last))
		error = users(shadow, first, &value);
	*entry = value == 1 ? used | QCOW2_COPIED : used;
	return error;
}

/*
 * Sets the flags of a table's entries. If one changes, the table is copied to a new place, which is
 * used once.
 */
static int mark_table(struct qcow2_shadow *shadow, u64 *entry)
{
	struct qcow2 *image = shadow->image;
	u64 entries = image->cluster / 8, old = *entry & QCOW2_OFFSET, host;
	bool changes = false;
	int error = qcow2_read_entries(image, shadow->l2, entries, old);

	for (u64 n = 0; !error && n < entries; n++) {
		u64 before = shadow->l2[n];

		error = mark_entry(shadow, &shadow->l2[n]);
		changes |= shadow->l2[n] != before;
	}
	if (error || !changes)
		return error ? error : mark_entry(shadow, entry);
	error = qcow2_shadow_take(shadow, image->cluster, &host);
	if (!error)
		error = qcow2_write_entries(image, shadow->l2, entries, host);
	*entry = host | QCOW2_COPIED;
	return error ? error : qcow2_shadow_drop(shadow, old, image->cluster);
}

static int mark_tree(struct qcow2_shadow *shadow)
{
	int error = 0;

	for (u32 n = 0; !error && n < shadow->l1_size; n++)
		if (shadow->l1[n] & QCOW2_OFFSET)
			error = mark_table(shadow, &shadow->l1[n]);
	return error;
}

/* --- the switch from the image to its shadow --- */

static int put_l1(struct qcow2_shadow *shadow)
{
	struct qcow2 *image = shadow->image;
	int error = qcow2_shadow_take(shadow, shadow->l1_size * 8ul, &shadow->l1_host);

	if (!error)
		error = qcow2_write_entries(image, shadow->l1, shadow->l1_size, shadow->l1_host);
	return error ? error : qcow2_shadow_drop(shadow, image->l1.host, image->l1_size * 8ul);
}

static int put_list(struct qcow2_shadow *shadow)
{
	struct qcow2 *image = shadow->image;
	const struct qcow2_snapshots *old = &image->snapshots;
	struct qcow2_snapshots *list = &shadow->snapshots;
	int error = 0;

	if (!shadow->listed)
		return 0;
	if (list->count)
		error = qcow2_shadow_take(shadow, list->at[list->count], &list->host);
	if (!error && list->count)
		error = qcow2_pwrite(image, list->bytes, list->at[list->count], list->host);
	if (!error && old->count)
		error = qcow2_shadow_drop(shadow, old->host, old->at[old->count]);
	return error;
}

/*
 * Allocates clusters for the refcount table. The allocation itself may enlarge the table, so it is
 * repeated until the size no longer changes.
 */
static int take_refs(struct qcow2_shadow *shadow)
{
	struct qcow2 *image = shadow->image;
	u64 size;
	int error;

	do {
		size = image->refs_size;
		error = qcow2_shadow_take(shadow, size * 8, &shadow->refs_host);
		if (!error && size != image->refs_size)
			error = qcow2_count_table(image, shadow->refs_host, size * 8, 0);
		if (!error && size != image->refs_size)
			shadow->count--;
	} while (!error && size != image->refs_size);
	return error ? error : qcow2_mark_table(image, shadow->refs_host, size * 8);
}

/* Writes the changed refcount blocks, and a refcount table that refers to them. */
static int put_refs(struct qcow2_shadow *shadow)
{
	struct qcow2 *image = shadow->image;
	u32 blocks = shadow->count, k;
	u64 offset, *refs;
	int error = 0;

	for (u64 n = 0; !error && n < image->refs_size; n++) {
		if (!image->shadow[n])
			continue;
		error = qcow2_shadow_take(shadow, image->cluster, &offset);
		if (!error)
			error = qcow2_mark_table(image, offset, image->cluster);
	}
	if (!error)
		error = take_refs(shadow);
	if (error)
		return error;
	refs = shadow->refs = malloc(image->refs_size * 8);
	if (!refs)
		return -ENOMEM;
	memcpy(refs, image->refs, image->refs_size * 8);
	k = blocks;
	for (u64 n = 0; !error && n < image->refs_size; n++)
		if (image->shadow[n]) {
			refs[n] = shadow->taken[k++].offset;
			error = qcow2_pwrite(image, image->shadow[n], image->cluster, refs[n]);
		}
	return error ? error :
		       qcow2_write_entries(image, refs, image->refs_size, shadow->refs_host);
}

/*
 * Frees the clusters whose refcounts in a block became 0, and the cluster of the old block. If that
 * fails, the old block is leaked.
 */
static void free_rest(struct qcow2 *image, u64 index, const u8 *old, u64 old_host)
{
	u64 per_block = qcow2_per_block(image), begin = 0, end = 0;

	for (u64 n = 0; n < per_block; n++) {
		u64 cluster = index * per_block + n, offset = cluster << image->bits;

		if (!qcow2_get_bits(image, old, n) ||
		    qcow2_get_bits(image, image->blocks[index], n) || qcow2_is_table(image, offset))
			continue;
		qcow2_note_free(image, cluster);
		if (offset != end) {
			qcow2_punch(image, begin, end - begin);
			begin = offset;
		}
		end = offset + image->cluster;
	}
	qcow2_punch(image, begin, end - begin);
	qcow2_punch(image, old_host, image->cluster);
	qcow2_count_table(image, old_host, image->cluster, 0);
}

/* Exchanges all tables in memory between the image and the shadow. */
static void exchange(struct qcow2_shadow *shadow)
{
	struct qcow2 *image = shadow->image;
	const struct qcow2_shadow now = {
		.l1 = image->l1.entries, .l1_host = image->l1.host, .l1_size = image->l1_size,
		.refs = image->refs, .refs_host = image->refs_offset,
	};
	const struct qcow2_snapshots list = image->snapshots;

	qcow2_forget_tables(image);
	image->l1.entries = shadow->l1;
	image->l1.host = shadow->l1_host;
	image->l1_size = shadow->l1_size;
	image->refs = shadow->refs;
	image->refs_offset = shadow->refs_host;
	shadow->l1 = now.l1;
	shadow->l1_host = now.l1_host;
	shadow->l1_size = now.l1_size;
	shadow->refs = now.refs;
	shadow->refs_host = now.refs_host;
	if (shadow->listed) {
		image->snapshots = shadow->snapshots;
		shadow->snapshots = list;
	}
	for (u64 n = 0; n < image->refs_size; n++)
		if (image->shadow[n]) {
			u8 *old = image->blocks[n];

			image->blocks[n] = image->shadow[n];
			image->shadow[n] = old;
		}
}

/* Switches the file to the shadow. After an error, memory and file have the old tables again. */
static int change_over(struct qcow2_shadow *shadow)
{
	struct qcow2 *image = shadow->image;
	int error, unmarked;

	qcow2_unmark_trees(image);
	exchange(shadow);
	error = qcow2_write_header(image);
	if (error) {
		exchange(shadow);
		qcow2_restore_header(image);
	}
	unmarked = qcow2_mark_trees(image);
	if (unmarked) {
		image->broken = unmarked;
		image->unmarked = true;
	}
	return error;
}

/*
 * Frees the clusters that are no longer used, and the old refcount table, which is now that of the
 * shadow.
 */
static void settle(struct qcow2_shadow *shadow)
{
	struct qcow2 *image = shadow->image;
	u8 **old_blocks = image->shadow;

	image->shadow = NULL;
	shadow->count = 0;
	for (u64 n = 0; n < image->refs_size; n++)
		if (old_blocks[n])
			free_rest(image, n, old_blocks[n], shadow->refs[n]);
	qcow2_punch(image, shadow->refs_host, image->refs_size * 8);
	qcow2_count_table(image, shadow->refs_host, image->refs_size * 8, 0);
	for (u64 n = 0; n < image->refs_size; n++)
		free(old_blocks[n]);
	free(old_blocks);
}

int qcow2_shadow_commit(struct qcow2_shadow *shadow)
{
	int error = mark_tree(shadow);

	if (!error)
		error = put_l1(shadow);
	if (!error)
		error = put_list(shadow);
	if (!error)
		error = put_refs(shadow);
	if (!error)
		error = change_over(shadow);
	if (!error)
		settle(shadow);
	return error;
}
