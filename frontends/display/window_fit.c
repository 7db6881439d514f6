/* SPDX-License-Identifier: MIT */
/* This file computes in 64 bits, so that no possible size of a window or a picture overflows. */
#include "frontends/display/window_fit.h"

struct window_fit window_fit(u32 window_width, u32 window_height, u32 width, u32 height,
			     bool integer)
{
	struct window_fit fit = { .picture_width = width, .picture_height = height };
	u32 times;

	if (!width || !height || !window_width || !window_height)
		return fit;
	times = MIN(window_width / width, window_height / height);
	if (integer && times) {
		fit.width = width * times;
		fit.height = height * times;
	} else if ((u64)window_width * height <= (u64)window_height * width) {
		fit.width = window_width;
		fit.height = (u32)MAX((u64)height * window_width / width, 1u);
	} else {
		fit.height = window_height;
		fit.width = (u32)MAX((u64)width * window_height / height, 1u);
	}
	fit.x = ((s32)window_width - (s32)fit.width) / 2;
	fit.y = ((s32)window_height - (s32)fit.height) / 2;
	return fit;
}

/* Scales position `at` of `from` pixels to a position of `to` pixels. When it scales up, the first
 * and the last position stay the first and the last. */
static s32 window_fit_scale(s32 at, u32 from, u32 to)
{
	s64 scaled;

	if (at < 0 || !from || !to)
		return 0;
	if (to > from && from > 1)
		scaled = ((s64)at * (to - 1) + (from - 1) / 2) / (from - 1);
	else
		scaled = (s64)at * to / from;
	return (s32)MIN(scaled, (s64)to - 1);
}

void window_fit_point(const struct window_fit *fit, s32 *x, s32 *y)
{
	*x = window_fit_scale(*x - fit->x, fit->width, fit->picture_width);
	*y = window_fit_scale(*y - fit->y, fit->height, fit->picture_height);
}

s32 window_fit_pixel(struct window_side side, s32 point)
{
	return window_fit_scale(point, side.points, side.pixels);
}

u32 window_fit_points(struct window_side side, u32 pixels)
{
	return side.pixels ? (u32)(((u64)pixels * side.points + side.pixels - 1) / side.pixels) :
			     pixels;
}
