/* SPDX-License-Identifier: MIT */
/*
 * Shows the outputs of the machine, in windows on the user's desktop (window_sdl.c) or to viewers
 * in the network (window_vnc.c). A separate thread shows them, so that it and the machine do not
 * wait for each other: the machine's thread copies damaged parts of the pictures in, and takes
 * events out.
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_H
#define FRONTENDS_DISPLAY_WINDOW_H

#include <stdio.h>

#include "devices/board/screen.h"

#define WINDOW_OUTPUTS_MAX 20
#define WINDOW_PASSWORD_MAX 8 /* VNC authentication ignores further characters */

struct keyboard;
struct net_address;
struct window;
struct window_kind;

enum window_event_kind {
	WINDOW_KEY, /* code: an evdev code */
	WINDOW_POINT, /* x, y: pixels of the output's picture */
	WINDOW_MOVE, /* x, y: relative motion, while the pointer is grabbed */
	WINDOW_BUTTON, /* code: an evdev code */
	WINDOW_WHEEL, /* x, y: clicks to the right and away from the user */
	WINDOW_RESIZED, /* x, y: the size in pixels that the user gave the window */
	WINDOW_CLOSED, /* the user asks Baya to end */
};

/*
 * The modifiers that determine what a key writes. A state is the sum of those that are active. In a
 * set of states bit n stands for state n.
 */
#define WINDOW_SHIFT 1u
#define WINDOW_ALTGR 2u
#define WINDOW_CAPS_LOCK 4u
#define WINDOW_STATES 8u

/*
 * Sets of states. WINDOW_PLACE is the empty set: the key is identified by its place, and writes
 * what the guest's layout has there.
 */
#define WINDOW_PLACE 0
#define WINDOW_PLAIN 0x55 /* without Shift */
#define WINDOW_SHIFTED 0xaa
#define WINDOW_SMALL 0xa5 /* for letters: neither Shift nor Caps Lock, or both */
#define WINDOW_CAPITAL 0x5a
#define WINDOW_BASIC 0x11 /* neither Shift nor AltGr */

struct window_event {
	enum window_event_kind kind;
	unsigned output;
	s32 x, y;
	u16 code;
	bool down;
	/* The rest is only for WINDOW_KEY. */
	u8 states; /* the set of states in which the key writes the wanted character */
	bool dead; /* a dead key, which writes the character when a space follows */
};

struct window_setup {
	const char *name; /* the text at the start of titles */
	unsigned outputs; /* 1..WINDOW_OUTPUTS_MAX */
	int wake; /* an eventfd to which is written when there are events */
	bool full_screen, integer; /* integer: scale only by whole numbers */
	bool clipboard; /* changes of the desktop's clipboard are reported */
	bool points; /* the guest has a tablet, which receives positions, not only motion */
	const struct net_address *address; /* where VNC viewers connect */
	const struct net_address *websocket; /* where browsers connect; NULL: nowhere */
	bool locked; /* viewers have to give the password */
	/* NULL: no password is accepted until window_set_password is called. */
	const char *password;
	/* The guest's keyboard, for viewers that send characters; NULL: a US one. */
	const struct keyboard *keyboard;
};

/* The kinds of windows, each in a module (module.h): window_sdl.c and window_vnc.c. */
extern const struct window_kind window_sdl, window_vnc;

/*
 * Opens a window and starts its thread. Returns 0 with *window, or -1 with the reason in `error`.
 */
int window_open(struct window **window, const struct window_kind *kind,
		const struct window_setup *setup, char *error, size_t size);
/*
 * Ends the thread and frees the window; NULL is accepted. Returns false, and does not free it, if a
 * thread that could not be ended still uses its memory.
 */
bool window_close(struct window *window);

/* Copies what has changed on the output, for the thread to show. */
void window_update(struct window *window, unsigned output, const struct display_scanout *scanout);

/* Sets the text that titles show after the name; it may be empty. */
void window_say(struct window *window, const char *text);

/* Sets the password that viewers have to give from now on. Returns false if they need none. */
bool window_set_password(struct window *window, const char *password);

/* Prints where viewers connect, and which viewers are connected, as QEMU's `info vnc` does. */
void window_describe(struct window *window, FILE *out);

/* Puts a text into the desktop's or the viewers' clipboard. */
void window_put_text(struct window *window, const char *text);
/*
 * Returns the text that the user has copied there since the last call, which the caller frees; or
 * NULL.
 */
char *window_take_text(struct window *window);

/*
 * Returns whether the desktop is gone, for example because the X server has ended. Then only
 * window_close may be called.
 */
bool window_lost(struct window *window);

/* Removes the next event from the queue and stores it. Returns false if there is none. */
bool window_next(struct window *window, struct window_event *event);

#endif
