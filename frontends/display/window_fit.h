/* SPDX-License-Identifier: MIT */
/* Where a picture lies in a window, and where on the picture a point of the window is. */
#ifndef FRONTENDS_DISPLAY_WINDOW_FIT_H
#define FRONTENDS_DISPLAY_WINDOW_FIT_H

#include "bus/base.h"

struct window_fit {
	s32 x, y; /* of the picture's corner in the window; negative: it is cut */
	u32 width, height; /* as shown */
	u32 picture_width, picture_height;
};

/* As large as fits, in the middle, its shape kept; by whole numbers if `integer` and it fits. */
struct window_fit window_fit(u32 window_width, u32 window_height, u32 width, u32 height,
			     bool integer);

/* Pixels of the window to pixels of the picture; beyond its edge: the edge. */
void window_fit_point(const struct window_fit *fit, s32 *x, s32 *y);

/*
 * The side of a window, in the desktop's points and in pixels, of which there may be several to a
 * point. A point's pixel, the edges at the edges; and how many points so many pixels need.
 */
struct window_side {
	u32 points, pixels;
};
s32 window_fit_pixel(struct window_side side, s32 point);
u32 window_fit_points(struct window_side side, u32 pixels);

#endif
