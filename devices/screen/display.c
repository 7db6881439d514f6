/* SPDX-License-Identifier: MIT */
/*
 * Keeps the damage of displays, and converts all pixel formats to one. Damage (the changed part of
 * a picture) is a short list of rectangles in which no pixel occurs twice. Rectangles are joined if
 * that adds few pixels; if there is no room in the list, all of them are.
 */
#include "devices/screen/display.h"

#include <string.h>

/* The size of a pixel, and the byte offsets of red, green, blue and alpha in it; 4: absent. */
struct byte_order {
	u8 bytes, red, green, blue, alpha;
};

#define NO_ALPHA 4

static const struct byte_order orders[DISPLAY_FORMATS] = {
	[DISPLAY_BGRX] = { 4, 2, 1, 0, NO_ALPHA },
	[DISPLAY_BGRA] = { 4, 2, 1, 0, 3 },
	[DISPLAY_XRGB] = { 4, 1, 2, 3, NO_ALPHA },
	[DISPLAY_ARGB] = { 4, 1, 2, 3, 0 },
	[DISPLAY_RGBX] = { 4, 0, 1, 2, NO_ALPHA },
	[DISPLAY_RGBA] = { 4, 0, 1, 2, 3 },
	[DISPLAY_XBGR] = { 4, 3, 2, 1, NO_ALPHA },
	[DISPLAY_ABGR] = { 4, 3, 2, 1, 0 },
	[DISPLAY_RGB565] = { .bytes = 2 },
	[DISPLAY_BGR888] = { 3, 2, 1, 0, NO_ALPHA },
};

u32 display_bytes(enum display_format format)
{
	return orders[format].bytes;
}

/* Converts pixels with 5, 6 and 5 bits, each of which is expanded to 8 bits. */
static void convert_565(const u8 *from, u32 *to, u32 count)
{
	for (u32 i = 0; i < count; i++, from += 2) {
		u32 pixel = from[0] | (u32)from[1] << 8;
		u32 red = pixel >> 11, green = pixel >> 5 & 0x3f, blue = pixel & 0x1f;

		red = red << 3 | red >> 2;
		green = green << 2 | green >> 4;
		blue = blue << 3 | blue >> 2;
		to[i] = red << 16 | green << 8 | blue;
	}
}

void display_convert(enum display_format format, const u8 *from, u32 *to, u32 count)
{
	struct byte_order order = orders[format];

	if (format == DISPLAY_RGB565) {
		convert_565(from, to, count);
		return;
	}
	if (format == DISPLAY_BGRA) {
		memcpy(to, from, (size_t)count * sizeof(*to));
		return;
	}
	for (u32 i = 0; i < count; i++, from += order.bytes) {
		u32 alpha = order.alpha == NO_ALPHA ? 0 : from[order.alpha];

		to[i] = alpha << 24 | (u32)from[order.red] << 16 | (u32)from[order.green] << 8 |
			from[order.blue];
	}
}

bool display_intersect(const struct display_rect *a, const struct display_rect *b,
		       struct display_rect *both)
{
	u64 left = MAX(a->x, b->x), top = MAX(a->y, b->y);
	u64 right = MIN((u64)a->x + a->width, (u64)b->x + b->width);
	u64 bottom = MIN((u64)a->y + a->height, (u64)b->y + b->height);

	if (left >= right || top >= bottom)
		return false;
	*both = (struct display_rect){ (u32)left, (u32)top, (u32)(right - left),
				       (u32)(bottom - top) };
	return true;
}

bool display_clip(struct display_rect *rect, u32 width, u32 height)
{
	const struct display_rect all = { .width = width, .height = height };
	const struct display_rect given = *rect;

	return display_intersect(&given, &all, rect);
}

/* Returns the bounding rectangle of both. They are within a surface, so no sum wraps around. */
static struct display_rect join(const struct display_rect *a, const struct display_rect *b)
{
	u32 left = MIN(a->x, b->x), top = MIN(a->y, b->y);
	u32 right = MAX(a->x + a->width, b->x + b->width);
	u32 bottom = MAX(a->y + a->height, b->y + b->height);

