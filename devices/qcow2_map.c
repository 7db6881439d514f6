/* SPDX-License-Identifier: MIT */
/* From an offset of the guest to a place in the file: two levels of tables, some in memory. */
#include "devices/qcow2_parts.h"

#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Index of the L1 entry, and of the one in its L2 table. */
static u64 first_index(const struct qcow2 *image, u64 offset)
{
	return offset >> (2 * image->bits - 3);
}

static u64 second_index(const struct qcow2 *image, u64 offset)
{
	return offset >> image->bits & (image->cluster / 8 - 1);
}

/* A place in memory for the table at `host`: its own, or that of the one that goes. */
static int cache(struct qcow2 *image, u64 host, struct qcow2_table **table, bool *there)
{
	for (unsigned n = 0; n < QCOW2_L2_CACHED; n++)
		if (image->l2[n].host == host) {
			*table = &image->l2[n];
			*there = true;
			return 0;
		}
	*there = false;
	*table = &image->l2[image->l2_next++ % QCOW2_L2_CACHED];
	(*table)->host = 0;
	if (!(*table)->entries)
		(*table)->entries = malloc(image->cluster);
	return (*table)->entries ? 0 : -ENOMEM;
}

static int load(struct qcow2 *image, u64 host, struct qcow2_table **table)
{
	bool there;
	int error = cache(image, host, table, &there);

	if (error || there)
		return error;
	error = qcow2_pread(image, (*table)->entries, image->cluster, host);
	if (error)
		return error;
	for (u64 n = 0; n < image->cluster / 8; n++)
		(*table)->entries[n] = be64toh((*table)->entries[n]);
	(*table)->host = host;
	return 0;
}

static enum qcow2_kind kind_of(const struct qcow2 *image, u64 entry)
{
	if (entry & QCOW2_PACKED)
		return QCOW2_IS_PACKED;
	if (image->version >= 3 && (entry & QCOW2_ZERO))
		return QCOW2_IS_ZERO;
	return entry & QCOW2_OFFSET ? QCOW2_IS_DATA : QCOW2_IS_BACKING;
}

/* Does an entry go on where a run of clusters ends? */
static bool goes_on(const struct qcow2 *image, const struct qcow2_run *run, u64 entry, u64 host)
{
	if (kind_of(image, entry) != run->kind || run->kind == QCOW2_IS_PACKED)
		return false;
	return run->kind != QCOW2_IS_DATA ||
	       ((entry & QCOW2_OFFSET) == host && !(entry & QCOW2_COPIED) == !run->in_place);
}

int qcow2_map(struct qcow2 *image, u64 offset, u64 size, struct qcow2_run *run)
{
	u64 host = image->l1[first_index(image, offset)] & QCOW2_OFFSET;
	u64 n = second_index(image, offset), within = offset & (image->cluster - 1);
	u64 whole = (image->cluster / 8 - n) * image->cluster - within;
	struct qcow2_table *table;
	int error;

	*run = (struct qcow2_run){ .kind = QCOW2_IS_BACKING, .size = MIN(size, whole) };
	if (!host)
		return 0;
	error = load(image, host, &table);
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

static int write_entry(struct qcow2 *image, u64 offset, u64 entry)
{
	entry = htobe64(entry);
	return qcow2_pwrite(image, &entry, sizeof(entry), offset);
}

/* A table of its own at `index` of L1: new, or a copy of one that a snapshot has, too. */
static int own_table(struct qcow2 *image, u64 index)
{
	u64 old = image->l1[index] & QCOW2_OFFSET, host;
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
	if (!error)
		error = write_entry(image, image->l1_offset + index * 8, host | QCOW2_COPIED);
	if (error)
		return error;
	image->l1[index] = host | QCOW2_COPIED;
	if (!old)
		return 0;
	qcow2_unmark_table(image, old);
	return qcow2_release(image, old);
}

/* What an entry said is not used any more. */
static int release(struct qcow2 *image, u64 entry)
{
	unsigned bits = 62 - (image->bits - 8);
	u64 first = entry & (BIT(bits) - 1), sectors = (entry & ~(3ull << 62)) >> bits;
	u64 last = align_down(first, 512) + sectors * 512 + 511;
	int error = 0;

	if (!(entry & QCOW2_PACKED))
		return entry & QCOW2_OFFSET ? qcow2_release(image, entry & QCOW2_OFFSET) : 0;
	for (u64 n = first >> image->bits; !error && n <= last >> image->bits; n++)
		error = qcow2_release(image, n << image->bits);
	return error;
}

int qcow2_remap(struct qcow2 *image, u64 offset, u64 entry)
{
	u64 index = first_index(image, offset), n = second_index(image, offset), old;
	struct qcow2_table *table;
	int error = 0;

	if (!(image->l1[index] & QCOW2_COPIED))
		error = own_table(image, index);
	if (!error)
		error = load(image, image->l1[index] & QCOW2_OFFSET, &table);
	if (error)
		return error;
	old = table->entries[n];
	error = write_entry(image, table->host + n * 8, entry);
	if (error)
		return error;
	table->entries[n] = entry;
	return release(image, old);
}
