/* SPDX-License-Identifier: MIT */
/*
 * A byte stream between a device and a character device of the host (a terminal, file or socket),
 * which the frontend implements. The device fills in its half (room, is_open, event, sink), and the
 * frontend its own (write, guest_opened, tty_*). Bytes for the machine always pass through the
 * journal, and so do events at the host's end.
 */
#ifndef DEVICES_CHARDEV_H
#define DEVICES_CHARDEV_H

#include "bus/base.h"
#include "bus/journal.h"

/* Events at the host's end. */
enum chardev_event {
	CHARDEV_OPENED, /* it was connected */
	CHARDEV_CLOSED,
	CHARDEV_BUSY, /* it accepts no more bytes for now */
	CHARDEV_READY, /* it accepts bytes again */
	CHARDEV_SIZED, /* it is a terminal, and has this size now (columns, rows) */
	CHARDEV_ENDED, /* it will never send bytes again */
	CHARDEV_BREAK, /* it sends a break, which only a serial line can transmit */
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
	/* Input comes from a terminal, and output goes to one. */
	bool tty_in, tty_out;
	/*
	 * Device's half: returns how many bytes the device can accept now. NULL: it never accepts
	 * any.
	 */
	size_t (*room)(void *device);
	/*
	 * Passes bytes to a device that is not part of the machine, without the journal. NULL for a
	 * device of the machine.
	 */
	void (*take)(void *device, const u8 *data, size_t size);
	/*
	 * Returns whether a program in the guest has opened its end. NULL: the device cannot know.
	 */
	bool (*is_open)(void *device);
	/*
	 * Passes an event to the guest; columns and rows are for CHARDEV_SIZED. NULL: the device
	 * ignores events.
	 */
	void (*event)(void *device, enum chardev_event event, u16 columns, u16 rows);
	/*
	 * Called when the keyboard, which several devices share, goes to this one. NULL: the device
	 * ignores that.
	 */
	void (*focused)(void *device);
	/*
	 * The device writes nothing while the host's end is busy. If this is false, the machine
	 * must not run during that time.
	 */
	bool heeds_busy;
	void *device;
	unsigned sink;
};

/* Passes bytes of the guest to the frontend. */
static inline void chardev_write(struct chardev *chardev, const u8 *data, size_t size)
{
	if (chardev->write)
		chardev->write(chardev->ctx, data, size);
}

/* Returns how many bytes the device can accept now. */
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
 * Passes an event to the guest, between two slices of the run loop. Returns false if the device
 * ignores events.
 */
static inline bool chardev_send_event(struct chardev *chardev, enum chardev_event event)
{
	if (chardev->event)
		chardev->event(chardev->device, event, 0, 0);
	return chardev->event != NULL;
}

/* Passes the size of the host's terminal to the guest, between two slices of the run loop. */
static inline void chardev_resize(struct chardev *chardev, u16 columns, u16 rows)
{
	if (chardev->event)
		chardev->event(chardev->device, CHARDEV_SIZED, columns, rows);
}

#endif
