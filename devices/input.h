/* SPDX-License-Identifier: MIT */
/*
 * Events of keyboards and pointers, from a frontend to a device, in the terms of Linux' evdev
 * (include/uapi/linux/input-event-codes.h). They pass the journal as reports: a report is some
 * events and an EV_SYN, and the guest sees all of it or nothing.
 */
#ifndef DEVICES_INPUT_H
#define DEVICES_INPUT_H

#include "bus/base.h"
#include "bus/journal.h"

#define INPUT_REPORT_MAX 8 /* events, the final EV_SYN included */
#define INPUT_ABS_MAX 0x7fff /* the far edge of a tablet, both ways */

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

/* Little-endian, as the host is; also the layout in virtio (5.8.6). */
struct input_event {
	u16 type, code;
	u32 value;
};

enum input_kind { INPUT_KEYBOARD, INPUT_TABLET, INPUT_MOUSE, INPUT_KINDS };

/* The device's half of a connection; a frontend finds it through the board. */
struct input {
	enum input_kind kind;
	/* Returns how many events the device can take now; 0 if no driver listens. */
	size_t (*room)(void *device);
	bool (*listens)(void *device); /* returns whether a driver listens */
	void *device;
	u32 leds; /* what the guest set: bit 0 num lock, 1 caps lock, 2 scroll lock */
	unsigned sink;
};

/*
 * Puts one report, between two slices of the run loop. A report that does not fit is dropped whole.
 */
static inline void input_put(struct input *input, struct journal *journal,
			     const struct input_event *events, unsigned count)
{
	journal_put(journal, input->sink, events, count * sizeof(*events));
}

#endif
