/* SPDX-License-Identifier: MIT */
/*
 * frontends/display/window_vnc*.c with libvncclient as the viewer: pictures, damage, sizes, cursor,
 * keys, pointer, passwords; then peers that are not viewers.
 */
#include "vnc_viewer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/* Opens the window and returns a viewer of it. */
static rfbClient *window_vnc_view(struct fixture *f, struct seen *seen)
{
	rfbClient *viewer;

	open_window(f);
	viewer = come(f, seen);
	assert_non_null(viewer);
	return viewer;
}

/* Compares the viewer's picture with the guest's. The library has red in the lowest byte. */
static void expect_picture(rfbClient *viewer, const struct fixture *f, u32 width, u32 height)
{
	assert_int_equal(viewer->width, width);
	assert_int_equal(viewer->height, height);
	for (u32 n = 0; n < width * height; n++) {
		const u8 *got = viewer->frameBuffer + 4 * n;
		u32 pixel = f->pixels[n];

		assert_int_equal(got[0] << 16 | got[1] << 8 | got[2], pixel & 0xffffff);
	}
}

/* Each of two viewers gets the whole picture first, then each damaged pixel once. */
static void test_damage(void **state)
{
	struct fixture *f = *state;
	struct seen seen[2] = { { 0 }, { 0 } };
	rfbClient *viewers[2];

	open_window(f);
	for (unsigned n = 0; n < 2; n++) {
		viewers[n] = come(f, &seen[n]);
		assert_non_null(viewers[n]);
		hear_pixels(viewers[n], WIDTH * HEIGHT);
		expect_picture(viewers[n], f, WIDTH, HEIGHT);
	}
	draw(f, 60, 40, 4, 8);
	for (unsigned n = 0; n < 2; n++) {
		hear_pixels(viewers[n], WIDTH * HEIGHT + 32);
		expect_picture(viewers[n], f, WIDTH, HEIGHT);
	}
	draw(f, 0, 0, WIDTH, HEIGHT);
	for (unsigned n = 0; n < 2; n++) {
		hear_pixels(viewers[n], 2 * WIDTH * HEIGHT + 32);
		expect_picture(viewers[n], f, WIDTH, HEIGHT);
		go(viewers[n]);
	}
}

