/* SPDX-License-Identifier: MIT */
/*
 * A copy of what an output shows, for a thread that draws it while the machine goes on: it is
 * brought up to date rectangle by rectangle, and keeps what of it was not drawn yet.
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_PICTURE_H
#define FRONTENDS_DISPLAY_WINDOW_PICTURE_H

#include "devices/board/screen.h"

struct window_cursor {
	bool visible, changed;
	s32 x, y;
	u32 hot_x, hot_y;
	u32 pixels[DISPLAY_CURSOR_SIDE * DISPLAY_CURSOR_SIDE];
};

struct window_picture {
	u32 *pixels; /* 0x00RRGGBB; NULL: the output is off */
	struct display_scanout copy; /* of it: size and damage */
	bool changed; /* another size */
	bool stale; /* something is to be drawn */
	struct window_cursor cursor;
	u64 copied; /* pixels, ever */
};

/* Take what changed; the scanout itself is left alone. Keeps the old when there is no memory. */
void window_picture_take(struct window_picture *picture, const struct display_scanout *scanout);
void window_picture_free(struct window_picture *picture);

#endif
