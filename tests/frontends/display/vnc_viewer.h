/* SPDX-License-Identifier: MIT */
/* A window for VNC viewers, and viewers that are made of libvncclient. */
#ifndef TESTS_FRONTENDS_DISPLAY_VNC_VIEWER_H
#define TESTS_FRONTENDS_DISPLAY_VNC_VIEWER_H

#include <rfb/rfbclient.h>

#include "frontends/display/window.h"
#include "frontends/net/options.h"
#include "tests/cmocka.h"

/* This include comes last, because the library's names are macros. */
#include <linux/input-event-codes.h>

#define WIDTH 64u
#define HEIGHT 48u
#define PATIENCE_MS 1500000

struct fixture {
	struct window *window;
	struct window_setup setup;
	struct net_address address;
	struct display_scanout scanout;
	u32 pixels[HEIGHT * WIDTH];
	u32 cursor[DISPLAY_CURSOR_SIDE * DISPLAY_CURSOR_SIDE];
	char path[64];
};

/* The data that a viewer has received, by the library's callbacks. */
struct seen {
	u64 pixels; /* the number of pixels updated since the start */
	unsigned cursors;
	char text[64]; /* the text in the clipboard */
	u32 hot_x, hot_y, cursor_width;
	const char *password;
};

/* Set up and tear down a fixture; the test opens the window. */
int setup(void **state);
int teardown(void **state);
void open_window(struct fixture *f);

/* come connects a viewer, or returns NULL if it was refused; go disconnects it. */
rfbClient *come(struct fixture *f, struct seen *seen);
void go(rfbClient *viewer);
/* Handles the server's next message, which may have been read together with the last one. */
void hear(rfbClient *viewer);
/* Handles messages until `pixels` pixels have been updated since the start. */
void hear_pixels(rfbClient *viewer, u64 pixels);
/* Changes the pixels of a rectangle. */
void draw(struct fixture *f, u32 x, u32 y, u32 width, u32 height);

/* next returns the next event that the window reports; the others check what was reported. */
struct window_event next(struct fixture *f);
void expect_key(struct fixture *f, u16 code, bool down, u8 states);
void expect_copied(struct fixture *f, const char *expected);

/* Connects a peer that sends nothing, and returns its socket. */
int knock(const struct fixture *f);
int knock_at(const char *path);
/*
 * Closes the window, and checks that all its threads have ended, although a handshake is
 * incomplete.
 */
void close_with_threads(struct fixture *f);

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
