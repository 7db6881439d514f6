/* SPDX-License-Identifier: MIT */
/* See vnc_viewer.h. */
#include "vnc_viewer.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

void open_window(struct fixture *f)
{
	char error[200] = "";

	assert_int_equal(window_open(&f->window, &window_vnc, &f->setup, error, sizeof(error)), 0);
	window_update(f->window, 0, &f->scanout);
	display_clear_damage(&f->scanout);
}

int setup(void **state)
{
	struct fixture *f = *state = calloc(1, sizeof(*f));

	rfbEnableClientLogging = FALSE;
	snprintf(f->path, sizeof(f->path), "/tmp/baya-test-vnc.%d", (int)getpid());
	f->address = (struct net_address){ .type = NET_ADDRESS_UNIX, .path = f->path };
	f->setup = (struct window_setup){ .name = "Test", .outputs = 1, .points = true,
					  .wake = eventfd(0, EFD_NONBLOCK),
					  .address = &f->address };
	for (unsigned n = 0; n < ARRAY_SIZE(f->pixels); n++)
		f->pixels[n] = 0x102030 + n;
	display_show(&f->scanout, &(struct display_surface){ (u8 *)f->pixels, WIDTH, HEIGHT,
							     4 * WIDTH, DISPLAY_BGRX });
	return 0;
}

int teardown(void **state)
{
	struct fixture *f = *state;

	window_close(f->window);
	close(f->setup.wake);
	free(f);
	return 0;
}

static struct seen *seen_of(rfbClient *viewer)
{
	return rfbClientGetClientData(viewer, NULL);
}

static void got_update(rfbClient *viewer, int x, int y, int width, int height)
{
	seen_of(viewer)->pixels += (u64)width * (u64)height;
}

static void got_cursor(rfbClient *viewer, int x, int y, int width, int height, int bytes)
{
	struct seen *seen = seen_of(viewer);

	seen->cursors++;
	seen->hot_x = (u32)x;
	seen->hot_y = (u32)y;
	seen->cursor_width = (u32)width;
}

static void got_text(rfbClient *viewer, const char *text, int size)
{
	snprintf(seen_of(viewer)->text, sizeof(seen_of(viewer)->text), "%.*s", size, text);
}

static char *get_password(rfbClient *viewer)
{
	return strdup(seen_of(viewer)->password);
}

rfbClient *come(struct fixture *f, struct seen *seen)
{
	rfbClient *viewer = rfbGetClient(8, 3, 4);

	*seen = (struct seen){ .password = seen->password };
	free(viewer->serverHost);
	viewer->serverHost = strdup(f->path);
	viewer->serverPort = 0;
	viewer->canHandleNewFBSize = TRUE;
	viewer->appData.encodingsString = "raw";
	viewer->appData.useRemoteCursor = TRUE;
	viewer->GotFrameBufferUpdate = got_update;
	viewer->GotCursorShape = got_cursor;
	viewer->GotXCutText = got_text;
	viewer->GetPassword = get_password;
	rfbClientSetClientData(viewer, NULL, seen);
	return rfbInitClient(viewer, NULL, NULL) ? viewer : NULL;
}

void go(rfbClient *viewer)
{
	free(viewer->frameBuffer);
	free(viewer->rcSource);
	free(viewer->rcMask);
	viewer->frameBuffer = viewer->rcSource = viewer->rcMask = NULL;
	rfbClientCleanup(viewer);
}

void hear(rfbClient *viewer)
{
	if (!viewer->buffered)
		assert_true(WaitForMessage(viewer, PATIENCE_MS * 1000) > 0);
	assert_true(HandleRFBServerMessage(viewer));
}

void hear_pixels(rfbClient *viewer, u64 pixels)
{
	while (seen_of(viewer)->pixels < pixels)
		hear(viewer);
	assert_int_equal(seen_of(viewer)->pixels, pixels);
}

static void await_call(struct fixture *f)
{
	struct pollfd fd = { f->setup.wake, POLLIN, 0 };
	u64 count;

	assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
	assert_int_equal(read(f->setup.wake, &count, sizeof(count)), sizeof(count));
}

struct window_event next(struct fixture *f)
{
	struct window_event event;

	while (!window_next(f->window, &event))
		await_call(f);
	return event;
}

void expect_key(struct fixture *f, u16 code, bool down, u8 states)
{
	struct window_event event = next(f);

	assert_int_equal(event.kind, WINDOW_KEY);
	assert_int_equal(event.code, code);
	assert_int_equal(event.down, down);
	assert_int_equal(event.states, states);
}

void expect_copied(struct fixture *f, const char *expected)
{
	char *text;

	while (!(text = window_take_text(f->window)))
		await_call(f);
	assert_string_equal(text, expected);
	free(text);
}

int knock(const struct fixture *f)
{
	return knock_at(f->path);
}

int knock_at(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

void close_with_threads(struct fixture *f)
{
	bool ended = window_close(f->window);

	f->window = NULL;
	assert_true(ended);
}

void draw(struct fixture *f, u32 x, u32 y, u32 width, u32 height)
{
	const struct display_rect rect = { x, y, width, height };

	for (u32 row = y; row < y + height; row++)
		for (u32 column = x; column < x + width; column++)
			f->pixels[row * f->scanout.surface.width + column] += 0x40;
	display_damaged(&f->scanout, &rect);
	window_update(f->window, 0, &f->scanout);
	display_clear_damage(&f->scanout);
}
