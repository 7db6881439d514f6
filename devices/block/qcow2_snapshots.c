/* SPDX-License-Identifier: MIT */
/*
 * Handles the list of snapshots: reads it, searches it, and makes a new list with one snapshot
 * added or removed.
 */
#include "devices/block/disk.h"
#include "devices/block/qcow2_image.h"
#include "devices/block/qcow2_refs.h"

#include <endian.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_MAX 65536
#define BYTES_MAX (64 * MiB)
#define EXTRA_MAX 1024
#define NO_ICOUNT UINT64_MAX

/*
 * An entry of the list in the file. The snapshot's id and name follow it, then zeros up to a
 * multiple of 8.
 */
struct record {
	u64 l1_offset;
	u32 l1_size;
	u16 id_size, name_size;
	u32 seconds, nanoseconds;
	u64 clock;
	u32 state_size, extra_size;
	/*
	 * The file has extra_size bytes of the following, perhaps with unknown fields after these.
	 */
	u64 state_size_large, disk_size, icount;
	u64 below; /* as in struct qcow2_snapshot; only temporary images have it */
} __attribute__((packed));

#define FIXED offsetof(struct record, state_size_large)
#define EXTRA (sizeof(struct record) - FIXED)
#define EXTRA_WRITTEN (offsetof(struct record, below) - FIXED)

int qcow2_say(char *why, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, QCOW2_WHY, format, args);
	va_end(args);
	return error;
}

/* Returns the size of the entry that begins with this record. */
static u64 size_of(const struct record *record)
{
	return align_up(FIXED + be32toh(record->extra_size) + be16toh(record->id_size) +
				be16toh(record->name_size),
			8);
}

static bool is_possible(const struct qcow2 *image, const struct record *record)
{
	u64 l1_bytes = (u64)be32toh(record->l1_size) * 8;

	return be32toh(record->extra_size) <= EXTRA_MAX && l1_bytes <= QCOW2_L1_BYTES_MAX &&
	       (!l1_bytes || qcow2_in_file(image, be64toh(record->l1_offset), l1_bytes));
}

/* Finds where each entry begins in the file. Returns -EINVAL if an entry is malformed. */
static int measure(const struct qcow2 *image, struct qcow2_snapshots *list)
{
	u64 limit = MIN((image->end << image->bits) - list->host, BYTES_MAX);
	struct record record;
	int error = 0;

	for (u32 n = 0; !error && n < list->count; n++) {
		if (list->at[n] + FIXED > limit)
			return -EINVAL;
		error = qcow2_pread(image, &record, FIXED, list->host + list->at[n]);
		list->at[n + 1] = list->at[n] + size_of(&record);
	}
	return !error && list->at[list->count] > limit ? -EINVAL : error;
}

/*
 * Returns whether the entries that were read into memory are valid. They are checked again because
 * the file may have changed since measure() read it.
 */
static bool are_possible(const struct qcow2 *image, const struct qcow2_snapshots *list)
{
	struct record record;

	for (u32 n = 0; n < list->count; n++) {
		memcpy(&record, list->bytes + list->at[n], FIXED);
		if (!is_possible(image, &record) ||
		    size_of(&record) != list->at[n + 1] - list->at[n])
			return false;
	}
	return true;
}

int qcow2_snapshots_open(struct qcow2 *image, u32 count, u64 offset)
{
	struct qcow2_snapshots *list = &image->snapshots;
	int error;

	if (!count)
		return 0;
	if (count > COUNT_MAX || !qcow2_in_file(image, offset, 1))
		return -EINVAL;
	*list = (struct qcow2_snapshots){ .host = offset, .count = count };
	list->at = calloc(count + 1ul, sizeof(*list->at));
	error = list->at ? measure(image, list) : -ENOMEM;
	if (error)
		return error;
	list->bytes = malloc(list->at[count]);
	error = list->bytes ? qcow2_pread(image, list->bytes, list->at[count], offset) : -ENOMEM;
	return error || are_possible(image, list) ? error : -EINVAL;
}

void qcow2_snapshots_free(struct qcow2_snapshots *list)
{
	free(list->at);
	free(list->bytes);
	*list = (struct qcow2_snapshots){ 0 };
}

static void copy_text(char *text, size_t room, const u8 *from, size_t size)
{
	size = MIN(size, room - 1);
	memcpy(text, from, size);
	text[size] = 0;
}

