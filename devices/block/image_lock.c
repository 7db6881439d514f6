/* SPDX-License-Identifier: MIT */
/* Locks of images, which QEMU understands. See image_lock.h. */
#include "devices/block/image_lock.h"

#include <errno.h>
#include <fcntl.h>

/*
 * QEMU's locks of images, which any number of machines can hold at once: byte LOCK_USED + n is
 * locked by those that do operation n, and LOCK_REFUSED + n by those that allow no other to do it.
 * A machine that finds the opposite byte of one of its own locked must not open the image. All
 * machines refuse others the writing.
 */
#define LOCK_USED 100
#define LOCK_REFUSED 200

enum { LOCK_READS = 0, LOCK_WRITES = 1, LOCK_RESIZES = 3 };

/* Bytes that a user locks, and bytes that nobody else may have locked. */
static const int lock_bytes[2][5] = {
	/* write */ { LOCK_USED + LOCK_READS, LOCK_USED + LOCK_WRITES, LOCK_USED + LOCK_RESIZES,
		      LOCK_REFUSED + LOCK_WRITES, LOCK_REFUSED + LOCK_RESIZES },
	/* read */ { LOCK_USED + LOCK_READS, LOCK_REFUSED + LOCK_WRITES,
		     LOCK_REFUSED + LOCK_RESIZES },
};

static int lock_byte(int fd, int command, short type, int byte, struct flock *lock)
{
	int error;

	*lock = (struct flock){ .l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1 };
	do
		error = fcntl(fd, command, lock) ? -errno : 0;
	while (error == -EINTR);
	return error;
}

int image_lock(int fd, bool readonly)
{
	const int *bytes = lock_bytes[readonly];
	struct flock found;
	int error = 0;

	for (unsigned n = 0; !error && n < 5 && bytes[n]; n++)
		error = lock_byte(fd, F_OFD_SETLK, F_RDLCK, bytes[n], &found);
	for (unsigned n = 0; !error && n < 5 && bytes[n]; n++) {
		int other = bytes[n] < LOCK_REFUSED ? bytes[n] + LOCK_REFUSED - LOCK_USED :
						      bytes[n] - LOCK_REFUSED + LOCK_USED;

		error = lock_byte(fd, F_OFD_GETLK, F_WRLCK, other, &found);
		if (!error && found.l_type != F_UNLCK)
			return -EBUSY;
	}
	return error == -EAGAIN || error == -EACCES ? -EBUSY : 0;
}
