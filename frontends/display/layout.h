/* SPDX-License-Identifier: MIT */
/*
 * Finds the key of a keyboard that is not a US one (keysym.h), by what it writes: for viewers that
 * send characters to a guest with that layout (-k). libxkbcommon knows the layouts; without it
 * (layout_none.c) every keyboard is a US one.
 */
#ifndef FRONTENDS_DISPLAY_LAYOUT_H
#define FRONTENDS_DISPLAY_LAYOUT_H

#include "frontends/display/keysym.h"

struct keyboard;

/* A row for each key, and each of the four levels that Shift and AltGr have. */
#define LAYOUT_ROWS_MAX 256

struct layout {
	unsigned count; /* 0: it is a US keyboard */
	struct layout_row {
		u32 number; /* a keysym */
		struct keysym key;
	} rows[LAYOUT_ROWS_MAX];
};

/* Returns false, and one line in `why`, when the keyboard's layout cannot be had; the layout is
 * empty then. */
bool layout_read(struct layout *layout, const struct keyboard *keyboard, char *why, size_t size);

/*
 * Returns the key that writes a keysym, by choice one that does so without a change of modifiers.
 * When it is released, that is one of those held. `held` has a bit for each code.
 */
struct keysym layout_find(const struct layout *layout, u32 number, const u8 *held, bool down);

#endif
