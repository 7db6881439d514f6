/* SPDX-License-Identifier: MIT */
/*
 * Maps offsets of the guest's disk to offsets in the file, by two levels of tables, some of which
 * are cached in memory. Changes of tables stay in memory until the clusters to which they refer are
 * on the medium (qcow2_flush), and old clusters are freed only after that. So whenever the host
 * stops, some clusters may be leaked, but nothing else is lost.
 */
#include "devices/block/qcow2_map.h"

#include "devices/block/qcow2_image.h"
#include "devices/block/qcow2_refs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/*
 * The next two functions return the index of the L1 entry, and that of the entry in its L2 table.
 */
static u64 first_index(const struct qcow2 *image, u64 offset)
{
	return offset >> (2 * image->bits - 3);
}

static u64 second_index(const struct qcow2 *image, u64 offset)
{
	return offset >> image->bits & (image->cluster / 8 - 1);
}

/*
 * Returns the table that is evicted from the cache: one without changes, so that nothing has to be
 * written, and reads succeed when writes and flushes fail. There is one, as qcow2_remap() limits
 * the number of tables with changes.
 */
static struct qcow2_table *next_evicted(struct qcow2 *image)
{
	struct qcow2_table *table;

	do
		table = &image->l2[image->l2_next++ % QCOW2_L2_CACHED];
	while (table->end);
	return table;
}

/*
 * Finds the place in the cache for the table at `host`. Sets *there to whether the table is in it
 * already; if not, another table may have been evicted.
 */
static int cache(struct qcow2 *image, u64 host, struct qcow2_table **table, bool *there)
{
	for (unsigned n = 0; n < QCOW2_L2_CACHED; n++)
		if (image->l2[n].host == host) {
			*table = &image->l2[n];
			*there = true;
			return 0;
		}
	*there = false;
	*table = next_evicted(image);
	(*table)->host = 0;
	if (!(*table)->entries)
		(*table)->entries = malloc(image->cluster);
	return (*table)->entries ? 0 : -ENOMEM;
}

static int map_load(struct qcow2 *image, u64 host, struct qcow2_table **table)
{
	bool there;
	int error = cache(image, host, table, &there);

	if (error || there)
		return error;
	error = qcow2_read_entries(image, (*table)->entries, image->cluster / 8, host);
	if (!error)
		(*table)->host = host;
	return error;
}

static enum qcow2_kind kind_of(const struct qcow2 *image, u64 entry)
{
	if (entry & QCOW2_PACKED)
		return QCOW2_IS_PACKED;
	if (image->version >= 3 && (entry & QCOW2_ZERO))
		return QCOW2_IS_ZERO;
	return entry & QCOW2_OFFSET ? QCOW2_IS_DATA : QCOW2_IS_BACKING;
}

/* Returns whether the entry continues the run of clusters, the next of which would be at `host`. */
static bool goes_on(const struct qcow2 *image, const struct qcow2_run *run, u64 entry, u64 host)
{
	if (kind_of(image, entry) != run->kind || run->kind == QCOW2_IS_PACKED)
		return false;
	return run->kind != QCOW2_IS_DATA ||
	       ((entry & QCOW2_OFFSET) == host && !(entry & QCOW2_COPIED) == !run->in_place);
}

int qcow2_map(struct qcow2 *image, u64 offset, u64 size, struct qcow2_run *run)
{
	u64 host = image->l1.entries[first_index(image, offset)] & QCOW2_OFFSET;
	u64 n = second_index(image, offset), within = offset & (image->cluster - 1);
	u64 whole = (image->cluster / 8 - n) * image->cluster - within;
	struct qcow2_table *table;
	int error;

	*run = (struct qcow2_run){ .kind = QCOW2_IS_BACKING, .size = MIN(size, whole) };
	if (!host)
		return 0;
	error = map_load(image, host, &table);
	if (error)
		return error;
	run->entry = table->entries[n];
	run->kind = kind_of(image, run->entry);
	host = run->entry & QCOW2_OFFSET;
	if (run->kind == QCOW2_IS_DATA && (host & (image->cluster - 1)))
		return -EIO;
	run->host = host + within;
	run->in_place = run->kind == QCOW2_IS_DATA && (run->entry & QCOW2_COPIED);
	run->size = image->cluster - within;
	while (run->size < size && ++n < image->cluster / 8) {
		host += image->cluster;
		if (!goes_on(image, run, table->entries[n], host))
			break;
		run->size += image->cluster;
	}
	run->size = MIN(run->size, size);
	return 0;
}

static int write_changes(struct qcow2 *image, const struct qcow2_table *table)
{
	if (!table->end)
		return 0;
	return qcow2_write_entries(image, table->entries + table->first, table->end - table->first,
				   table->host + table->first * 8);
}

