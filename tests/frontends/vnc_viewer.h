/* SPDX-License-Identifier: MIT */
/* A window that viewers come to, and libvncclient as the viewer. */
#ifndef TESTS_VNC_VIEWER_H
#define TESTS_VNC_VIEWER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <rfb/rfbclient.h>

#include "frontends/display/window.h"
#include "frontends/net/options.h"

/* Last: its names are macros. */
#include <linux/input-event-codes.h>

#define WIDTH 64u
#define HEIGHT 48u
#define PATIENCE_MS 60000

struct fixture {
	struct window *window;
	struct window_setup setup;
	struct net_address address;
	struct display_scanout scanout;
	u32 pixels[HEIGHT * WIDTH];
	u32 cursor[DISPLAY_CURSOR_SIDE * DISPLAY_CURSOR_SIDE];
	char path[64];
};

/* What a viewer was told, by the library's calls. */
struct seen {
	u64 pixels; /* updated, ever */
	unsigned cursors;
	char text[64]; /* in the clipboard */
	u32 hot_x, hot_y, cursor_width;
	const char *password;
};

/* A test's, around it; the window is opened by the test. */
int setup(void **state);
int teardown(void **state);
void open_window(struct fixture *f);

/* A viewer comes, and goes. NULL: it is not let in. */
rfbClient *come(struct fixture *f, struct seen *seen);
void go(rfbClient *viewer);
/* The next message of the server's. It can have been read with the last one. */
void hear(rfbClient *viewer);
/* Messages until so many have been updated, ever. */
void hear_pixels(rfbClient *viewer, u64 pixels);
/* These pixels change. */
void draw(struct fixture *f, u32 x, u32 y, u32 width, u32 height);

/* What the window tells of, in that order. */
struct window_event next(struct fixture *f);
void expect_key(struct fixture *f, u16 code, bool down, enum window_level level);
void expect_copied(struct fixture *f, const char *expected);

/* A peer that has said nothing: its socket. */
int knock(const struct fixture *f);
int knock_at(const char *path);
/* Closed in time, whoever is in the door. */
void close_in_time(struct fixture *f);

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
