/* SPDX-License-Identifier: MIT */
/* Copies pictures: converts all pixels to one format, and copies each damaged pixel once. */
#include "frontends/display/window_picture.h"

#include <stdlib.h>
#include <string.h>

static bool window_picture_resize(struct window_picture *picture,
				  const struct display_surface *surface)
{
	struct display_surface *now = &picture->copy.surface;
	u32 *pixels = NULL;

	if (surface->pixels) {
		pixels = calloc((size_t)surface->width * surface->height, sizeof(*pixels));
		if (!pixels)
			return false;
	}
	free(picture->pixels);
	picture->pixels = pixels;
	*now = (struct display_surface){ (const u8 *)pixels, surface->width, surface->height,
					 surface->width * sizeof(*pixels), DISPLAY_BGRX };
	picture->copy.damage.count = 0;
	picture->changed = true;
	return true;
}

static void window_picture_copy(struct window_picture *picture, const struct display_surface *from,
				const struct display_rect *rect)
{
	u32 bytes = display_bytes(from->format);

	for (u32 y = rect->y; y < rect->y + rect->height; y++) {
		const u8 *row = from->pixels + y * from->stride + (u64)rect->x * bytes;

		display_convert(from->format, row, picture->pixels + (u64)y * from->width + rect->x,
				rect->width);
	}
	picture->copied += (u64)rect->width * rect->height;
	display_damaged(&picture->copy, rect);
}

static void take_cursor(struct window_picture *picture, const struct display_scanout *scanout)
{
	struct window_cursor *cursor = &picture->cursor;
	const struct display_cursor *from = &scanout->cursor;

	cursor->x = from->x;
	cursor->y = from->y;
	if (!scanout->cursor_changed)
		return;
	cursor->visible = from->visible;
	cursor->hot_x = from->hot_x;
	cursor->hot_y = from->hot_y;
	if (from->visible)
		memcpy(cursor->pixels, from->pixels, sizeof(cursor->pixels));
	cursor->changed = true;
}

void window_picture_take(struct window_picture *picture, const struct display_scanout *scanout)
{
	const struct display_surface *from = &scanout->surface, *now = &picture->copy.surface;
	bool same = from->width == now->width && from->height == now->height &&
		    !from->pixels == !now->pixels;

	picture->stale = true;
	if (scanout->cursor_moved || scanout->cursor_changed)
		take_cursor(picture, scanout);
	if (!same && !window_picture_resize(picture, from))
		return;
	for (unsigned n = 0; from->pixels && n < scanout->damage.count; n++)
		window_picture_copy(picture, from, &scanout->damage.rects[n]);
}

void window_picture_free(struct window_picture *picture)
{
	free(picture->pixels);
	picture->pixels = NULL;
}
