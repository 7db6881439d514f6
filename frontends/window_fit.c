/* SPDX-License-Identifier: MIT */
/* The arithmetic of scaling, in 64 bits: no size that a window or a picture can have overflows. */
#include "frontends/window_fit.h"

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

static s32 scale(s32 at, u32 shown, u32 picture)
{
	s64 scaled;

	if (at < 0 || !shown)
		return 0;
	scaled = (s64)at * picture / shown;
	return (s32)MIN(scaled, (s64)picture - 1);
}

void window_fit_point(const struct window_fit *fit, s32 *x, s32 *y)
{
	*x = scale(*x - fit->x, fit->width, fit->picture_width);
	*y = scale(*y - fit->y, fit->height, fit->picture_height);
}
