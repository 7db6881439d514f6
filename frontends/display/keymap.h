/* SPDX-License-Identifier: MIT */
/*
 * The table of keys. A key is identified by its place on a keyboard (its usage ID on the keyboard
 * page of USB HID, which is also SDL's scancode), by its name in the monitor's command sendkey, and
 * by Linux' evdev code, which guests receive. Which character a key writes is decided by the guest.
 */
#ifndef FRONTENDS_DISPLAY_KEYMAP_H
#define FRONTENDS_DISPLAY_KEYMAP_H

#include "bus/base.h"

#define KEYMAP_POWER 116 /* the power button's evdev code */

struct keymap_key {
	u16 scancode;
	u16 code; /* evdev */
	const char *name; /* QEMU's name; NULL: none */
};

/* Returns the evdev code of the key with an SDL scancode; 0 if it has none. */
u16 keymap_code(u32 scancode);

/*
 * Returns the evdev code of a key that is given by its name, or by a number such as 0x1e; 0 if
 * there is no such key.
 */
u16 keymap_named(const char *name);

/* QEMU's numbers are the scan codes of AT keyboards; up to this one they equal evdev's codes. */
#define KEYMAP_NUMBER_MAX 0x58

/* Returns the n-th key of the table; NULL if there are not that many. */
const struct keymap_key *keymap_key(unsigned n);

/*
 * Returns the name that is most similar to a wrong one, for an error message; NULL if none is
 * similar.
 */
const char *keymap_nearest(const char *name);

#endif
