/* SPDX-License-Identifier: MIT */
/*
 * Serves one viewer: copies the changed part of the pictures for it, and libvncserver sends the
 * copy when the viewer requests an update. The library draws the cursor into the copy if the viewer
 * cannot draw one.
 */
#include "bus/clock.h"
#include "frontends/display/window_vnc.h"

#include <fcntl.h>
#include <poll.h>
#include <rfb/rfb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BLANK_WIDTH 640 /* the size before there is a picture */
#define BLANK_HEIGHT 480
/* This is how long Baya waits for a viewer that sends half a message, or reads nothing. */
#define PATIENCE_MS 10000
#define HALF_WORD_MS 10 /* how often to look whether the rest of a message has come */

static struct vnc_viewer *viewer_of(rfbClientPtr client)
{
	return client->screen->screenData;
}

/* Computes the size of all outputs together. Called with the lock held. */
static void vnc_viewer_measure(const struct window *window, u32 *width, u32 *height)
{
	*width = *height = 0;
	for (unsigned n = 0; n < window->setup.outputs; n++) {
		struct display_rect place;

		if (!vnc_place(window, n, &place))
			continue;
		*width = MAX(*width, place.x + place.width);
		*height = MAX(*height, place.height);
	}
	if (!*width) {
		*width = BLANK_WIDTH;
		*height = BLANK_HEIGHT;
	}
}

/* Copies pixels of an output to the viewer's picture, with red and blue swapped. */
static void vnc_viewer_copy(struct vnc_viewer *viewer, unsigned output,
			    const struct display_rect *rect)
{
	const struct window_picture *picture = &viewer->server->window.pictures[output];
	struct display_rect place, part;

	if (!vnc_place(&viewer->server->window, output, &place) ||
	    !display_intersect(&place, rect, &part))
		return;
	for (u32 y = part.y; y < part.y + part.height; y++) {
		const u32 *from =
			picture->pixels + (u64)y * picture->copy.surface.width + (part.x - place.x);
		u32 *to = viewer->pixels + (u64)y * viewer->width + part.x;

		for (u32 x = 0; x < part.width; x++)
			to[x] = (from[x] & 0xff) << 16 | (from[x] & 0xff00) |
				(from[x] >> 16 & 0xff);
	}
}

/* Allocates pixels for another size, and leaves the old ones in *old. Returns false if there is no
 * memory. Called with the lock held. */
static bool vnc_viewer_resize(struct vnc_viewer *viewer, u32 width, u32 height, u32 **old)
{
	u32 *pixels = calloc((size_t)width * height, sizeof(*pixels));

	if (!pixels)
		return false;
	*old = viewer->pixels;
	viewer->pixels = pixels;
	viewer->width = width;
	viewer->height = height;
	viewer->damage.surface = (struct display_surface){ (const u8 *)pixels, width, height,
							   width * sizeof(u32), DISPLAY_BGRX };
	return true;
}

/* Copies what has changed; `old` stays NULL if the viewer's pixels were not replaced. Returns false
 * if there is no memory. Called with the lock held. */
static bool take_picture(struct vnc_viewer *viewer, u32 **old)
{
	const struct window *window = &viewer->server->window;
	u32 width, height;

	vnc_viewer_measure(window, &width, &height);
	if ((width != viewer->width || height != viewer->height) &&
	    !vnc_viewer_resize(viewer, width, height, old))
		return false;
	if (viewer->anew || *old) {
		viewer->damage.damage.count = 0;
		display_damaged(&viewer->damage, &(struct display_rect){ 0, 0, width, height });
	}
	viewer->anew = false;
	for (unsigned n = 0; n < viewer->damage.damage.count; n++)
		for (unsigned output = 0; output < window->setup.outputs; output++)
			vnc_viewer_copy(viewer, output, &viewer->damage.damage.rects[n]);
	return true;
}

static rfbCursorPtr new_cursor(void)
{
	const u32 side = DISPLAY_CURSOR_SIDE;
	rfbCursorPtr cursor = calloc(1, sizeof(*cursor));

	if (!cursor)
		return NULL;
	cursor->cleanup = cursor->cleanupMask = cursor->cleanupRichSource = TRUE;
	cursor->cleanupSource = TRUE;
	cursor->width = cursor->height = (unsigned short)side;
	cursor->mask = calloc(side / 8, side);
	cursor->richSource = calloc(side * sizeof(u32), side);
	if (cursor->mask && cursor->richSource)
		return cursor;
	rfbFreeCursor(cursor);
	return NULL;
}