void qcow2_snapshot_get(const struct qcow2 *image, u32 n, struct qcow2_snapshot *snapshot)
{
	const u8 *from = image->snapshots.bytes + image->snapshots.at[n], *texts;
	struct record record = { 0 };
	struct disk_snapshot *about = &snapshot->about;
	u32 extra;

	memcpy(&record, from, FIXED);
	extra = be32toh(record.extra_size);
	memcpy(&record, from, FIXED + MIN(extra, EXTRA));
	texts = from + FIXED + extra;
	*snapshot = (struct qcow2_snapshot){
		.l1_offset = be64toh(record.l1_offset),
		.l1_size = be32toh(record.l1_size),
		.about.seconds = be32toh(record.seconds),
		.about.nanoseconds = be32toh(record.nanoseconds),
		.about.clock = be64toh(record.clock),
		.about.state_size = be32toh(record.state_size),
		.about.disk_size = align_down(image->size, DISK_SECTOR),
	};
	copy_text(about->id, sizeof(about->id), texts, be16toh(record.id_size));
	copy_text(about->name, sizeof(about->name), texts + be16toh(record.id_size),
		  be16toh(record.name_size));
	if (extra >= 8)
		about->state_size = be64toh(record.state_size_large);
	if (extra >= 16)
		about->disk_size = be64toh(record.disk_size);
	if (image->temporary)
		snapshot->below = (u32)be64toh(record.below);
}

u32 qcow2_snapshot_count(const struct qcow2 *image)
{
	return image->snapshots.count;
}

bool qcow2_snapshot_find(const struct qcow2 *image, const char *name, u32 *n,
			 struct qcow2_snapshot *snapshot)
{
	for (*n = 0; *n < image->snapshots.count; ++*n) {
		qcow2_snapshot_get(image, *n, snapshot);
		if (!strcmp(snapshot->about.name, name))
			return true;
	}
	return false;
}

/*
 * Allocates a list of `count` entries in `size` bytes, and copies the first n entries of the
 * image's list to it.
 */
static int snapshots_begin(const struct qcow2 *image, struct qcow2_snapshots *list, u32 n,
			   u32 count, u64 size)
{
	const struct qcow2_snapshots *old = &image->snapshots;

	*list = (struct qcow2_snapshots){ .count = count };
	if (!count)
		return 0;
	list->bytes = calloc(size, 1);
	list->at = calloc(count + 1ul, sizeof(*list->at));
	if (!list->bytes || !list->at) {
		qcow2_snapshots_free(list);
		return -ENOMEM;
	}
	if (n) {
		memcpy(list->at, old->at, (n + 1ul) * sizeof(*list->at));
		memcpy(list->bytes, old->bytes, old->at[n]);
	}
	return 0;
}

int qcow2_snapshots_without(const struct qcow2 *image, u32 n, struct qcow2_snapshots *list)
{
	const struct qcow2_snapshots *old = &image->snapshots;
	u64 gone = old->at[n + 1] - old->at[n], end = old->at[old->count];
	int error = snapshots_begin(image, list, n, old->count - 1, end - gone);

	if (error || !list->count)
		return error;
	for (u32 k = n; k < list->count; k++)
		list->at[k + 1] = old->at[k + 2] - gone;
	memcpy(list->bytes + old->at[n], old->bytes + old->at[n + 1], end - old->at[n + 1]);
	return 0;
}

/* Chooses an id for a new snapshot: a number larger than all existing ones, as qemu-img does. */
static void choose_id(const struct qcow2 *image, char *id, size_t room)
{
	unsigned long long highest = 0;

	for (u32 n = 0; n < image->snapshots.count; n++) {
		struct qcow2_snapshot other;
		unsigned long long number;

		qcow2_snapshot_get(image, n, &other);
		number = strtoull(other.about.id, NULL, 10);
		if (number < ULLONG_MAX)
			highest = MAX(highest, number);
	}
	snprintf(id, room, "%llu", highest + 1);
}

/* Makes the fixed part of an entry of the image's list. */
static struct record record_of(const struct qcow2 *image, const struct qcow2_snapshot *one)
{
	const struct disk_snapshot *about = &one->about;

