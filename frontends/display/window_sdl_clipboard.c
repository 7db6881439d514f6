/* SPDX-License-Identifier: MIT */
/*
 * Exchanges text with the desktop's clipboard. SDL also reports changes that Baya itself made;
 * these are recognised by their text and ignored.
 */
#include <SDL.h>
#include <stdlib.h>
#include <string.h>

#include "frontends/display/window_sdl.h"

#define TEXT_MAX MiB

static void window_clipboard_know(struct window_desktop *desktop, char *text)
{
	free(desktop->clipboard);
	desktop->clipboard = text;
}

void window_clipboard_put(struct window_desktop *desktop)
{
	char *text;

	pthread_mutex_lock(&desktop->window.lock);
	text = desktop->window.put_text;
	desktop->window.put_text = NULL;
	pthread_mutex_unlock(&desktop->window.lock);
	if (!text)
		return;
	window_clipboard_know(desktop, text);
	SDL_SetClipboardText(text);
}

void window_clipboard_changed(struct window_desktop *desktop)
{
	char *text = desktop->window.setup.clipboard ? SDL_GetClipboardText() : NULL;
	char *copy;

	if (text && *text && strlen(text) <= TEXT_MAX &&
	    (!desktop->clipboard || strcmp(text, desktop->clipboard))) {
		window_clipboard_know(desktop, strdup(text));
		copy = strdup(text);
		if (copy)
			window_copied(&desktop->window, copy);
	}
	SDL_free(text);
}

void window_clipboard_end(struct window_desktop *desktop)
{
	window_clipboard_know(desktop, NULL);
}