	return (struct display_rect){ left, top, right - left, bottom - top };
}

static u64 area(const struct display_rect *rect)
{
	return (u64)rect->width * rect->height;
}

/*
 * Returns whether joining the two adds no pixels, or only a few, as for rows that scroll or the
 * letters of a line.
 */
static bool worth_joining(const struct display_rect *a, const struct display_rect *b)
{
	struct display_rect both = join(a, b);

	return area(&both) <= area(a) + area(b) + area(&both) / 8;
}

/*
 * Adds those pixels of `part` that are not in the list's rectangles from index `first` on. They are
 * added as up to four strips around each rectangle that `part` overlaps. Returns false if there is
 * no room.
 */
static bool damage_add(struct display_damage *damage, unsigned first,
		       const struct display_rect *part)
{
	struct display_rect both = { 0 };
	u32 bottom, right;

	while (first < damage->count && !display_intersect(&damage->rects[first], part, &both))
		first++;
	if (first == damage->count) {
		if (damage->count == DISPLAY_DAMAGE_MAX)
			return false;
		damage->rects[damage->count++] = *part;
		return true;
	}
	bottom = both.y + both.height;
	right = both.x + both.width;
	const struct display_rect strips[] = {
		{ part->x, part->y, part->width, both.y - part->y },
		{ part->x, bottom, part->width, part->y + part->height - bottom },
		{ part->x, both.y, both.x - part->x, both.height },
		{ right, both.y, part->x + part->width - right, both.height },
	};

	for (unsigned n = 0; n < ARRAY_SIZE(strips); n++)
		if (strips[n].width && strips[n].height &&
		    !damage_add(damage, first + 1, &strips[n]))
			return false;
	return true;
}

/* Moves rectangles that are worth joining from the list into `part`. */
static void gather(struct display_damage *damage, struct display_rect *part)
{
	unsigned i = 0;

	while (i < damage->count) {
		if (!worth_joining(&damage->rects[i], part)) {
			i++;
			continue;
		}
		*part = join(&damage->rects[i], part);
		damage->rects[i] = damage->rects[--damage->count];
		i = 0;
	}
}

void display_damaged(struct display_scanout *scanout, const struct display_rect *rect)
{
	struct display_damage *damage = &scanout->damage;
	struct display_rect part = *rect;

	if (!scanout->surface.pixels ||
	    !display_clip(&part, scanout->surface.width, scanout->surface.height))
		return;
	gather(damage, &part);
	if (damage_add(damage, 0, &part))
		return;
	for (unsigned i = 0; i < damage->count; i++)
		part = join(&damage->rects[i], &part);
	damage->rects[0] = part;
	damage->count = 1;
}

static void damage_all(struct display_scanout *scanout)
{
	const struct display_rect all = { .width = scanout->surface.width,
					  .height = scanout->surface.height };

	scanout->damage.count = 0;
	display_damaged(scanout, &all);
}

void display_show(struct display_scanout *scanout, const struct display_surface *surface)
{
	const struct display_surface *now = &scanout->surface;

	if (now->width != surface->width || now->height != surface->height ||
	    !now->pixels != !surface->pixels)
		scanout->surface_changed = true;
	scanout->surface = *surface;
	damage_all(scanout);
}

void display_renew(struct display *display)
{
	for (unsigned n = 0; n < display->count; n++) {
		struct display_scanout *scanout = &display->scanouts[n];

		scanout->surface_changed = true;
		scanout->cursor_moved = scanout->cursor_changed = true;
		damage_all(scanout);
	}
}

void display_refresh(struct display *display)
{
	if (display->refresh)
		display->refresh(display->device);
}

void display_clear_damage(struct display_scanout *scanout)
{
	scanout->damage.count = 0;
	scanout->surface_changed = false;
	scanout->cursor_moved = scanout->cursor_changed = false;
}
