/* SPDX-License-Identifier: MIT */
/*
 * Computes where a picture lies in a window, and which point of the picture a point of the window
 * is.
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_FIT_H
#define FRONTENDS_DISPLAY_WINDOW_FIT_H

#include "bus/base.h"

struct window_fit {
	s32 x, y; /* the picture's corner in the window; negative: it is cut off */
	u32 width, height; /* as shown */
	u32 picture_width, picture_height;
};

/* Makes the picture as large as fits, in the middle of the window, and keeps its shape; it is
 * scaled by a whole number if `integer` is set and the picture fits. */
struct window_fit window_fit(u32 window_width, u32 window_height, u32 width, u32 height,
			     bool integer);

/* Converts pixels of the window to pixels of the picture; a point beyond its edge becomes the
 * edge. */
void window_fit_point(const struct window_fit *fit, s32 *x, s32 *y);

/*
 * The length of a window's side, both in the desktop's points and in pixels; a point may have
 * several pixels. window_fit_pixel converts a point to its pixel, the edges to the edges;
 * window_fit_points says how many points so many pixels need.
 */
struct window_side {
	u32 points, pixels;
};
s32 window_fit_pixel(struct window_side side, s32 point);
u32 window_fit_points(struct window_side side, u32 pixels);

#endif
