/* SPDX-License-Identifier: MIT */
/* Runs the thread that accepts viewers, notifies them of changes, and notices when they leave. */
#include "frontends/display/window_vnc.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <rfb/rfb.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bus/clock.h"
#include "frontends/display/options.h"

#define PARTING_NS (5 * NS_PER_S) /* how long a viewer's thread may take to end */
#define GREETING_NS (10 * NS_PER_S) /* how long a viewer may take to finish the greeting */

static struct window_vnc *server_of(struct window *window)
{
	return (struct window_vnc *)window;
}

static void signal_fd(int fd)
{
	u64 one = 1;

	if (write(fd, &one, sizeof(one)) < 0)
		return; /* the eventfd is full: the thread that waits for it is awake */
}

bool vnc_place(const struct window *window, unsigned output, struct display_rect *place)
{
	u32 left = 0;

	for (unsigned n = 0; n < output; n++)
		if (window->pictures[n].pixels)
			left += window->pictures[n].copy.surface.width;
	if (!window->pictures[output].pixels)
		return false;
	*place = (struct display_rect){ left, 0, window->pictures[output].copy.surface.width,
					window->pictures[output].copy.surface.height };
	return display_clip(place, VNC_WIDTH_MAX, VNC_HEIGHT_MAX);
}

/* Notes for each viewer what has changed in an output. Called with the lock held. */
static void vnc_spread_output(struct window_vnc *server, unsigned output)
{
	struct window_picture *picture = &server->window.pictures[output];
	const struct display_damage *damage = &picture->copy.damage;
	struct display_rect place = { 0 };

	if (picture->cursor.changed && picture->cursor.visible)
		server->cursor_output = output;
	vnc_place(&server->window, output, &place);
	for (unsigned v = 0; v < VNC_VIEWERS_MAX; v++) {
		struct vnc_viewer *viewer = &server->viewers[v];

		viewer->anew |= picture->changed;
		viewer->cursor_changed |= picture->cursor.changed;
		for (unsigned n = 0; n < damage->count; n++) {
			struct display_rect rect = damage->rects[n];

			rect.x += place.x;
			display_damaged(&viewer->damage, &rect);
		}
		if (viewer->here)
			signal_fd(viewer->wake);
	}
	picture->copy.damage.count = 0;
	picture->changed = picture->cursor.changed = picture->stale = false;
}

static void spread_text(struct window_vnc *server)
{
	for (unsigned v = 0; v < VNC_VIEWERS_MAX; v++) {
		server->viewers[v].text_changed = true;
		if (server->viewers[v].here)
			signal_fd(server->viewers[v].wake);
	}
}

void vnc_spread(struct window_vnc *server)
{
	for (unsigned n = 0; n < server->window.setup.outputs; n++)
		if (server->window.pictures[n].stale)
			vnc_spread_output(server, n);
	if (vnc_clipboard_take(server))
		spread_text(server);
}

/* Takes over what the machine's thread has left for this one; returns whether the thread
 * continues. */
static bool vnc_take(struct window_vnc *server)
{
	struct window *window = &server->window;
	bool stop;

	pthread_mutex_lock(&window->lock);
	window->woken = false;
	vnc_spread(server);
	stop = window->stop;
	pthread_mutex_unlock(&window->lock);
	return !stop;
}

static void vnc_disconnect(const struct vnc_viewer *viewer)
{
	shutdown(viewer->socket, SHUT_RDWR);
	signal_fd(viewer->wake);
}

/* Ends a viewer. If its thread has not ended by the time `until`, the viewer keeps its slot,
 * because the thread may still use it. */
static void vnc_end_viewer(struct vnc_viewer *viewer, u64 until)
{
	const struct timespec limit = { (time_t)(until / NS_PER_S), (long)(until % NS_PER_S) };

	vnc_disconnect(viewer);
	viewer->stuck = pthread_clockjoin_np(viewer->thread, NULL, CLOCK_MONOTONIC, &limit) != 0;
	if (viewer->stuck)
		return;
	pthread_mutex_lock(&viewer->server->window.lock);
	close(viewer->socket);
	viewer->here = false;
	pthread_mutex_unlock(&viewer->server->window.lock);
}

/* Ends the viewers that have left, and those that have not finished the greeting in time. Returns
 * in how many ms the time of the next one ends. */
static int vnc_tidy(struct window_vnc *server)
{
	u64 now = clock_host_ns(), due = UINT64_MAX;

	for (unsigned v = 0; v < VNC_VIEWERS_MAX; v++) {
		struct vnc_viewer *viewer = &server->viewers[v];
		bool gone, greeted;

		if (!viewer->here || viewer->stuck)
			continue;
		pthread_mutex_lock(&server->window.lock);
		gone = viewer->gone;
		greeted = viewer->greeted;
		pthread_mutex_unlock(&server->window.lock);
		if (gone || (!greeted && now - viewer->since >= GREETING_NS))
			vnc_end_viewer(viewer, now + PARTING_NS);
		else if (!greeted)
			due = MIN(due, viewer->since + GREETING_NS - now);
	}
	return due == UINT64_MAX ? -1 : (int)(due / 1000000) + 1;
}

static bool has_free_viewer(const struct window_vnc *server)
{
	for (unsigned v = 0; v < VNC_VIEWERS_MAX; v++)
		if (!server->viewers[v].here)
			return true;
	return false;
}

/* Returns a viewer that is free and has a low descriptor, or NULL. */
static struct vnc_viewer *seated_viewer(struct window_vnc *server)
{
	for (unsigned v = 0; v < VNC_VIEWERS_MAX; v++)
		if (!server->viewers[v].here && vnc_viewer_keep_seat(&server->viewers[v]))
			return &server->viewers[v];
	return NULL;
}

