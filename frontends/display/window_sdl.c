/* SPDX-License-Identifier: MIT */
/*
 * Runs the thread that uses SDL. It sleeps in SDL_WaitEvent, or in window_x11_wait, and is woken
 * only by an event of the desktop or by the machine's thread. It calls all functions of SDL for
 * windows; the machine's thread calls only SDL_PushEvent.
 */
#include "frontends/display/window_sdl.h"

#include <SDL.h>
#include <stdio.h>
#include <string.h>

static struct window_desktop *desktop_of(struct window *window)
{
	return (struct window_desktop *)window;
}

void window_titles(struct window_desktop *desktop)
{
	const char *grab = desktop->grabbed ? " - Ctrl-Alt-g frees keyboard and mouse" : "";
	const char *text = desktop->shown_text, *dash = *text ? " - " : "";
	const char *name = desktop->window.setup.name;
	char title[320], number[32] = "";

	for (unsigned n = 0; n < desktop->window.setup.outputs; n++) {
		if (!desktop->views[n].window)
			continue;
		if (n)
			snprintf(number, sizeof(number), ", screen %u", n + 1);
		snprintf(title, sizeof(title), "%s%s%s%s%s", name, number, dash, text, grab);
		SDL_SetWindowTitle(desktop->views[n].window, title);
	}
}

/* Takes over what the machine's thread has left for this one; returns whether the titles have
 * changed. */
static bool window_sdl_take(struct window_desktop *desktop)
{
	struct window *window = &desktop->window;
	bool text = window->text_changed;

	window->woken = false;
	for (unsigned n = 0; n < window->setup.outputs; n++) {
		struct window_picture *picture = &window->pictures[n];
		struct window_view *view = &desktop->views[n];

		if (!picture->stale)
			continue;
		picture->stale = false;
		if (!view->window && picture->pixels) {
			text = true;
			picture->changed = picture->cursor.changed = true;
			window_view_open(desktop, n);
		}
		if (view->window)
			window_view_take(view, picture);
	}
	memcpy(desktop->shown_text, window->text, sizeof(desktop->shown_text));
	window->text_changed = false;
	return text;
}

static void window_sdl_unlock(void *lock)
{
	pthread_mutex_unlock(lock);
}

static bool window_sdl_draw(struct window_desktop *desktop)
{
	bool stop, text;

	pthread_mutex_lock(&desktop->window.lock);
	/* If the X server is lost the thread ends in here: see window_outlive_x11. */
	pthread_cleanup_push(window_sdl_unlock, &desktop->window.lock);
	stop = desktop->window.stop;
	text = window_sdl_take(desktop);
	pthread_cleanup_pop(1);
	if (text)
		window_titles(desktop);
	window_clipboard_put(desktop);
	for (unsigned n = 0; n < desktop->window.setup.outputs; n++)
		if (desktop->views[n].stale)
			window_view_draw(desktop, n);
	return !stop;
}

/* Returns whether the windows can be seen. Without a display server SDL chooses a driver that shows
 * nothing, which is right only if SDL_VIDEODRIVER is set. */
static bool is_seen(void)
{
	const char *driver = SDL_GetCurrentVideoDriver();

	return SDL_getenv("SDL_VIDEODRIVER") ||
	       (strcmp(driver, "offscreen") && strcmp(driver, "dummy"));
}

static bool start_sdl(struct window_desktop *desktop)
{
	SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
	SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
	SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
	SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
	window_ignore_x11_errors();
	if (SDL_InitSubSystem(SDL_INIT_VIDEO))
		return false;
	if (!is_seen()) {
		SDL_SetError("there is no X server and no Wayland compositor (DISPLAY, "
			     "WAYLAND_DISPLAY)");
		return false;
	}
	SDL_EnableScreenSaver();
	SDL_StopTextInput();
	desktop->wake_event = SDL_RegisterEvents(1);
	if (desktop->wake_event == (u32)-1 || !window_view_open(desktop, 0))
		return false;
	window_outlive_x11(desktop);
	return true;
}

static bool window_sdl_start(struct window *window)
{
	struct window_desktop *desktop = desktop_of(window);

	desktop->integer = window->setup.integer;
	if (start_sdl(desktop)) {
		window_clipboard_changed(desktop);
		return true;
	}
	snprintf(window->error, sizeof(window->error), "%s", SDL_GetError());
	return false;
}

static int next_event(struct window_desktop *desktop, SDL_Event *event)
{
	return window_x11_wait(desktop) ? SDL_PollEvent(event) : SDL_WaitEvent(event);
}

static void window_sdl_run(struct window *window)
{
	struct window_desktop *desktop = desktop_of(window);
	SDL_Event event;

	pthread_cleanup_push(window_x11_end, desktop);
	while (window_sdl_draw(desktop))
		for (int got = next_event(desktop, &event); got; got = SDL_PollEvent(&event))
			window_handle(desktop, &event);
	pthread_cleanup_pop(1);
}

static void window_sdl_end(struct window *window)
{
	for (unsigned n = 0; n < WINDOW_OUTPUTS_MAX; n++)
		window_view_close(&desktop_of(window)->views[n]);
	window_clipboard_end(desktop_of(window));
	/* SDL itself is not ended, because sound uses it, too (audio_sdl.c). */
	if (SDL_WasInit(SDL_INIT_VIDEO))
		SDL_QuitSubSystem(SDL_INIT_VIDEO);
	SDL_TLSCleanup(); /* SDL did not start this thread */
}

static void window_sdl_wake(struct window *window)
{
	SDL_Event event = { .type = desktop_of(window)->wake_event };

	if (!window_x11_wake(desktop_of(window)))
		SDL_PushEvent(&event);
}

const struct window_kind window_sdl = {
	.size = sizeof(struct window_desktop), .start = window_sdl_start, .run = window_sdl_run,
	.end = window_sdl_end, .wake = window_sdl_wake,
};
