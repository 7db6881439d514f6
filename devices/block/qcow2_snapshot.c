/* SPDX-License-Identifier: MIT */
/*
 * Creates, applies and deletes snapshots: determines the new trees and refcounts of each operation.
 */
#include "devices/block/disk.h"
#include "devices/block/qcow2_map.h"
#include "devices/block/qcow2_refs.h"
#include "devices/block/qcow2_shadow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

u32 qcow2_state_index(const struct qcow2 *image, u64 disk_size)
{
	unsigned shift = 2 * image->bits - 3;

	return (u32)((disk_size + BIT(shift) - 1) >> shift);
}

static int snapshot_compare(const void *a, const void *b)
{
	u64 one = *(const u64 *)a, other = *(const u64 *)b;

	return one < other ? -1 : one > other;
}

/*
 * Returns the sorted offsets of the L2 tables in the file, which the caller frees. Sets *count to
 * their number.
 */
static u64 *sort_places(const u64 *l1, u32 size, u32 *count)
{
	u64 *places = calloc(MAX(size, 1u), 8);

	*count = 0;
	for (u32 n = 0; places && n < size; n++)
		if (l1[n] & QCOW2_OFFSET)
			places[(*count)++] = l1[n] & QCOW2_OFFSET;
	if (places)
		qsort(places, *count, 8, snapshot_compare);
	return places;
}

/* Checks that each L2 table of a snapshot occurs only once, and is not a table of another kind. */
static int check_tree(const struct qcow2 *image, const u64 *l1, u32 size)
{
	u32 count, active_count;
	u64 *places = sort_places(l1, size, &count);
	u64 *active = sort_places(image->l1.entries, image->l1_size, &active_count);
	int error = places && active ? 0 : -ENOMEM;

	for (u32 n = 0; !error && n < count; n++)
		if ((n && places[n] == places[n - 1]) ||
		    (qcow2_is_table(image, places[n]) &&
		     !bsearch(&places[n], active, active_count, 8, snapshot_compare)))
			error = -EINVAL;
	free(places);
	free(active);
	return error;
}

/* Reads the L1 table of a snapshot to *l1, which the caller frees. */
static int read_tree(const struct qcow2 *image, const struct qcow2_snapshot *one, u64 **l1,
		     char *why)
{
	int error = qcow2_read_l1(image, one->l1_offset, one->l1_size, l1);

	if (!error)
		error = check_tree(image, *l1, one->l1_size);
	return error == -EINVAL ? qcow2_say(why, error,
					    "is damaged: a table of its snapshot '%s' "
					    "is invalid",
					    one->about.name) :
				  error;
}

/* Drops the clusters after the guest's disk, which contain the machine's state, from the shadow. */
static int drop_state(struct qcow2_shadow *shadow)
{
	u32 index = MIN(qcow2_state_index(shadow->image, shadow->image->size), shadow->l1_size);
	int error = qcow2_shadow_count(shadow, shadow->l1 + index, shadow->l1_size - index, -1);

	memset(shadow->l1 + index, 0, (shadow->l1_size - index) * 8ul);
	return error;
}

/*
 * Frees the clusters of the state that nothing else uses, from L1 index `index` on. If the host's
 * disk is full, this makes room for the tables without the state.
 */
static int free_state(struct qcow2 *image, u32 index)
{
	unsigned shift = 2 * image->bits - 3;
	u64 end = (u64)image->l1_size << shift;
	struct qcow2_run run;
	int error = 0;

	for (u64 offset = (u64)index << shift; !error && offset < end; offset += run.size) {
		error = qcow2_map(image, offset, end - offset, &run);
		for (u64 at = 0; !error && run.in_place && at < run.size; at += image->cluster)
			error = qcow2_remap(image, offset + at, 0);
	}
	return error;
}

int qcow2_state_drop(struct qcow2 *image, char *why)
{
	struct qcow2_shadow shadow;
	u32 n = qcow2_state_index(image, image->size);
	int error;

	while (n < image->l1_size && !image->l1.entries[n])
		n++;
	if (n >= image->l1_size)
		return 0;
	error = free_state(image, n);
	if (error)
		return error;
	error = qcow2_shadow_open(&shadow, image, why);
	if (!error)
		error = drop_state(&shadow);
	if (!error)
		error = qcow2_shadow_commit(&shadow);
	qcow2_shadow_close(&shadow);
	return error;
}

int qcow2_grow_l1(struct qcow2 *image, u64 size, char *why)
{
	struct qcow2_shadow shadow;
	int error;

	if (size <= image->l1_size)
		return 0;
	/*
	 * The table grows by more than is needed now, so that it does not grow for each new entry.
	 */
	size = MAX(size, MIN(image->l1_size * 3ull / 2, QCOW2_L1_BYTES_MAX / 8));
	error = qcow2_shadow_open(&shadow, image, why);
	if (!error)
		error = qcow2_shadow_grow(&shadow, size);
	if (!error)
		error = qcow2_shadow_commit(&shadow);
	qcow2_shadow_close(&shadow);
	return error;
}

/*
 * Writes the snapshot's own L1 table: the active table's entries for the disk, and those for the
 * machine's state if the snapshot has one.
 */
