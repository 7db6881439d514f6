/* SPDX-License-Identifier: MIT */
/*
 * Lets Baya survive the end of an X server: only the window's thread ends, and the machine
 * continues. Xlib ends the process unless it is told otherwise for each connection. SDL has two
 * connections, and exposes only one of them; the other one wakes a thread that waits in
 * SDL_WaitEvent. Therefore the thread does not wait there, but here, where an eventfd wakes it.
 * Errors that the server reports arrive later, when no code can handle them any more (for example
 * for a window that has just been closed). Xlib would end the process for these, too, so they are
 * ignored. SDL passes errors on to the handler that was installed before SDL's own, and restores
 * that handler when it ends; so ours is installed first. SDL loads Xlib itself, and Baya is linked
 * only with SDL, so it looks up Xlib's functions by name.
 */
#include "frontends/display/window_sdl.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "frontends/host/leaks.h"

typedef int (*error_handler)(void *display, void *error);
typedef error_handler (*set_error_handler)(error_handler handler);

typedef int (*end_handler)(void *display);
typedef end_handler (*set_end_handler)(end_handler handler);
typedef void (*exit_handler)(void *display, void *ctx);
typedef void (*set_exit_handler)(void *display, exit_handler handler, void *ctx);

static int window_x11_ignore(void *display, void *error)
{
	(void)display;
	(void)error;
	return 0;
}

/* Returns a function of Xlib, or NULL if there is no Xlib. Xlib is never unloaded, because it would
 * forget its handlers. */
static void *window_x11_find(const char *name)
{
	void *library = SDL_LoadObject("libX11.so.6");

	return library ? SDL_LoadFunction(library, name) : NULL;
}

/* Ignores an error. This replaces Xlib's handler, which prints the error and ends the process. */
static int say_nothing(void *display)
{
	(void)display;
	return 0;
}

/* Ends the process without the destructors of libraries, such as libGLX's, which would wait for
 * ever for the locks that the thread has left locked. */
static void end_at_once(int status, void *ctx)
{
	(void)ctx;
	fflush(NULL);
	_exit(status);
}

/* Ends the window's thread, because the connection has ended. No function of SDL can be called any
 * more, not even SDL_Quit. */
static void window_x11_leave(void *display, void *ctx)
{
	(void)display;
	(void)ctx;
	on_exit(end_at_once, NULL);
	leaks_ignore();
	pthread_exit(NULL);
}

/* Finds the functions of Xlib; returns false if one of them is missing. */
static bool find_all(struct window_x11 *x11, set_end_handler *set_end, set_exit_handler *set_exit)
{
	void *end = window_x11_find("XSetIOErrorHandler");
	void *exit = window_x11_find("XSetIOErrorExitHandler");
	void *pending = window_x11_find("XPending"), *socket = window_x11_find("XConnectionNumber");

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
	set_exit(info.info.x11.display, window_x11_leave, NULL);
	x11->wakes = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (x11->wakes >= 0)
		x11->display = info.info.x11.display;
}

/* Returns whether SDL has events, or Xlib has read some while it did something else. */
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
		return true; /* the thread is awake, which is all that matters */
	return true;
}

bool window_x11_wake(struct window_desktop *desktop)
{
	u64 one = 1;

	if (desktop->x11.display && write(desktop->x11.wakes, &one, sizeof(one)) < 0)
		return true; /* the eventfd is full or gone: the thread does not sleep */
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
	void *function = window_x11_find("XSetErrorHandler");
	set_error_handler set;

	memcpy(&set, &function, sizeof(set));
	if (set)
		set(window_x11_ignore);
}
