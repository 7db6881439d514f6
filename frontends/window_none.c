/* SPDX-License-Identifier: MIT */
/* Windows where there is no SDL to make them: none. See window.h. */
#include <stdio.h>

#include "frontends/window.h"

int window_open(struct window **window, const struct window_setup *setup, char *error, size_t size)
{
	(void)setup;
	*window = NULL;
	snprintf(error, size, "this Baya was built without SDL2 (libsdl2-dev)");
	return -1;
}

void window_close(struct window *window)
{
	(void)window;
}

void window_update(struct window *window, unsigned output, const struct display_scanout *scanout)
{
	(void)window;
	(void)output;
	(void)scanout;
}

void window_say(struct window *window, const char *text)
{
	(void)window;
	(void)text;
}

bool window_next(struct window *window, struct window_event *event)
{
	(void)window;
	(void)event;
	return false;
}