/* Checks what is printed about the server and this many viewers. */
static void expect_described(struct fixture *f, const char *auth, unsigned viewers)
{
	char *text = NULL, expected[600];
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int used = snprintf(expected, sizeof(expected),
			    "default:\n  Server: :%s (unix)\n    Auth: %s (Sub: none)\n", f->path,
			    auth);

	while (viewers--)
		used += snprintf(expected + used, sizeof(expected) - (size_t)used,
				 "  Client: : (unix)\n    x509_dname: none\n"
				 "    sasl_username: none\n");
	assert_non_null(out);
	window_describe(f->window, out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
}

static void test_description(void **state)
{
	struct fixture *f = *state;
	struct seen seen[2] = { { 0 }, { 0 } };
	rfbClient *viewers[2];

	open_window(f);
	expect_described(f, "none", 0);
	for (unsigned n = 0; n < 2; n++) {
		viewers[n] = come(f, &seen[n]);
		assert_non_null(viewers[n]);
		hear_pixels(viewers[n], WIDTH * HEIGHT);
		expect_described(f, "none", n + 1);
	}
	for (unsigned n = 0; n < 2; n++)
		go(viewers[n]);
}

/* The picture changes its size, disappears and returns; the viewer follows. */
static void test_sizes(void **state)
{
	static const u32 sizes[][2] = { { 32, 96 }, { 1, 1 }, { 61, 7 }, { 64, 48 } };
	struct fixture *f = *state;
	struct seen seen = { 0 };
	rfbClient *viewer;

	viewer = window_vnc_view(f, &seen);
	hear_pixels(viewer, WIDTH * HEIGHT);
	for (unsigned n = 0; n < ARRAY_SIZE(sizes); n++) {
		u32 width = sizes[n][0], height = sizes[n][1];
		const struct display_surface surface = { (u8 *)f->pixels, width, height,
							 4 * width, DISPLAY_BGRX };

		display_show(&f->scanout, &surface);
		window_update(f->window, 0, &f->scanout);
		display_clear_damage(&f->scanout);
		while (viewer->width != (int)width || viewer->height != (int)height)
			hear(viewer);
		hear_pixels(viewer, seen.pixels + width * height);
		expect_picture(viewer, f, width, height);
	}
	display_show(&f->scanout, &(struct display_surface){ 0 });
	window_update(f->window, 0, &f->scanout);
	while (viewer->width != 640)
		hear(viewer);
	go(viewer);
}

static void test_cursor(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	rfbClient *viewer;

	viewer = window_vnc_view(f, &seen);
	hear_pixels(viewer, WIDTH * HEIGHT);
	f->cursor[65] = 0xffabcdef;
	f->scanout.cursor = (struct display_cursor){ .visible = true, .hot_x = 3,
						     .hot_y = UINT32_MAX, .pixels = f->cursor };
	f->scanout.cursor_changed = true;
	seen.cursors = 0;
	window_update(f->window, 0, &f->scanout);
	while (!seen.cursors)
		hear(viewer);
	assert_int_equal(seen.cursor_width, DISPLAY_CURSOR_SIDE);
	assert_int_equal(seen.hot_x, 3);
	assert_int_equal(seen.hot_y, DISPLAY_CURSOR_SIDE - 1);
	assert_int_equal(viewer->rcMask[65], 1);
	assert_int_equal(viewer->rcMask[66], 0);
	assert_memory_equal(viewer->rcSource + 65 * 4, "\xab\xcd\xef", 3);
	go(viewer);
}

/* Keys are reported once, and released when the viewer leaves. */
static void test_keys(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	rfbClient *viewer;

	viewer = window_vnc_view(f, &seen);
	SendKeyEvent(viewer, 'A', TRUE);
	SendKeyEvent(viewer, 'A', TRUE);
	SendKeyEvent(viewer, 0xdeadbeef, TRUE);
	SendKeyEvent(viewer, 'a', FALSE);
	SendKeyEvent(viewer, XK_F5, TRUE);
	SendKeyEvent(viewer, XK_F5, FALSE);
	SendKeyEvent(viewer, XK_Control_L, TRUE);
	expect_key(f, KEY_A, true, WINDOW_CAPITAL);
	expect_key(f, KEY_A, false, WINDOW_SMALL);
	expect_key(f, KEY_F5, true, WINDOW_PLACE);
	expect_key(f, KEY_F5, false, WINDOW_PLACE);
	expect_key(f, KEY_LEFTCTRL, true, WINDOW_PLACE);
	SendPointerEvent(viewer, 0, 0, rfbButton1Mask);
	assert_int_equal(next(f).code, BTN_LEFT);
	go(viewer);
	expect_key(f, KEY_LEFTCTRL, false, WINDOW_PLACE);
	assert_int_equal(next(f).down, false);
}

static void expect_place(struct fixture *f, unsigned output, s32 x, s32 y)
{
	struct window_event event = next(f);

	assert_int_equal(event.kind, WINDOW_POINT);
	assert_int_equal(event.output, output);
	assert_int_equal(event.x, x);
	assert_int_equal(event.y, y);
}

static void test_pointer(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	struct window_event event;
	rfbClient *viewer;

	viewer = window_vnc_view(f, &seen);
	SendPointerEvent(viewer, 5, 7, 0);
	expect_place(f, 0, 5, 7);
	SendPointerEvent(viewer, 5, 7, rfbButton3Mask);
	event = next(f);
	assert_int_equal(event.kind, WINDOW_BUTTON);
	assert_int_equal(event.code, BTN_RIGHT);
	assert_true(event.down);
	SendPointerEvent(viewer, 5, 7, rfbButton4Mask);
	event = next(f);
	assert_false(event.down);
	event = next(f);
	assert_int_equal(event.kind, WINDOW_WHEEL);
	assert_int_equal(event.y, 1);
	SendPointerEvent(viewer, 63, 999, 0);
	expect_place(f, 0, 63, 47);
	SendPointerEvent(viewer, 64, 0, 0); /* beyond all outputs: ignored */
	SendPointerEvent(viewer, 0, 0, 0);
	expect_place(f, 0, 0, 0);
	go(viewer);
}

/* A text that the guest copies reaches all viewers, also those that connect later; one that a
 * viewer copies reaches the guest. */
static void test_clipboard(void **state)
{
	struct fixture *f = *state;

	f->setup.clipboard = true;
	open_window(f);
	for (unsigned n = 0; n < 2; n++) {
		struct seen seen = { 0 };
		rfbClient *viewer = come(f, &seen);

		assert_non_null(viewer);
		if (!n)
			window_put_text(f->window, "g\xc3\xbc\xc2\xb5st \xe2\x82\xac\xc3");
		while (!*seen.text)
			hear(viewer);
		assert_string_equal(seen.text, "g\xfc\xb5st ??");
		SendClientCutText(viewer, (char[]){ "" }, 0);
		SendClientCutText(viewer, (char[]){ "h\xf6st" }, 4);
		expect_copied(f, "h\xc3\xb6st");
		go(viewer);
	}
}

/* Two outputs lie side by side; a pointer is on one of them. */
static void test_outputs(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	rfbClient *viewer;

	f->setup.outputs = 2;
	open_window(f);
	display_show(&f->scanout, &f->scanout.surface);
	window_update(f->window, 1, &f->scanout);
	viewer = come(f, &seen);
	assert_non_null(viewer);
	hear_pixels(viewer, 2 * WIDTH * HEIGHT);
	assert_int_equal(viewer->width, 2 * WIDTH);
	for (u32 x = 0; x < WIDTH; x++)
		assert_memory_equal(viewer->frameBuffer + 4 * x,
				    viewer->frameBuffer + 4 * (WIDTH + x), 4);
	SendPointerEvent(viewer, 100, 7, 0);
	expect_place(f, 1, 100 - WIDTH, 7);
	go(viewer);
}

/* No viewer is accepted without the password; a new password applies to later viewers. */
static void test_password(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { .password = "nobody" };
	rfbClient *viewer;

	f->setup.locked = true;
	open_window(f);
	assert_null(come(f, &seen));
	assert_true(window_set_password(f->window, "weaver"));
	seen.password = "waever";
	assert_null(come(f, &seen));
	seen.password = "weaver";
	viewer = come(f, &seen);
	assert_non_null(viewer);
	hear_pixels(viewer, WIDTH * HEIGHT);
	go(viewer);
}

/* Random bytes follow the greeting: the connection is closed, and the window continues. */
static void test_malformed(void **state)
{
	static const char hello[] = "RFB 003.008\n\1\1";
	struct fixture *f = *state;
	struct seen seen = { 0 };
	rfbClient *viewer;

	open_window(f);
	srand(7);
	for (unsigned n = 0; n < 200; n++) {
		u8 bytes[256];
		int fd = knock(f);
		size_t said = n % 4 ? sizeof(hello) - 1 : (size_t)rand() % sizeof(hello);

		for (unsigned i = 0; i < sizeof(bytes); i++)
			bytes[i] = (u8)(rand() % 3 ? rand() % 8 : rand());
		/* The server may disconnect before all is sent. */
		if (send(fd, hello, said, MSG_NOSIGNAL) > 0)
			send(fd, bytes, sizeof(bytes), MSG_NOSIGNAL);
		draw(f, n % WIDTH, n % HEIGHT, 1, 1);
		shutdown(fd, SHUT_WR);
		while (n % 2 && read(fd, bytes, sizeof(bytes)) > 0)
			;
		close(fd);
	}
	viewer = come(f, &seen);
	assert_non_null(viewer);
	hear_pixels(viewer, WIDTH * HEIGHT);
	expect_picture(viewer, f, WIDTH, HEIGHT);
	go(viewer);
}

/* After some time, no thread runs for a third of a second while nothing changes. The result depends
 * on time in no other way: a window that is never idle lets the test run into its limit. */
static void test_idle(void **state)
{
	const struct timespec while_idle = { 0, 300000000 };
	struct fixture *f = *state;
	struct seen seen = { 0 };
	struct rusage before, after;
	rfbClient *viewer;

	viewer = window_vnc_view(f, &seen);
	hear_pixels(viewer, WIDTH * HEIGHT);
	do {
		getrusage(RUSAGE_SELF, &before);
		nanosleep(&while_idle, NULL);
		getrusage(RUSAGE_SELF, &after);
	} while (after.ru_nvcsw > before.ru_nvcsw + 1); /* the sleep itself is one switch */
	go(viewer);
}

#define MANY 1500
#define INIT_SIZE 24 /* of ServerInit, without the name */

/* Does the greeting without a library, which could not use a socket of a high number, either. */
static void greet(struct fixture *f)
{
	u8 got[INIT_SIZE];
	int fd = knock(f);

	assert_int_equal(recv(fd, got, 12, MSG_WAITALL), 12);
	assert_int_equal(send(fd, "RFB 003.008\n", 12, 0), 12);
	assert_int_equal(recv(fd, got, 2, MSG_WAITALL), 2);
	assert_int_equal(got[1], rfbNoAuth);
	assert_int_equal(send(fd, &got[1], 1, 0), 1);
	assert_int_equal(recv(fd, got, 4, MSG_WAITALL), 4);
	assert_int_equal(got[3], rfbVncAuthOK);
	assert_int_equal(send(fd, "\1", 1, 0), 1);
	assert_int_equal(recv(fd, got, INIT_SIZE, MSG_WAITALL), INIT_SIZE);
	assert_int_equal(got[0] << 8 | got[1], WIDTH);
	close(fd);
}

/* A guest's network may have opened so many sockets that the library, which uses select(), could
 * not use higher ones. A viewer is served all the same, and so are the next ones. */
static void test_many_descriptors(void **state)
{
	struct rlimit limit, raised;
	struct fixture *f = *state;
	int others[MANY];

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	raised = (struct rlimit){ limit.rlim_max, limit.rlim_max };
	if (limit.rlim_max < 2 * MANY)
		skip();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &raised), 0);
	open_window(f);
	for (unsigned n = 0; n < MANY; n++)
		assert_true((others[n] = dup(STDERR_FILENO)) >= 0);
	for (unsigned n = 0; n < 20; n++)
		greet(f);
	for (unsigned n = 0; n < MANY; n++)
		close(others[n]);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

/* The error names an address that is in use, and says how to choose another. */
static void test_taken(void **state)
{
	struct fixture *f = *state;
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char port[8], error[200];

	assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
	snprintf(port, sizeof(port), "%u", ntohs(address.sin_port));
	f->address = (struct net_address){ .type = NET_ADDRESS_INET, .host = "127.0.0.1",
					   .port = port };
	assert_int_equal(window_open(&f->window, &window_vnc, &f->setup, error, sizeof(error)), -1);
	assert_non_null(strstr(error, port));
	assert_non_null(strstr(error, "-display vnc=:N"));
	close(fd);
}

const struct CMUnitTest unit_tests[] = {
	TEST(test_damage),
	TEST(test_description),
	TEST(test_sizes),
	TEST(test_cursor),
	TEST(test_keys),
	TEST(test_pointer),
	TEST(test_clipboard),
	TEST(test_outputs),
	TEST(test_password),
	TEST(test_malformed),
	TEST(test_idle),
	TEST(test_many_descriptors),
	TEST(test_taken),
	{ 0 },
};
