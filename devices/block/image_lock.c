/* SPDX-License-Identifier: MIT */
/* Locks images in a way that is compatible with QEMU. See image_lock.h. */
#include "devices/block/image_lock.h"

#include <errno.h>
#include <fcntl.h>

/*
 * QEMU's locks of images. They are shared locks, so any number of machines can hold each at the
 * same time. A machine that performs operation n on the image locks byte LOCK_USED + n; one that
 * does not allow others to perform it locks byte LOCK_REFUSED + n. A machine must not open the
 * image if, for a byte that it locks, another machine has locked the opposite byte, that is, the
 * other of the two. No machine allows others to write.
 */
#define LOCK_USED 100
#define LOCK_REFUSED 200

enum { LOCK_READS = 0, LOCK_WRITES = 1, LOCK_RESIZES = 3 };

/* The bytes that a user of the image locks. Nobody else may have locked the opposite ones. */
static const struct {
	int byte;
	bool reader; /* readers lock it, too; others only writers */
} lock_bytes[] = {
	{ LOCK_USED + LOCK_READS, true },	{ LOCK_USED + LOCK_WRITES, false },
	{ LOCK_USED + LOCK_RESIZES, false },	{ LOCK_REFUSED + LOCK_WRITES, true },
	{ LOCK_REFUSED + LOCK_RESIZES, true },
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

/* Locks the bytes of a reader or of a writer, and unlocks all others. */
static int lock_put(int fd, bool readonly)
{
	struct flock lock;
	int error = 0;

	for (unsigned n = 0; !error && n < ARRAY_SIZE(lock_bytes); n++)
		error = lock_byte(fd, F_OFD_SETLK,
				  lock_bytes[n].reader || !readonly ? F_RDLCK : F_UNLCK,
				  lock_bytes[n].byte, &lock);
	return error;
}

int image_lock(int fd, bool readonly)
{
	struct flock found;
	int error = lock_put(fd, readonly);

	for (unsigned n = 0; !error && n < ARRAY_SIZE(lock_bytes); n++) {
		int byte = lock_bytes[n].byte;
		int other = byte < LOCK_REFUSED ? byte + LOCK_REFUSED - LOCK_USED :
						  byte - LOCK_REFUSED + LOCK_USED;

		if (readonly && !lock_bytes[n].reader)
			continue;
		error = lock_byte(fd, F_OFD_GETLK, F_WRLCK, other, &found);
		if (!error && found.l_type != F_UNLCK)
			return -EBUSY;
	}
	return error == -EAGAIN || error == -EACCES ? -EBUSY : 0;
}
