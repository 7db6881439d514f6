/* SPDX-License-Identifier: MIT */
/*
 * The table of keys. A key is known by its place on a keyboard (the usage number of USB's keyboard
 * page, which is also SDL's scancode), by the name that the monitor's sendkey has for it, and by
 * the code of Linux' evdev that guests get. What is printed on a key is the guest's business.
 */
#ifndef FRONTENDS_DISPLAY_KEYMAP_H
#define FRONTENDS_DISPLAY_KEYMAP_H

#include "bus/base.h"

#define KEYMAP_POWER 116 /* the power button's evdev code */

struct keymap_key {
	u16 scancode;
	u16 code; /* evdev */
	const char *name; /* QEMU's; NULL: none */
};

/* Returns the key's evdev code; 0 when it has none. */
u16 keymap_code(u32 scancode);

/* Finds a key by its name, or by a number such as 0x1e. Returns its evdev code; 0: no such key. */
u16 keymap_named(const char *name);

/* QEMU numbers keys as AT keyboards do; up to this number evdev's codes are the same. */
#define KEYMAP_NUMBER_MAX 0x58

/* Returns the n-th key of the table; NULL: there are fewer. */
const struct keymap_key *keymap_key(unsigned n);

/* Returns the name that is nearest to a wrong one, for an error message; NULL: none is near. */
const char *keymap_nearest(const char *name);

#endif
