/* SPDX-License-Identifier: MIT */
/*
 * A byte stream between a device and the host's end, which the frontend has (a terminal, file or
 * socket). The device fills in its half (room, is_open, tell, sink), and the frontend its own
 * (write, guest_opened). Bytes for the machine always pass the journal, and so does news of the
 * host's end.
 */
#ifndef DEVICES_CHARDEV_H
#define DEVICES_CHARDEV_H

#include "bus/base.h"
#include "bus/journal.h"

/* News of the host's end, which: */
enum chardev_news {
	CHARDEV_OPENED, /* connected */
	CHARDEV_CLOSED,
	CHARDEV_BUSY, /* takes no more bytes for now */
	CHARDEV_READY, /* takes bytes again */
	CHARDEV_SIZED, /* is a terminal of this size (columns, rows) */
	CHARDEV_ENDED, /* will never send bytes again */
	CHARDEV_BREAK, /* sends a break, which only a serial line can carry */
};

struct chardev {
	/*
	 * Frontend's half: called when the guest writes. NULL: the bytes are dropped. Must not
	 * block long.
	 */
	void (*write)(void *ctx, const u8 *data, size_t size);
	/*
	 * Called when a program in the guest opens its end, or closes it. NULL: the frontend
	 * ignores this.
	 */
	void (*guest_opened)(void *ctx, bool open);
	void *ctx;
	/* Device's half: returns how many bytes the device can take now; NULL: it takes none. */
	size_t (*room)(void *device);
	/*
	 * Takes the bytes at once, for a device that is no part of the machine. NULL: the journal
	 * does.
	 */
	void (*take)(void *device, const u8 *data, size_t size);
	/*
	 * Returns whether a program in the guest has opened its end. NULL: the device cannot know.
	 */
	bool (*is_open)(void *device);
	/* Passes news to the guest; columns and rows with CHARDEV_SIZED. NULL: it cannot. */
	void (*tell)(void *device, enum chardev_news news, u16 columns, u16 rows);
	/*
	 * The device writes nothing while the host's end is busy. If clear, the machine must not
	 * run then.
	 */
	bool heeds_busy;
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

/* Gives at most chardev_room() bytes to the guest, between two slices of the run loop. */
static inline void chardev_put(struct chardev *chardev, struct journal *journal, const u8 *data,
			       size_t size)
{
	if (chardev->take)
		chardev->take(chardev->device, data, size);
	else
		journal_put(journal, chardev->sink, data, size);
}

/*
 * Passes news to the guest, between two slices of the run loop. Returns false if the device does
 * not use news.
 */
static inline bool chardev_tell(struct chardev *chardev, enum chardev_news news)
{
	if (chardev->tell)
		chardev->tell(chardev->device, news, 0, 0);
	return chardev->tell != NULL;
}

static inline void chardev_resize(struct chardev *chardev, u16 columns, u16 rows)
{
	if (chardev->tell)
		chardev->tell(chardev->device, CHARDEV_SIZED, columns, rows);
}

#endif
