/* SPDX-License-Identifier: MIT */
/*
 * Keys: by their place on a keyboard (the usage of USB's keyboard page, which are also SDL's
 * scancodes), by the name that the monitor's sendkey has for them, and by the code of Linux' evdev
 * that guests get. What is printed on a key is the guest's business.
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

/* evdev's code; 0 when the key has none. */
u16 keymap_code(u32 scancode);

/* By name, or by a number as 0x1e; 0: no such key. */
u16 keymap_named(const char *name);

/* QEMU's numbers of keys are those of AT keyboards, which evdev's are up to here. */
#define KEYMAP_NUMBER_MAX 0x58

/* The n-th of all keys; NULL: there are fewer. */
const struct keymap_key *keymap_key(unsigned n);

/* A name for an error: the nearest. */
const char *keymap_nearest(const char *name);

#endif
