/* SPDX-License-Identifier: MIT */
/*
 * Windows on the user's desktop, one for each output of the machine: SDL's where there is SDL
 * (window_sdl.c), else none (window_none.c). A thread of its own draws them, so that neither waits
 * for the other: pictures are copied in, where they are damaged, and events are taken out.
 */
#ifndef FRONTENDS_WINDOW_H
#define FRONTENDS_WINDOW_H

#include "devices/board_screen.h"

#define WINDOW_OUTPUTS_MAX 20

struct window;

enum window_event_kind {
	WINDOW_KEY, /* code: evdev's */
	WINDOW_POINT, /* x, y: pixels of the output's picture */
	WINDOW_MOVE, /* x, y: by so much, when the pointer is grabbed */
	WINDOW_BUTTON, /* code: evdev's */
	WINDOW_WHEEL, /* x, y: clicks to the right and away from the user */
	WINDOW_RESIZED, /* x, y: by the user, to so many points */
	WINDOW_CLOSED, /* the user asks for the end */
};

struct window_event {
	enum window_event_kind kind;
	unsigned output;
	s32 x, y;
	u16 code;
	bool down;
};

struct window_setup {
	const char *name; /* for titles */
	unsigned outputs; /* 1..WINDOW_OUTPUTS_MAX */
	int wake; /* an eventfd: there are events */
	bool full_screen, integer; /* scale by whole numbers only */
	bool points; /* the guest takes places, not only moves */
};

/* 0 with *window, or -1 and why in `error`. */
int window_open(struct window **window, const struct window_setup *setup, char *error,
		size_t size);
void window_close(struct window *window); /* NULL is accepted */

/* Copy what changed of the output. */
void window_update(struct window *window, unsigned output, const struct display_scanout *scanout);

/* What the titles say besides the name; may be empty. */
void window_say(struct window *window, const char *text);

/* The next event; false: there is none. */
bool window_next(struct window *window, struct window_event *event);

#endif
