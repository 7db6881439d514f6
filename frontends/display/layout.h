/* SPDX-License-Identifier: MIT */
/*
 * Finds the key of a keyboard other than a US one (keysym.h) by what it writes, for viewers that
 * send characters to a guest that has this layout (-k). libxkbcommon provides the layouts; without
 * it (layout_none.c) every keyboard is treated as a US one.
 */
#ifndef FRONTENDS_DISPLAY_LAYOUT_H
#define FRONTENDS_DISPLAY_LAYOUT_H

#include "frontends/display/keysym.h"

struct keyboard;

/*
 * There is a row for each keysym that a key writes: up to four per key, with and without Shift and
 * AltGr.
 */
#define LAYOUT_ROWS_MAX 256

struct layout {
	unsigned count; /* 0: it is a US keyboard */
	struct layout_row {
		u32 number; /* a keysym */
		struct keysym key;
	} rows[LAYOUT_ROWS_MAX];
};

/*
 * Reads the layout of a keyboard. Returns false, with one line in `why` and an empty layout, if
 * libxkbcommon cannot read it.
 */
bool layout_read(struct layout *layout, const struct keyboard *keyboard, char *why, size_t size);

/*
 * Returns the key that writes a keysym, preferably one that writes it with the modifiers that are
 * held now. For a release (`down` is false) it is preferably one of the keys that are held. `held`
 * has one bit for each evdev code.
 */
struct keysym layout_find(const struct layout *layout, u32 number, const u8 *held, bool down);

#endif
