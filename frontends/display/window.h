/* SPDX-License-Identifier: MIT */
/*
 * Shows the outputs of the machine: in windows on the user's desktop (window_sdl.c), or to viewers
 * in the network (window_vnc.c). A thread of its own shows them, so that neither waits for the
 * other: damaged parts of the pictures are copied in, and events are taken out.
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_H
#define FRONTENDS_DISPLAY_WINDOW_H

#include <stdio.h>

#include "devices/board/screen.h"

#define WINDOW_OUTPUTS_MAX 20
#define WINDOW_PASSWORD_MAX 8 /* VNC authentication uses no more characters */

struct keyboard;
struct net_address;
struct window;
struct window_kind;

enum window_event_kind {
	WINDOW_KEY, /* code: evdev's */
	WINDOW_POINT, /* x, y: pixels of the output's picture */
	WINDOW_MOVE, /* x, y: motion, when the pointer is grabbed */
	WINDOW_BUTTON, /* code: evdev's */
	WINDOW_WHEEL, /* x, y: clicks to the right and away from the user */
	WINDOW_RESIZED, /* x, y: the size in pixels that the user gave it */
	WINDOW_CLOSED, /* the user asks Baya to end */
};

/* These modifiers decide what a key writes. A sum of some is a state of theirs, and a set of states
 * has bit n for state n. */
#define WINDOW_SHIFT 1u
#define WINDOW_ALTGR 2u
#define WINDOW_CAPS_LOCK 4u
#define WINDOW_STATES 8u

/* Sets of states. With WINDOW_PLACE the key is meant by its place, and writes what the guest's
 * layout has there. */
#define WINDOW_PLACE 0
#define WINDOW_PLAIN 0x55 /* without Shift */
#define WINDOW_SHIFTED 0xaa
#define WINDOW_SMALL 0xa5 /* of letters: with neither Shift nor Caps Lock, or with both */
#define WINDOW_CAPITAL 0x5a
#define WINDOW_BASIC 0x11 /* with neither Shift nor AltGr */

struct window_event {
	enum window_event_kind kind;
	unsigned output;
	s32 x, y;
	u16 code;
	bool down;
	/* Only of a WINDOW_KEY. */
	u8 states; /* those in which the key writes what is wanted */
	bool dead; /* the key writes it when a space follows */
};

struct window_setup {
	const char *name; /* for titles */
	unsigned outputs; /* 1..WINDOW_OUTPUTS_MAX */
	int wake; /* an eventfd that is written to when there are events */
	bool full_screen, integer; /* integer: scale by whole numbers only */
	bool clipboard; /* the desktop's clipboard is watched */
	bool points; /* the guest has a tablet, which takes places, not only motion */
	const struct net_address *address; /* where VNC viewers connect */
	const struct net_address *websocket; /* where browsers connect; NULL: nowhere */
	bool locked; /* viewers need the password */
	const char *password; /* NULL: no password is right until window_set_password */
	const struct keyboard *keyboard; /* of guests to whom viewers send characters; NULL: US */
};

/* The kinds of windows, each in a module (module.h): window_sdl.c and window_vnc.c. */
extern const struct window_kind window_sdl, window_vnc;

/* Returns 0 with *window, or -1 and the reason in `error`. */
int window_open(struct window **window, const struct window_kind *kind,
		const struct window_setup *setup, char *error, size_t size);
/* Frees a window, which may be NULL. Returns false if a thread that did not end still uses it. */
bool window_close(struct window *window);

/* Copies what changed of the output. */
void window_update(struct window *window, unsigned output, const struct display_scanout *scanout);

/* Sets what the titles say besides the name; it may be empty. */
void window_say(struct window *window, const char *text);

/* Sets the password for viewers from now on. False: viewers are not asked for one. */
bool window_set_password(struct window *window, const char *password);

/* Prints where viewers connect, and those that are there, as QEMU's `info vnc` does. */
void window_describe(struct window *window, FILE *out);

/* Puts a text into the clipboard. */
void window_put_text(struct window *window, const char *text);
/* Returns what the user has copied elsewhere since the last call, to be freed by the caller; or
 * NULL. */
char *window_take_text(struct window *window);

/* Returns whether the desktop has gone, as when an X server ends: only window_close is left to
 * do. */
bool window_lost(struct window *window);

/* Takes the next event; false: there is none. */
bool window_next(struct window *window, struct window_event *event);

#endif
