/* SPDX-License-Identifier: MIT */
/*
 * A copy of what an output shows, for a thread that draws it while the machine goes on. The copy is
 * updated rectangle by rectangle, and remembers which parts were not drawn yet.
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
	struct display_scanout copy; /* size and damage of `pixels` */
	bool changed; /* it has another size */
	bool stale; /* something has to be drawn */
	struct window_cursor cursor;
	u64 copied; /* pixels copied since the start */
};

/* Copies what changed and leaves the scanout itself alone. Without memory the old picture stays. */
void window_picture_take(struct window_picture *picture, const struct display_scanout *scanout);
void window_picture_free(struct window_picture *picture);

#endif