/* Returns the cursor for the library; NULL if none is visible. Called with the lock held. */
static rfbCursorPtr take_cursor(const struct vnc_viewer *viewer)
{
	const struct window_vnc *server = viewer->server;
	const struct window_cursor *from = &server->window.pictures[server->cursor_output].cursor;
	const u32 side = DISPLAY_CURSOR_SIDE;
	rfbCursorPtr cursor = from->visible ? new_cursor() : NULL;

	if (!cursor)
		return NULL;
	cursor->xhot = (unsigned short)MIN(from->hot_x, side - 1);
	cursor->yhot = (unsigned short)MIN(from->hot_y, side - 1);
	for (u32 n = 0; n < side * side; n++) {
		u32 pixel = from->pixels[n];
		u8 *to = cursor->richSource + n * sizeof(u32);

		to[0] = (u8)(pixel >> 16);
		to[1] = (u8)(pixel >> 8);
		to[2] = (u8)pixel;
		if (pixel >> 31)
			cursor->mask[n / 8] |= (u8)(0x80 >> n % 8);
	}
	return cursor;
}

/* Tells the library that the picture has another size. A viewer that has requested a scaled copy is
 * disconnected, because the library would not resize that copy. */
static void show_resized(struct vnc_viewer *viewer, u32 *old)
{
	rfbClientPtr client = viewer->client;

	if (client && client->scaledScreen != viewer->screen)
		rfbCloseClient(client);
	rfbNewFramebuffer(viewer->screen, (char *)viewer->pixels, (int)viewer->width,
			  (int)viewer->height, 8, 3, sizeof(u32));
	free(old);
}

/* Takes over what is new for the viewer; returns false if the viewer's thread has to end. */
static bool vnc_viewer_take(struct vnc_viewer *viewer)
{
	struct window *window = &viewer->server->window;
	struct display_damage damage;
	rfbCursorPtr cursor = NULL;
	bool cursor_changed, good;
	u32 *old = NULL, *before = viewer->pixels;
	char *text;

	pthread_mutex_lock(&window->lock);
	vnc_spread(viewer->server);
	good = !window->stop && take_picture(viewer, &old);
	damage = viewer->damage.damage;
	viewer->damage.damage.count = 0;
	cursor_changed = viewer->cursor_changed;
	viewer->cursor_changed = false;
	if (cursor_changed)
		cursor = take_cursor(viewer);
	viewer->greeted = viewer->client && viewer->client->state == RFB_NORMAL;
	text = vnc_clipboard_next(viewer);
	pthread_mutex_unlock(&window->lock);
	if (viewer->pixels != before)
		show_resized(viewer, old);
	for (unsigned n = 0; n < damage.count; n++) {
		const struct display_rect *rect = &damage.rects[n];

		rfbMarkRectAsModified(viewer->screen, (int)rect->x, (int)rect->y,
				      (int)(rect->x + rect->width), (int)(rect->y + rect->height));
	}
	if (cursor_changed)
		rfbSetCursor(viewer->screen, cursor);
	vnc_clipboard_put(viewer, text);
	return good;
}

/* Reads the viewer's messages, if they are complete, and updates its picture. */
static void vnc_viewer_attend(struct vnc_viewer *viewer)
{
	bool greets = viewer->client->state == RFB_PROTOCOL_VERSION;

	if (viewer->half_since) {
		if (viewer->client->state == RFB_NORMAL)
			rfbUpdateClient(viewer->client);
		return;
	}
	if (greets)
		pthread_mutex_lock(&viewer->server->greeting);
	rfbProcessEvents(viewer->screen, 0);
	if (greets)
		pthread_mutex_unlock(&viewer->server->greeting);
}

/* Waits for something to show or to read, or for the rest of a message. Returns false if the rest
 * will not come. */
static bool vnc_viewer_await(struct vnc_viewer *viewer)
{
	struct pollfd fds[] = { { viewer->wake, POLLIN, 0 },
				{ viewer->socket, viewer->half_since ? POLLRDHUP : POLLIN, 0 } };
	u64 count;

	poll(fds, ARRAY_SIZE(fds), viewer->half_since ? HALF_WORD_MS : -1);
	if (fds[0].revents && read(viewer->wake, &count, sizeof(count)) < 0)
		return true;
	return !viewer->half_since || (!fds[1].revents && clock_host_ns() - viewer->half_since <
								  PATIENCE_MS * (NS_PER_S / 1000));
}