/* Accepts a viewer, unless the library, which uses select(), would get too high a descriptor. */
static void vnc_accept(struct window_vnc *server, unsigned n)
{
	int fd = net_listener_accept(&server->listeners[n]);
	struct vnc_viewer *viewer = seated_viewer(server);
	int on = 1;

	if (fd < 0)
		return;
	/* This fails on a Unix socket, which is no error. The library sets the option, too, but
	 * before it uses this socket. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (!viewer) {
		fprintf(stderr, "baya: a VNC viewer is refused: too many files and sockets are "
				"open\n");
		close(fd);
		return;
	}
	viewer->socket = fd;
	viewer->browser = n == 1;
	viewer->since = clock_host_ns();
	pthread_mutex_lock(&server->window.lock);
	viewer->greeted = viewer->gone = false;
	viewer->anew = viewer->cursor_changed = viewer->text_changed = true;
	viewer->here = !pthread_create(&viewer->thread, NULL, vnc_viewer_thread, viewer);
	pthread_mutex_unlock(&server->window.lock);
	if (!viewer->here)
		close(fd);
}

static void vnc_run(struct window *window)
{
	struct window_vnc *server = server_of(window);
	struct pollfd fds[] = { { server->wake, POLLIN, 0 }, { server->listeners[0].fd, POLLIN, 0 },
				{ server->listeners[1].fd, POLLIN, 0 } };
	u64 count;

	while (vnc_take(server)) {
		int patience = vnc_tidy(server);

		/* While all slots are taken, new viewers wait until one leaves. */
		if (poll(fds, has_free_viewer(server) ? ARRAY_SIZE(fds) : 1, patience) < 0)
			continue;
		if (fds[0].revents && read(server->wake, &count, sizeof(count)) < 0)
			continue;
		for (unsigned n = 0; n < VNC_LISTENERS; n++)
			if (has_free_viewer(server) && fds[1 + n].revents)
				vnc_accept(server, n);
	}
}

/* Reports that an address cannot be used: which one, and which option selects another. */
static void vnc_complain(struct window *window, const struct net_address *address, int failed)
{
	bool browsers = address == window->setup.websocket;
	char text[80];

	net_address_text(address, text, sizeof(text));
	if (address->type == NET_ADDRESS_UNIX)
		snprintf(window->error, sizeof(window->error), "%s: %s", text, strerror(-failed));
	else if (failed == -EADDRINUSE)
		snprintf(window->error, sizeof(window->error),
			 "port %s of %s is taken already; choose another with %s", address->port,
			 address->host,
			 browsers ? "websocket=PORT" : "-display vnc=:N, which is port 5900 + N");
	else
		snprintf(window->error, sizeof(window->error), "cannot listen at %s: %s", text,
			 strerror(-failed));
}

static bool open_listeners(struct window_vnc *server)
{
	struct window *window = &server->window;
	const struct net_address *places[VNC_LISTENERS] = { window->setup.address,
							    window->setup.websocket };
	int failed = 0;

	for (unsigned n = 0; n < VNC_LISTENERS; n++)
		server->listeners[n] = NET_LISTENER_NONE;
	for (unsigned n = 0; n < VNC_LISTENERS && places[n] && !failed; n++) {
		failed = net_listener_open(&server->listeners[n], places[n]);
		if (failed)
			vnc_complain(window, places[n], failed);
	}
	return !failed;
}

/* Reads the keyboard's layout. Without it, keys are those of a US keyboard. */
static void read_layout(struct window_vnc *server)
{
	const struct keyboard *keyboard = server->window.setup.keyboard;
	char why[200];

	if (keyboard && !layout_read(&server->layout, keyboard, why, sizeof(why)))
		fprintf(stderr, "baya: -k %s has no effect: %s\n", keyboard->name, why);
}

static bool vnc_start(struct window *window)
{
	struct window_vnc *server = server_of(window);

	pthread_mutex_init(&server->greeting, NULL);
	server->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!open_listeners(server))
		return false;
	read_layout(server);
	rfbLogEnable(0);
	for (unsigned v = 0; v < VNC_VIEWERS_MAX; v++) {
		server->viewers[v].server = server;
		if (server->wake >= 0 && vnc_viewer_make(&server->viewers[v]))
			continue;
		snprintf(window->error, sizeof(window->error), "not enough memory");
		return false;
	}
	return true;
}

static void vnc_end(struct window *window)
{
	struct window_vnc *server = server_of(window);

	u64 until = clock_host_ns() + PARTING_NS;

	for (unsigned v = 0; v < VNC_VIEWERS_MAX; v++)
		if (server->viewers[v].here)
			vnc_disconnect(&server->viewers[v]);
	for (unsigned v = 0; v < VNC_VIEWERS_MAX; v++) {
		struct vnc_viewer *viewer = &server->viewers[v];

		if (viewer->here)
			vnc_end_viewer(viewer, until);
		if (viewer->here)
			window->in_use = true;
		else
			vnc_viewer_free(viewer);
	}
	for (unsigned n = 0; n < VNC_LISTENERS; n++)
		net_listener_close(&server->listeners[n]);
	if (window->in_use)
		return;
	if (server->wake >= 0)
		close(server->wake);
	pthread_mutex_destroy(&server->greeting);
	free(server->text);
}

static void vnc_wake(struct window *window)
{
	signal_fd(server_of(window)->wake);
}

const struct window_kind window_vnc = {
	.size = sizeof(struct window_vnc), .start = vnc_start, .run = vnc_run, .end = vnc_end,
	.wake = vnc_wake, .describe = vnc_describe,
};
