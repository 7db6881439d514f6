/* SPDX-License-Identifier: MIT */
/*
 * Where the outputs of the machine are looked at from: windows on the user's desktop
 * (window_sdl.c), or viewers in the network (window_vnc.c). A thread of its own shows them, so
 * that neither waits for the other: pictures are copied in, where they are damaged, and events are
 * taken out.
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_H
#define FRONTENDS_DISPLAY_WINDOW_H

#include "devices/board/screen.h"

#define WINDOW_OUTPUTS_MAX 20
#define WINDOW_PASSWORD_MAX 8 /* what VNC's way to ask for one looks at */

struct net_address;
struct window;
struct window_kind;

enum window_event_kind {
	WINDOW_KEY, /* code: evdev's */
	WINDOW_POINT, /* x, y: pixels of the output's picture */
	WINDOW_MOVE, /* x, y: by so much, when the pointer is grabbed */
	WINDOW_BUTTON, /* code: evdev's */
	WINDOW_WHEEL, /* x, y: clicks to the right and away from the user */
	WINDOW_RESIZED, /* x, y: by the user, to so many pixels */
	WINDOW_CLOSED, /* the user asks for the end */
};

/* What a key is to write. Keys by their place write what the guest's layout has there. */
enum window_level { WINDOW_PLACE, WINDOW_PLAIN, WINDOW_SHIFTED };

struct window_event {
	enum window_event_kind kind;
	unsigned output;
	s32 x, y;
	u16 code;
	bool down;
	enum window_level level; /* of a key */
};

struct window_setup {
	const char *name; /* for titles */
	unsigned outputs; /* 1..WINDOW_OUTPUTS_MAX */
	int wake; /* an eventfd: there are events */
	bool full_screen, integer; /* scale by whole numbers only */
	bool clipboard; /* it is looked at */
	bool points; /* the guest takes places, not only moves */
	const struct net_address *address; /* where viewers come */
	const struct net_address *websocket; /* where browsers do; NULL: nowhere */
	bool locked; /* to viewers without the password */
	const char *password; /* NULL: nobody has it until window_set_password */
};

/* In modules (module.h): window_sdl.c, window_vnc.c. */
extern const struct window_kind window_sdl, window_vnc;

/* 0 with *window, or -1 and why in `error`. */
int window_open(struct window **window, const struct window_kind *kind,
		const struct window_setup *setup, char *error, size_t size);
void window_close(struct window *window); /* NULL is accepted */

/* Copy what changed of the output. */
void window_update(struct window *window, unsigned output, const struct display_scanout *scanout);

/* What the titles say besides the name; may be empty. */
void window_say(struct window *window, const char *text);

/* For viewers from now on. False: nobody is asked for one. */
bool window_set_password(struct window *window, const char *password);

/* The clipboard: put a text into it; what the user has copied elsewhere since this was asked, to
 * be freed by the caller, or NULL. */
void window_put_text(struct window *window, const char *text);
char *window_take_text(struct window *window);

/* What showed it is gone, as when an X server ends: nothing is left but to close it. */
bool window_lost(struct window *window);

/* The next event; false: there is none. */
bool window_next(struct window *window, struct window_event *event);

#endif