static void vnc_viewer_serve(struct vnc_viewer *viewer)
{
	while (viewer->client && vnc_viewer_take(viewer)) {
		enum vnc_framing words = vnc_framing_check(viewer);

		if (words == VNC_MESSAGE_TOO_EARLY)
			break;
		if (words == VNC_MESSAGES_COMPLETE)
			viewer->half_since = 0;
		else if (!viewer->half_since)
			viewer->half_since = clock_host_ns();
		vnc_viewer_attend(viewer);
		if (viewer->client && !vnc_viewer_await(viewer))
			break;
	}
}

static void vnc_viewer_gone(rfbClientPtr client)
{
	vnc_framing_end(client);
	vnc_keys_end(client);
	viewer_of(client)->client = NULL;
}

static bool has_seat(const struct vnc_viewer *viewer)
{
	return viewer->seat >= 0 && viewer->seat < FD_SETSIZE;
}

bool vnc_viewer_keep_seat(struct vnc_viewer *viewer)
{
	int before = viewer->seat;

	if (has_seat(viewer))
		return true;
	viewer->seat = fcntl(viewer->wake, F_DUPFD_CLOEXEC, 0);
	if (before >= 0)
		close(before);
	return has_seat(viewer);
}

void *vnc_viewer_thread(void *ctx)
{
	struct vnc_viewer *viewer = ctx;

	viewer->half_since = 0;
	if (vnc_viewer_take(viewer))
		viewer->client = vnc_framing_begin(viewer);
	if (viewer->client) {
		vnc_keys_listen(viewer);
		viewer->client->clientGoneHook = vnc_viewer_gone;
		vnc_viewer_serve(viewer);
	}
	if (viewer->client) {
		rfbCloseClient(viewer->client);
		rfbClientConnectionGone(viewer->client);
	}
	vnc_viewer_keep_seat(viewer);
	vnc_input_release(viewer);
	shutdown(viewer->socket, SHUT_RDWR);
	pthread_mutex_lock(&viewer->server->window.lock);
	viewer->gone = true;
	viewer->server->window.kind->wake(&viewer->server->window);
	pthread_mutex_unlock(&viewer->server->window.lock);
	return NULL;
}

/* Checks the response to the challenge. A wrong response is answered late, to make guessing
 * slow. */
static rfbBool knows_password(rfbClientPtr client, const char *response, int size)
{
	struct window *window = &viewer_of(client)->server->window;
	const struct timespec pause = { .tv_sec = 1 };
	char password[WINDOW_PASSWORD_MAX + 1];
	u8 expected[CHALLENGESIZE];
	bool known;

	pthread_mutex_lock(&window->lock);
	known = window->has_password;
	memcpy(password, window->password, sizeof(password));
	pthread_mutex_unlock(&window->lock);
	memcpy(expected, client->authChallenge, sizeof(expected));
	rfbEncryptBytes(expected, password);
	known = known && size == CHALLENGESIZE && !memcmp(expected, response, sizeof(expected));
	if (!known)
		nanosleep(&pause, NULL);
	return known;
}

bool vnc_viewer_make(struct vnc_viewer *viewer)
{
	const struct window_setup *setup = &viewer->server->window.setup;
	rfbScreenInfoPtr screen =
		rfbGetScreen(NULL, NULL, BLANK_WIDTH, BLANK_HEIGHT, 8, 3, sizeof(u32));

	viewer->screen = screen;
	viewer->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	viewer->seat = -1;
	if (!screen || viewer->wake < 0)
		return false;
	vnc_viewer_keep_seat(viewer);
	screen->screenData = viewer;
	screen->desktopName = setup->name;
	screen->alwaysShared = TRUE;
	screen->maxClientWait = PATIENCE_MS;
	screen->deferUpdateTime = 0;
	screen->cursor = NULL;
	screen->passwordCheck = knows_password;
	screen->authPasswdData = setup->locked ? viewer : NULL;
	vnc_input_listen(viewer);
	vnc_clipboard_listen(viewer);
	return true;
}

void vnc_viewer_free(struct vnc_viewer *viewer)
{
	if (viewer->screen) {
		rfbScreenCleanup(viewer->screen);
		close(viewer->wake);
		if (viewer->seat >= 0)
			close(viewer->seat);
	}
	free(viewer->pixels);
}
