/* SPDX-License-Identifier: MIT */
/*
 * A copy of what an output shows, for a thread that draws it while the machine continues. The copy
 * is updated rectangle by rectangle, and records which parts have not been drawn since.
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
	/* The size of `pixels`, and the damage since they were drawn. */
	struct display_scanout copy;
	bool changed; /* the size has changed */
	bool stale; /* there is something to draw */
	struct window_cursor cursor;
	u64 copied; /* the number of pixels copied since the start */
};

/*
 * Copies what has changed; the scanout itself is not modified. When out of memory for a new size,
 * the old picture stays.
 */
void window_picture_take(struct window_picture *picture, const struct display_scanout *scanout);
void window_picture_free(struct window_picture *picture);

#endif
