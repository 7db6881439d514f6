/* SPDX-License-Identifier: MIT */
/* Makes the disk of a qcow2 image larger. */
#include "devices/block/qcow2_image.h"

#include "devices/block/disk.h"

#include <endian.h>
#include <errno.h>

#define SIZE_OFFSET 24 /* the offset in the header of the disk's size */

/*
 * Checks whether the image can have a disk of that size. Returns 0, or an error with a message in
 * `why`.
 */
static int check_growth(const struct qcow2 *image, u64 size, char *why)
{
	if (size > (u64)QCOW2_L1_BYTES_MAX / 8 << (2 * image->bits - 3))
		return qcow2_say(why, -EFBIG, "cannot become so large with clusters of %llu bytes",
				 image->cluster);
	if (image->snapshots.count)
		return qcow2_say(why, -ENOTSUP,
				 "has snapshots, which are of disks of its size; delete them "
				 "first");
	if (image->backing && image->backing->sectors * DISK_SECTOR > image->size)
		return qcow2_say(why, -ENOTSUP,
				 "has a larger backing file, which would appear in the new part; "
				 "`qemu-img resize` hides it");
	return 0;
}

/*
 * Clears the last cluster after the old end: it may have bytes there from a time when the disk was
 * larger.
 */
static int clear_tail(struct qcow2 *image, u64 old)
{
	const u64 end = MIN(align_up(old, image->cluster), image->size);
	int error = end > old ? qcow2_zero(image, old, end - old) : 0;

	return error ? error : qcow2_flush(image);
}

static int write_size(struct qcow2 *image, u64 size)
{
	const u64 big = htobe64(size);
	int error = qcow2_pwrite(image, &big, sizeof(big), SIZE_OFFSET);

	return error ? error : qcow2_sync(image);
}

/*
 * Writes the tables before the size that needs them, so that the image is valid whenever the host
 * stops.
 */
int qcow2_grow(struct qcow2 *image, u64 size, char *why)
{
	const u64 old = image->size;
	int error = check_growth(image, size, why);

	if (!error)
		error = qcow2_flush(image);
	if (!error)
		error = qcow2_state_drop(image, why);
	if (!error)
		error = qcow2_grow_l1(image, qcow2_state_index(image, size), why);
	if (error)
		return error;
	image->size = size;
	error = clear_tail(image, old);
	if (!error)
		error = write_size(image, size);
	if (!error)
		return 0;
	image->size = old;
	write_size(image, old);
	return error;
}
