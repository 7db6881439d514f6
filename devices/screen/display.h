/* SPDX-License-Identifier: MIT */
/*
 * What is between a display device and whatever shows it (window, VNC, screendump). The device
 * keeps each scanout's surface and says what changed; the frontend takes what changed between two
 * slices of the run loop. Wishes of the user (another size) go the other way by the journal. None
 * of it is machine state: a device makes it anew from its own.
 */
#ifndef DEVICES_SCREEN_DISPLAY_H
#define DEVICES_SCREEN_DISPLAY_H

#include "bus/base.h"
#include "bus/journal.h"

#define DISPLAY_SCANOUTS_MAX 16
#define DISPLAY_DAMAGE_MAX 16
#define DISPLAY_SIDE_MAX 16384u /* pixels */
#define DISPLAY_CURSOR_SIDE 64u

struct display_rect {
	u32 x, y, width, height;
};

/* Bytes of a pixel in memory, from the first on; X: without meaning. */
enum display_format {
	DISPLAY_BGRX,
	DISPLAY_BGRA,
	DISPLAY_XRGB,
	DISPLAY_ARGB,
	DISPLAY_RGBX,
	DISPLAY_RGBA,
	DISPLAY_XBGR,
	DISPLAY_ABGR,
	DISPLAY_RGB565, /* two bytes */
	DISPLAY_BGR888, /* three: blue first */
	DISPLAY_FORMATS,
};

struct display_surface {
	const u8 *pixels; /* valid until the machine runs on; NULL: the scanout is off */
	u32 width, height; /* at most DISPLAY_SIDE_MAX */
	u64 stride; /* bytes from a row to the next */
	enum display_format format;
};

struct display_cursor {
	bool visible;
	s32 x, y; /* of the image's upper left corner, on the surface */
	u32 hot_x, hot_y;
	const u32 *pixels; /* DISPLAY_CURSOR_SIDE squared, as 0xAARRGGBB */
};

/* What changed: rectangles within the surface, each pixel in one at most. */
struct display_damage {
	struct display_rect rects[DISPLAY_DAMAGE_MAX];
	unsigned count;
};

struct display_scanout {
	struct display_surface surface;
	struct display_cursor cursor;
	struct display_damage damage;
	bool surface_changed; /* other size or format, on or off: all is damaged */
	bool cursor_moved, cursor_changed;
};

struct display {
	struct display_scanout scanouts[DISPLAY_SCANOUTS_MAX];
	unsigned count; /* scanouts there are */
	/* Device's: look for what was drawn behind its back. NULL: it knows all. */
	void (*refresh)(void *device);
	void *device;
	bool resizes; /* the guest hears of display_wish */
	unsigned sink; /* of the journal, when it resizes */
};

/* What the user wishes of a scanout, as it goes through the journal. */
struct display_wish {
	u32 scanout, width, height; /* a size of 0: as if it were unplugged */
};

u32 display_bytes(enum display_format format); /* of a pixel */

/* `count` pixels from the front of a row, as 0x00RRGGBB, or with alpha in the top byte. */
void display_convert(enum display_format format, const u8 *from, u32 *to, u32 count);

/* For devices. The rectangle is cut to the surface. */
void display_damaged(struct display_scanout *scanout, const struct display_rect *rect);
void display_show(struct display_scanout *scanout, const struct display_surface *surface);

/* Everything is to be shown anew, as after a state was loaded. */
void display_renew(struct display *display);

/* For frontends: bring the surfaces up to date, then look at what changed and forget it. */
void display_refresh(struct display *display);
void display_forget(struct display_scanout *scanout);

/* The part of a rectangle that lies within width and height; false when that is none. */
bool display_clip(struct display_rect *rect, u32 width, u32 height);

/* The part that two rectangles share; false when that is none. */
bool display_intersect(const struct display_rect *a, const struct display_rect *b,
		       struct display_rect *both);

static inline void display_wish(struct display *display, struct journal *journal,
				const struct display_wish *wish)
{
	if (display->resizes)
		journal_put(journal, display->sink, wish, sizeof(*wish));
}

#endif