	return (struct record){
		.l1_offset = htobe64(one->l1_offset),
		.l1_size = htobe32(one->l1_size),
		.id_size = htobe16((u16)strlen(about->id)),
		.name_size = htobe16((u16)strlen(about->name)),
		.seconds = htobe32(about->seconds),
		.nanoseconds = htobe32(about->nanoseconds),
		.clock = htobe64(about->clock),
		.state_size = htobe32((u32)about->state_size),
		.extra_size = htobe32(image->temporary ? EXTRA : EXTRA_WRITTEN),
		.state_size_large = htobe64(about->state_size),
		.disk_size = htobe64(about->disk_size),
		.icount = htobe64(NO_ICOUNT),
		.below = htobe64(one->below),
	};
}

/* Appends entry n to a list that has the room for it. */
static void put_entry(struct qcow2_snapshots *list, u32 n, const struct record *record,
		      const struct disk_snapshot *about)
{
	u64 fixed = FIXED + be32toh(record->extra_size);
	u8 *to = list->bytes + list->at[n];

	list->at[n + 1] = list->at[n] + size_of(record);
	memcpy(to, record, fixed);
	memcpy(to + fixed, about->id, strlen(about->id));
	memcpy(to + fixed + strlen(about->id), about->name, strlen(about->name));
}

int qcow2_snapshots_with(const struct qcow2 *image, struct qcow2_snapshot *added,
			 struct qcow2_snapshots *list)
{
	const struct qcow2_snapshots *old = &image->snapshots;
	u64 end = old->count ? old->at[old->count] : 0;
	struct record record;
	int error;

	choose_id(image, added->about.id, sizeof(added->about.id));
	record = record_of(image, added);
	if (old->count == COUNT_MAX || end + size_of(&record) > BYTES_MAX)
		return -EFBIG;
	error = snapshots_begin(image, list, old->count, old->count + 1, end + size_of(&record));
	if (!error)
		put_entry(list, old->count, &record, &added->about);
	return error;
}

/* Reads the nth snapshot of the image beneath as one of an overlay, and its record. */
static struct record inherit(const struct qcow2 *image, u32 n, struct qcow2_snapshot *one)
{
	qcow2_snapshot_get(image->backing->qcow2, n, one);
	one->l1_offset = one->l1_size = 0;
	one->below = n + 1;
	return record_of(image, one);
}

int qcow2_snapshots_inherited(const struct qcow2 *image, struct qcow2_snapshots *list)
{
	const u32 count = image->backing->qcow2->snapshots.count;
	struct qcow2_snapshot one;
	struct record record;
	u64 size = 0;
	int error;

	for (u32 n = 0; n < count; n++) {
		record = inherit(image, n, &one);
		size += size_of(&record);
	}
	error = snapshots_begin(image, list, 0, count, size);
	for (u32 n = 0; !error && n < count; n++) {
		record = inherit(image, n, &one);
		put_entry(list, n, &record, &one.about);
	}
	return error;
}

/*
 * A function that is called for each table of the active tree, for the list of snapshots, and for
 * each snapshot's L1 table.
 */
typedef int visit_table(struct qcow2 *image, u64 offset, u64 size);

static int visit_tables(struct qcow2 *image, visit_table *visit)
{
	const struct qcow2_snapshots *list = &image->snapshots;
	int error = visit(image, image->l1.host, (u64)image->l1_size * 8);

	for (u32 n = 0; !error && n < image->l1_size; n++)
		if (image->l1.entries[n] & QCOW2_OFFSET)
			error = visit(image, image->l1.entries[n] & QCOW2_OFFSET, image->cluster);
	if (!error && list->count)
		error = visit(image, list->host, list->at[list->count]);
	for (u32 n = 0; !error && n < list->count; n++) {
		struct qcow2_snapshot one;

		qcow2_snapshot_get(image, n, &one);
		if (one.l1_size)
			error = visit(image, one.l1_offset, (u64)one.l1_size * 8);
	}
	return error;
}

int qcow2_mark_trees(struct qcow2 *image)
{
	return visit_tables(image, qcow2_mark_table);
}

static int unmark(struct qcow2 *image, u64 offset, u64 size)
{
	qcow2_unmark_table(image, offset, size);
	return 0;
}

void qcow2_unmark_trees(struct qcow2 *image)
{
	visit_tables(image, unmark);
}
