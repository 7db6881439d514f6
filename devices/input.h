/* SPDX-License-Identifier: MIT */
/*
 * Events of keyboards and pointers, from a frontend to a device, as in Linux's evdev
 * (include/uapi/linux/input-event-codes.h). They pass through the journal as reports: a report is
 * some events and an EV_SYN, and the guest receives all of it or nothing.
 */
#ifndef DEVICES_INPUT_H
#define DEVICES_INPUT_H

#include "bus/base.h"
#include "bus/journal.h"

#define INPUT_REPORT_MAX 8 /* in events, including the final EV_SYN */
#define INPUT_ABS_MAX 0x7fff /* the largest coordinate of a tablet, in both directions */

enum { EV_SYN = 0, EV_KEY = 1, EV_REL = 2, EV_ABS = 3, EV_LED = 0x11, EV_REP = 0x14 };
enum { REL_X = 0, REL_Y = 1, REL_HWHEEL = 6, REL_WHEEL = 8 };
enum { ABS_X = 0, ABS_Y = 1 };
enum {
	BTN_LEFT = 0x110,
	BTN_RIGHT,
	BTN_MIDDLE,
	BTN_SIDE,
	BTN_EXTRA,
	BTN_GEAR_DOWN = 0x150,
	BTN_GEAR_UP,
};

/* An event, little-endian as on the host. This is also the layout in virtio (5.8.6). */
struct input_event {
	u16 type, code;
	u32 value;
};

enum input_kind { INPUT_KEYBOARD, INPUT_TABLET, INPUT_MOUSE, INPUT_KINDS };

/* An input device, as a frontend finds it through the board. */
struct input {
	enum input_kind kind;
	/* Returns how many events the device can accept now; 0 if it has no driver. */
	size_t (*room)(void *device);
	bool (*listens)(void *device); /* returns whether a driver uses the device */
	void *device;
	u32 leds; /* as the guest has set them: bit 0 num lock, 1 caps lock, 2 scroll lock */
	unsigned sink;
};

/*
 * Sends one report to the guest, between two slices of the run loop. A report that does not fit is
 * dropped as a whole.
 */
static inline void input_put(struct input *input, struct journal *journal,
			     const struct input_event *events, unsigned count)
{
	journal_put(journal, input->sink, events, count * sizeof(*events));
}

#endif
