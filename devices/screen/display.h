/* SPDX-License-Identifier: MIT */
/*
 * The interface between a display device and its viewer (window, VNC, screendump). The device keeps
 * each scanout's surface and marks damage. The frontend takes the damage between two slices of the
 * run loop. Requests of the user (another size) pass the journal to the device. Nothing of this is
 * machine state: a device rebuilds it from its own state.
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

/* The format of a pixel: its bytes in memory, from the first on; X: unused. */
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
	s32 x, y; /* the upper left corner of the image, on the surface */
	u32 hot_x, hot_y;
	const u32 *pixels; /* DISPLAY_CURSOR_SIDE squared, as 0xAARRGGBB */
};

/* Damage: the changed rectangles within the surface; they do not overlap. */
struct display_damage {
	struct display_rect rects[DISPLAY_DAMAGE_MAX];
	unsigned count;
};

struct display_scanout {
	struct display_surface surface;
	struct display_cursor cursor;
	struct display_damage damage;
	bool surface_changed; /* other size or format, on or off: everything is damaged */
	bool cursor_moved, cursor_changed;
};

struct display {
	struct display_scanout scanouts[DISPLAY_SCANOUTS_MAX];
	unsigned count; /* number of scanouts */
	/* Device's half: finds changes in memory that were not reported. NULL: there are none. */
	void (*refresh)(void *device);
	void *device;
	bool resizes; /* the guest is sent display_wish */
	unsigned sink; /* of the journal, when it resizes */
};

/* The size that the user requests for a scanout, as a record of the journal. */
struct display_wish {
	u32 scanout, width, height; /* size 0: as if no monitor were plugged in */
};

u32 display_bytes(enum display_format format); /* of a pixel */

/* Converts `count` pixels from the front of a row to 0x00RRGGBB, or with alpha in the top byte. */
void display_convert(enum display_format format, const u8 *from, u32 *to, u32 count);

/* For devices: marks a rectangle, cut to the surface, as damaged. */
void display_damaged(struct display_scanout *scanout, const struct display_rect *rect);
void display_show(struct display_scanout *scanout, const struct display_surface *surface);

/* Marks everything as damaged, as after a state was loaded. */
void display_renew(struct display *display);

/* For frontends: bring the surfaces up to date, then read the damage and clear it. */
void display_refresh(struct display *display);
void display_forget(struct display_scanout *scanout);

/* Cuts a rectangle to width and height; false when nothing is left. */
bool display_clip(struct display_rect *rect, u32 width, u32 height);

/* Finds the intersection of two rectangles; false when it is empty. */
bool display_intersect(const struct display_rect *a, const struct display_rect *b,
		       struct display_rect *both);

static inline void display_wish(struct display *display, struct journal *journal,
				const struct display_wish *wish)
{
	if (display->resizes)
		journal_put(journal, display->sink, wish, sizeof(*wish));
}

#endif
