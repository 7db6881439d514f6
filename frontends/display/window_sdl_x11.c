/* SPDX-License-Identifier: MIT */
/*
 * On an X server. When it goes, the window's thread goes, and no more of the process: Xlib has to
 * be told so, connection by connection, or it ends all. SDL has two, and the other, of which it
 * tells nobody, it uses to wake who waits in SDL_WaitEvent: so nobody waits there, but here, where
 * an eventfd wakes. What the server says of a request comes later, when nobody can answer for it
 * any more, and Xlib then ends the process, too: of a window that has just gone, for one. A machine
 * does not end for that. SDL hands errors on to who was there before it, and when it ends leaves
 * them to it; so that is done first. SDL loads Xlib by itself, and it alone is linked; functions
 * are asked for by name.
 */
#include "frontends/display/window_sdl.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

typedef int (*error_handler)(void *display, void *error);
typedef error_handler (*set_error_handler)(error_handler handler);

typedef int (*end_handler)(void *display);
typedef end_handler (*set_end_handler)(end_handler handler);
typedef void (*exit_handler)(void *display, void *ctx);
typedef void (*set_exit_handler)(void *display, exit_handler handler, void *ctx);

static int ignore(void *display, void *error)
{
	(void)display;
	(void)error;
	return 0;
}

/* NULL: there is no Xlib. It stays: unloaded, it would forget what it was told. */
static void *find(const char *name)
{
	void *library = SDL_LoadObject("libX11.so.6");

	return library ? SDL_LoadFunction(library, name) : NULL;
}

/* In place of Xlib's, which says so and ends the process. */
static int say_nothing(void *display)
{
	(void)display;
	return 0;
}

/* The connection has ended. Nothing of SDL can be called any more, not even to end it. */
static void leave(void *display, void *ctx)
{
	(void)display;
	(void)ctx;
	pthread_exit(NULL);
}

/* False: Xlib lacks one of what is needed. */
static bool find_all(struct window_x11 *x11, set_end_handler *set_end, set_exit_handler *set_exit)
{
	void *end = find("XSetIOErrorHandler"), *exit = find("XSetIOErrorExitHandler");
	void *pending = find("XPending"), *socket = find("XConnectionNumber");

	memcpy(set_end, &end, sizeof(*set_end));
	memcpy(set_exit, &exit, sizeof(*set_exit));
	memcpy(&x11->pending, &pending, sizeof(x11->pending));
	memcpy(&x11->socket, &socket, sizeof(x11->socket));
	return end && exit && pending && socket;
}

void window_outlive_x11(struct window_desktop *desktop)
{
	struct window_x11 *x11 = &desktop->x11;
	set_exit_handler set_exit;
	set_end_handler set_end;
	SDL_SysWMinfo info;

	SDL_VERSION(&info.version);
	if (!SDL_GetWindowWMInfo(desktop->views[0].window, &info) ||
	    info.subsystem != SDL_SYSWM_X11 || !find_all(x11, &set_end, &set_exit))
		return;
	set_end(say_nothing);
	set_exit(info.info.x11.display, leave, NULL);
	x11->wakes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (x11->wakes >= 0)
		x11->display = info.info.x11.display;
}

/* Events that SDL has, or that Xlib has read while it was asked for something else. */
static bool something_waits(const struct window_x11 *x11)
{
	SDL_Event event;

	return SDL_PeepEvents(&event, 1, SDL_PEEKEVENT, SDL_FIRSTEVENT, SDL_LASTEVENT) > 0 ||
	       x11->pending(x11->display);
}

bool window_x11_wait(struct window_desktop *desktop)
{
	const struct window_x11 *x11 = &desktop->x11;
	struct pollfd fds[2] = { { x11->wakes, POLLIN, 0 } };
	u64 count;

	if (!x11->display)
		return false;
	fds[1] = (struct pollfd){ x11->socket(x11->display), POLLIN, 0 };
	if (!something_waits(x11) && poll(fds, ARRAY_SIZE(fds), -1) > 0 && fds[0].revents &&
	    read(x11->wakes, &count, sizeof(count)) < 0)
		return true; /* somebody has just woken it, which is as good */
	return true;
}

bool window_x11_wake(struct window_desktop *desktop)
{
	u64 one = 1;

	if (desktop->x11.display && write(desktop->x11.wakes, &one, sizeof(one)) < 0)
		return true; /* it is full or gone: nobody sleeps */
	return desktop->x11.display;
}

void window_x11_end(void *ctx)
{
	struct window_desktop *desktop = ctx;

	if (!desktop->x11.display)
		return;
	pthread_mutex_lock(&desktop->window.lock);
	close(desktop->x11.wakes);
	desktop->x11.wakes = -1;
	pthread_mutex_unlock(&desktop->window.lock);
}

void window_ignore_x11_errors(void)
{
	void *function = find("XSetErrorHandler");
	set_error_handler set;

	memcpy(&set, &function, sizeof(set));
	if (set)
		set(ignore);
}
