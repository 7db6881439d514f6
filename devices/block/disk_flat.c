/* SPDX-License-Identifier: MIT */
/* See disk_flat.h. */
#include "devices/block/disk_flat.h"

#include "bus/ram.h"
#include "devices/block/disk.h"
#include "devices/block/disk_overlay.h"
#include "devices/block/disk_pieces.h"
#include "devices/block/qcow2.h"

#include <errno.h>
#include <unistd.h>

#define STEP (64 * KiB)

/* Copies a range; zeros become holes. */
static int flat_range(struct disk *disk, int fd, u64 offset, u64 size)
{
	static_assert(DISK_SECTOR % 32 == 0, "ram_is_zero takes sectors");
	u8 data[STEP];
	int error = 0;

	for (u64 end = offset + size, part; !error && offset < end; offset += part) {
		struct iovec iov = { .iov_base = data }, again = iov;

		part = MIN(end - offset, STEP - offset % STEP);
		iov.iov_len = again.iov_len = part;
		error = disk->ops->read(disk, offset, &iov, 1);
		if (!error && !ram_is_zero(data, part))
			error = pieces_write(&(struct pieces){ &again, 1 }, fd, offset, part);
	}
	return error;
}

/* Copies all. Without a backing file, what the image does not have is zeros. */
static int flat_all(struct disk *disk, int fd)
{
	u64 offset = 0, end = disk->sectors * DISK_SECTOR, size;
	struct qcow2_backing backing;
	int found, error = 0;

	if (ftruncate(fd, (off_t)end))
		return -errno;
	if (qcow2_backing(disk->qcow2, &backing))
		return flat_range(disk, fd, 0, end);
	while (!error && (found = qcow2_next(disk->qcow2, &offset, &size)) != 0 && offset < end) {
		error = found < 0 ? found : flat_range(disk, fd, offset, MIN(size, end - offset));
		offset += size;
	}
	return error;
}

int disk_make_flat(struct disk *disk)
{
	struct disk file = { .fd = disk_overlay_file(), .sectors = disk->sectors }, flat;
	int error = file.fd < 0 ? file.fd : flat_all(disk, file.fd);

	if (!error)
		error = disk_open_again(&flat, &file, true);
	if (file.fd >= 0)
		close(file.fd);
	if (error)
		return error;
	disk_close(disk);
	*disk = flat;
	return 0;
}
