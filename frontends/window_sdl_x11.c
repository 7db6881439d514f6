/* SPDX-License-Identifier: MIT */
/*
 * On an X server. What it says of a request comes later, when nobody can answer for it any more,
 * and Xlib then ends the process: of a window that has just gone, too. A machine does not end for
 * that. SDL hands errors on to who was there before it, and when it ends leaves them to it; so
 * that is done first. SDL loads Xlib by itself, and it alone is linked; the function is asked for
 * by name.
 */
#include "frontends/window_sdl.h"

#include <SDL.h>
#include <string.h>

typedef int (*error_handler)(void *display, void *error);
typedef error_handler (*set_error_handler)(error_handler handler);

static int ignore(void *display, void *error)
{
	(void)display;
	(void)error;
	return 0;
}

void window_ignore_x11_errors(void)
{
	/* It stays: unloaded, it would forget what it was told. */
	void *library = SDL_LoadObject("libX11.so.6");
	void *function = library ? SDL_LoadFunction(library, "XSetErrorHandler") : NULL;
	set_error_handler set;

	memcpy(&set, &function, sizeof(set));
	if (set)
		set(ignore);
}
