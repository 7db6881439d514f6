/* SPDX-License-Identifier: MIT */
/*
 * A byte stream between a device and whatever the frontend put at its other end (terminal, file,
 * socket). The device fills in its half (room, sink), the frontend its own (write). Bytes for the
 * guest always pass the journal.
 */
#ifndef DEVICES_CHARDEV_H
#define DEVICES_CHARDEV_H

#include "bus/base.h"
#include "bus/journal.h"

struct chardev {
	/* Frontend's half: the guest wrote. NULL: the bytes are dropped. Must not block long. */
	void (*write)(void *ctx, const u8 *data, size_t size);
	void *ctx;
	/* Device's half: how many bytes the device can take now; NULL: nobody reads. */
	size_t (*room)(void *device);
	void *device;
	unsigned sink;
};

static inline void chardev_write(struct chardev *chardev, const u8 *data, size_t size)
{
	if (chardev->write)
		chardev->write(chardev->ctx, data, size);
}

static inline size_t chardev_room(struct chardev *chardev)
{
	return chardev->room ? chardev->room(chardev->device) : 0;
}

/* Give at most chardev_room() bytes to the guest, between two slices of the run loop. */
static inline void chardev_put(struct chardev *chardev, struct journal *journal, const u8 *data,
			       size_t size)
{
	journal_put(journal, chardev->sink, data, size);
}

#endif