/* Changes an entry. Its old cluster is freed when the change has been written to the file. */
static void change(struct qcow2 *image, struct qcow2_table *table, u64 n, u64 entry)
{
	u64 old = table->entries[n];

	table->entries[n] = entry;
	table->first = table->end ? MIN(table->first, n) : n;
	table->end = MAX(table->end, n + 1);
	image->changed = true;
	if (old & (QCOW2_PACKED | QCOW2_OFFSET))
		image->freed[image->freed_count++] = old;
}

/* Drops the cached copy of an older table that was at that place. */
static void map_forget(struct qcow2 *image, u64 host)
{
	for (unsigned n = 0; n < QCOW2_L2_CACHED; n++)
		if (image->l2[n].host == host)
			image->l2[n].host = image->l2[n].end = 0;
}

/*
 * Gives the L1 entry `index` an L2 table that no snapshot shares: a new one, or a copy of the
 * shared one.
 */
static int own_table(struct qcow2 *image, u64 index)
{
	u64 old = image->l1.entries[index] & QCOW2_OFFSET, host;
	u8 *bytes;
	int error = qcow2_allocate(image, &host);

	if (error)
		return error;
	bytes = calloc(image->cluster, 1);
	error = bytes ? qcow2_mark_table(image, host, image->cluster) : -ENOMEM;
	if (!error && old)
		error = qcow2_pread(image, bytes, image->cluster, old);
	if (!error)
		error = qcow2_pwrite(image, bytes, image->cluster, host);
	free(bytes);
	if (error) {
		qcow2_count_table(image, host, image->cluster, 0);
		return error;
	}
	map_forget(image, host);
	change(image, &image->l1, index, host | QCOW2_COPIED);
	if (old)
		qcow2_unmark_table(image, old, image->cluster);
	return 0;
}

bool qcow2_clusters_of(const struct qcow2 *image, u64 entry, u64 *first, u64 *last)
{
	unsigned bits = 62 - (image->bits - 8);
	u64 begin = entry & (BIT(bits) - 1), sectors = (entry & ~(3ull << 62)) >> bits;

	if (!(entry & QCOW2_PACKED)) {
		*first = *last = (entry & QCOW2_OFFSET) >> image->bits;
		return entry & QCOW2_OFFSET;
	}
	*first = begin >> image->bits;
	*last = (align_down(begin, 512) + sectors * 512 + 511) >> image->bits;
	return true;
}

/* Releases the clusters of an old entry. Those for which that fails are leaked. */
static void map_release(struct qcow2 *image, u64 entry)
{
	u64 n, last;

	if (qcow2_clusters_of(image, entry, &n, &last))
		for (; n <= last; n++)
			qcow2_release(image, n << image->bits);
}

/* Writes changed tables to the file. The clusters to which they refer must be on the medium. */
static int write_tables(struct qcow2 *image)
{
	int error = write_changes(image, &image->l1);

	for (unsigned n = 0; !error && n < QCOW2_L2_CACHED; n++)
		error = write_changes(image, &image->l2[n]);
	return error ? error : qcow2_sync(image);
}

int qcow2_flush(struct qcow2 *image)
{
	int error = qcow2_restore_header(image);

	if (!error)
		error = qcow2_sync(image);
	if (error || !image->changed)
		return error;
	error = write_tables(image);
	if (error)
		return error;
	image->changed = false;
	image->l1.end = 0;
	for (unsigned n = 0; n < QCOW2_L2_CACHED; n++)
		image->l2[n].end = 0;
	while (image->freed_count)
		map_release(image, image->freed[--image->freed_count]);
	return 0;
}

void qcow2_forget_tables(struct qcow2 *image)
{
	for (unsigned n = 0; n < QCOW2_L2_CACHED; n++)
		image->l2[n].host = image->l2[n].end = 0;
}

bool qcow2_changed(const struct qcow2 *image)
{
	return image->changed;
}

/* Returns whether a change of the table would leave too few tables without changes in the cache. */
static bool is_one_too_many(const struct qcow2 *image, const struct qcow2_table *table)
{
	unsigned changed = 0;

	if (table->end)
		return false;
	for (unsigned n = 0; n < QCOW2_L2_CACHED; n++)
		changed += image->l2[n].end > 0;
	return changed >= QCOW2_L2_CHANGED_MAX;
}

int qcow2_remap(struct qcow2 *image, u64 offset, u64 entry)
{
	u64 index = first_index(image, offset);
	struct qcow2_table *table;
	int error = 0;

	/* A remap may free two entries: a table, and the cluster of the old entry. */
	if (image->freed_count + 2 > QCOW2_FREED_MAX)
		error = qcow2_flush(image);
	if (!error && !(image->l1.entries[index] & QCOW2_COPIED))
		error = own_table(image, index);
	if (!error)
		error = map_load(image, image->l1.entries[index] & QCOW2_OFFSET, &table);
	if (!error && is_one_too_many(image, table))
		error = qcow2_flush(image);
	if (!error)
		change(image, table, second_index(image, offset), entry);
	return error;
}
