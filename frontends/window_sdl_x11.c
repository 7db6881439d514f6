/* SPDX-License-Identifier: MIT */
/*
 * On an X server. What it says of a request comes later, when nobody can answer for it any more,
 * and Xlib then ends the process: of a window that has just gone, too. A machine does not end for
 * that. SDL has loaded Xlib, if it uses it, and it alone; so its function is asked for by name.
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
	const char *driver = SDL_GetCurrentVideoDriver();
	set_error_handler set = NULL;
	void *library, *function;

	if (!driver || strcmp(driver, "x11") != 0)
		return;
	library = SDL_LoadObject("libX11.so.6");
	if (!library)
		return;
	function = SDL_LoadFunction(library, "XSetErrorHandler");
	memcpy(&set, &function, sizeof(set));
	if (set)
		set(ignore);
	SDL_UnloadObject(library);
}
