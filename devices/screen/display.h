/* SPDX-License-Identifier: MIT */
/*
 * The interface between a display device and its viewer (window, VNC, screendump). The device keeps
 * the surface of each scanout, and marks damage, that is, what has changed. The frontend reads the
 * damage and clears it, between two slices of the run loop. Requests of the user (another size)
 * pass through the journal to the device. None of this is machine state: a device rebuilds it from
 * its own state.
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

/* The format of a pixel: its bytes in the order in memory. X is unused. */
enum display_format {
	DISPLAY_BGRX,
	DISPLAY_BGRA,
	DISPLAY_XRGB,
	DISPLAY_ARGB,
	DISPLAY_RGBX,
	DISPLAY_RGBA,
	DISPLAY_XBGR,
	DISPLAY_ABGR,
	DISPLAY_RGB565, /* in two bytes */
	DISPLAY_BGR888, /* in three bytes: blue first */
	DISPLAY_FORMATS,
};

struct display_surface {
	const u8 *pixels; /* valid until the machine runs again; NULL: the scanout is off */
	u32 width, height; /* at most DISPLAY_SIDE_MAX */
	u64 stride; /* bytes from one row to the next */
	enum display_format format;
};

struct display_cursor {
	bool visible;
	s32 x, y; /* the position of the image's upper left corner on the surface */
	u32 hot_x, hot_y;
	const u32 *pixels; /* DISPLAY_CURSOR_SIDE squared, as 0xAARRGGBB */
};

/* The damage of a surface: rectangles within it that have changed. They do not overlap. */
struct display_damage {
	struct display_rect rects[DISPLAY_DAMAGE_MAX];
	unsigned count;
};

struct display_scanout {
	struct display_surface surface;
	struct display_cursor cursor;
	struct display_damage damage;
	/* it has another size, or was turned on or off; all of it is damaged */
	bool surface_changed;
	bool cursor_moved, cursor_changed;
};

struct display {
	struct display_scanout scanouts[DISPLAY_SCANOUTS_MAX];
	unsigned count; /* number of scanouts */
	/*
	 * Device's half: finds changes in memory that it was not notified of. NULL: there are none.
	 */
	void (*refresh)(void *device);
	void *device;
	bool resizes; /* the user's display_size_request is passed to the guest */
	unsigned sink; /* the journal's sink for it, if `resizes` */
};

/* The size that the user requests for a scanout. It is also the record in the journal. */
struct display_size_request {
	u32 scanout, width, height; /* a size of 0: no monitor is connected */
};

u32 display_bytes(enum display_format format); /* size of a pixel */

/* Converts `count` pixels of a row to 0x00RRGGBB, or if the format has alpha to 0xAARRGGBB. */
void display_convert(enum display_format format, const u8 *from, u32 *to, u32 count);

/*
 * For devices. display_damaged marks a rectangle, clipped to the surface, as damaged. display_show
 * sets the surface of a scanout, all of which is damaged then.
 */
void display_damaged(struct display_scanout *scanout, const struct display_rect *rect);
void display_show(struct display_scanout *scanout, const struct display_surface *surface);

/* Marks everything as damaged, as after a state was loaded. */
void display_renew(struct display *display);

/*
 * For frontends. display_refresh updates the surfaces and the damage, which the frontend then
 * reads. display_clear_damage clears the damage.
 */
void display_refresh(struct display *display);
void display_clear_damage(struct display_scanout *scanout);

/* Clips a rectangle to width and height. Returns false if nothing is left. */
bool display_clip(struct display_rect *rect, u32 width, u32 height);

/* Finds the intersection of two rectangles. Returns false if it is empty. */
bool display_intersect(const struct display_rect *a, const struct display_rect *b,
		       struct display_rect *both);

/* Passes the user's request to the device, if that supports it. */
static inline void display_request_size(struct display *display, struct journal *journal,
					const struct display_size_request *request)
{
	if (display->resizes)
		journal_put(journal, display->sink, request, sizeof(*request));
}

#endif