static int put_l1(struct qcow2_shadow *shadow, struct qcow2_snapshot *one)
{
	struct qcow2 *image = shadow->image;
	u32 index = MIN(qcow2_state_index(image, image->size), image->l1_size);
	u64 *l1 = calloc(MAX(image->l1_size, 1u), 8);
	int error;

	if (!l1)
		return -ENOMEM;
	one->l1_size = one->about.state_size ? image->l1_size : index;
	for (u32 n = 0; n < one->l1_size; n++)
		l1[n] = image->l1.entries[n] & QCOW2_OFFSET;
	error = qcow2_shadow_take(shadow, one->l1_size * 8ul, &one->l1_offset);
	if (!error)
		error = qcow2_write_entries(image, l1, one->l1_size, one->l1_offset);
	free(l1);
	return error;
}

/*
 * Adds the snapshot as one more user of the disk's clusters. The state's clusters pass from the
 * active tree to the snapshot, or are dropped if it has no state.
 */
static int snapshot_create(struct qcow2_shadow *shadow, struct qcow2_snapshot *one)
{
	struct qcow2 *image = shadow->image;
	u32 index = MIN(qcow2_state_index(image, image->size), image->l1_size);
	int error = qcow2_shadow_count(shadow, shadow->l1, index, 1);

	if (!error && !one->about.state_size)
		error = drop_state(shadow);
	memset(shadow->l1 + index, 0, (shadow->l1_size - index) * 8ul);
	if (!error)
		error = put_l1(shadow, one);
	if (!error)
		error = qcow2_snapshots_with(image, one, &shadow->snapshots);
	shadow->listed = true;
	return error == -EFBIG ?
		       qcow2_say(shadow->why, error, "has no room for one snapshot more") :
		       error;
}

int qcow2_snapshot_create(struct qcow2 *image, const struct disk_snapshot *about, char *why)
{
	struct qcow2_snapshot one = { .about = *about };
	struct qcow2_shadow shadow;
	int error = qcow2_shadow_open(&shadow, image, why);

	one.about.disk_size = align_down(image->size, DISK_SECTOR);
	one.below = qcow2_shown(image);
	if (!error)
		error = snapshot_create(&shadow, &one);
	if (!error)
		error = qcow2_shadow_commit(&shadow);
	qcow2_shadow_close(&shadow);
	return error;
}

/* Reads the snapshot and its L1 table. Fails if the snapshot is of a disk of another size. */
static int read_alike(const struct qcow2 *image, u32 n, struct qcow2_snapshot *one, u64 **l1,
		      char *why)
{
	qcow2_snapshot_get(image, n, one);
	if (one->about.disk_size / DISK_SECTOR != image->size / DISK_SECTOR)
		return qcow2_say(why, -EINVAL,
				 "has %llu bytes now and had %llu at its snapshot "
				 "'%s'; `qemu-img snapshot -a` changes that",
				 image->size, one->about.disk_size, one->about.name);
	return read_tree(image, one, l1, why);
}

int qcow2_snapshot_check(const struct qcow2 *image, u32 n, char *why)
{
	struct qcow2_snapshot one;
	u64 *l1 = NULL;
	int error = read_alike(image, n, &one, &l1, why);

	if (!error)
		error = qcow2_show_check(image, one.below, why);
	free(l1);
	return error;
}

/* Replaces the active tree by the snapshot's, but without the snapshot's state. */
static int apply(struct qcow2_shadow *shadow, const u64 *l1, u32 size)
{
	struct qcow2 *image = shadow->image;
	int error = qcow2_shadow_count(shadow, shadow->l1, shadow->l1_size, -1);

	size = MIN(size, qcow2_state_index(image, image->size));
	if (!error)
		error = qcow2_shadow_count(shadow, l1, size, 1);
	memset(shadow->l1, 0, shadow->l1_size * 8ul);
	memcpy(shadow->l1, l1, MIN(size, shadow->l1_size) * 8ul);
	return error;
}

int qcow2_snapshot_apply(struct qcow2 *image, u32 n, char *why)
{
	struct qcow2_snapshot one;
	struct qcow2_shadow shadow;
	const u32 shown = qcow2_shown(image);
	u64 *l1 = NULL;
	int error = qcow2_shadow_open(&shadow, image, why);
	char again[QCOW2_WHY];

	if (!error)
		error = read_alike(image, n, &one, &l1, why);
	if (!error)
		error = apply(&shadow, l1, one.l1_size);
	if (!error)
		error = qcow2_show(image, one.below, why);
	if (!error)
		error = qcow2_shadow_commit(&shadow);
	if (error)
		qcow2_show(image, shown, again);
	qcow2_shadow_close(&shadow);
	free(l1);
	return error;
}

static int delete (struct qcow2_shadow *shadow, u32 n)
{
	struct qcow2 *image = shadow->image;
	struct qcow2_snapshot one;
	u64 *l1 = NULL;
	int error;

	qcow2_snapshot_get(image, n, &one);
	error = read_tree(image, &one, &l1, shadow->why);
	if (!error)
		error = qcow2_shadow_count(shadow, l1, one.l1_size, -1);
	if (!error)
		error = qcow2_shadow_drop(shadow, one.l1_offset, one.l1_size * 8ul);
	if (!error)
		error = qcow2_snapshots_without(image, n, &shadow->snapshots);
	shadow->listed = true;
	free(l1);
	return error;
}

int qcow2_snapshot_delete(struct qcow2 *image, u32 n, char *why)
{
	struct qcow2_shadow shadow;
	int error = qcow2_shadow_open(&shadow, image, why);

	if (!error)
		error = delete (&shadow, n);
	if (!error)
		error = qcow2_shadow_commit(&shadow);
	qcow2_shadow_close(&shadow);
	return error;
}
