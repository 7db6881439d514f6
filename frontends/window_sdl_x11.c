/* SPDX-License-Identifier: MIT */
/*
 * On an X server. When it goes, the window's thread goes, and no more of the process: Xlib has to
 * be told so, or it ends all. What it says of a request comes later, when nobody can answer for it
 * any more, and Xlib then ends the process, too: of a window that has just gone, for one. A machine
 * does not end for that. SDL hands errors on to who was there before it, and when it ends leaves
 * them to it; so that is done first. SDL loads Xlib by itself, and it alone is linked; functions
 * are asked for by name.
 */
#include "frontends/window_sdl.h"

#include <SDL.h>
#include <SDL_syswm.h>
#include <string.h>

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

/*
 * The connection has ended. Nothing of SDL can be called any more, not even to end it. The
 * machine's thread comes here when it wakes the other.
 */
static void leave(void *display, void *ctx)
{
	struct window_desktop *desktop = ctx;

	(void)display;
	if (pthread_equal(pthread_self(), desktop->window.thread))
		pthread_exit(NULL);
	pthread_cancel(desktop->window.thread);
}

void window_outlive_x11(struct window_desktop *desktop)
{
	void *end = find("XSetIOErrorHandler"), *function = find("XSetIOErrorExitHandler");
	SDL_SysWMinfo info;
	set_end_handler set_end;
	set_exit_handler set;

	SDL_VERSION(&info.version);
	memcpy(&set_end, &end, sizeof(set_end));
	memcpy(&set, &function, sizeof(set));
	if (!set || !set_end || !SDL_GetWindowWMInfo(desktop->views[0].window, &info) ||
	    info.subsystem != SDL_SYSWM_X11)
		return;
	set_end(say_nothing);
	set(info.info.x11.display, leave, desktop);
}

void window_ignore_x11_errors(void)
{
	void *function = find("XSetErrorHandler");
	set_error_handler set;

	memcpy(&set, &function, sizeof(set));
	if (set)
		set(ignore);
}
