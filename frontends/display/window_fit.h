/* SPDX-License-Identifier: MIT */
/*
 * Computes the position and size of a picture in a window, and converts points of the window to
 * points of the picture.
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_FIT_H
#define FRONTENDS_DISPLAY_WINDOW_FIT_H

#include "bus/base.h"

struct window_fit {
	/*
	 * The position of the picture's top left corner in the window; negative: the picture is cut
	 * off.
	 */
	s32 x, y;
	u32 width, height; /* the size of the picture as shown */
	u32 picture_width, picture_height;
};

/*
 * Returns the largest fit that keeps the picture's aspect ratio, centred in the window. If
 * `integer` is set, the picture is scaled by a whole number, unless it is larger than the window.
 */
struct window_fit window_fit(u32 window_width, u32 window_height, u32 width, u32 height,
			     bool integer);

/*
 * Converts pixels of the window to pixels of the picture. A point outside of the picture becomes
 * the nearest point of its edge.
 */
void window_fit_point(const struct window_fit *fit, s32 *x, s32 *y);

/*
 * The length of a window's side, both in the desktop's points and in pixels: a point may consist of
 * several pixels. window_fit_pixel returns the pixel of a point; the first and the last point
 * become the first and the last pixel. window_fit_points returns how many points are needed for a
 * number of pixels.
 */
struct window_side {
	u32 points, pixels;
};
s32 window_fit_pixel(struct window_side side, s32 point);
u32 window_fit_points(struct window_side side, u32 pixels);

#endif
