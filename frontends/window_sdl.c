/* SPDX-License-Identifier: MIT */
/*
 * The thread that SDL lives in. It sleeps in SDL_WaitEvent: an event of the desktop, or one that
 * the machine's thread pushes, is all that wakes it. All of SDL but SDL_PushEvent is called here.
 */
#include "frontends/window_sdl.h"

#include <SDL.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* So many events stay free for keys and buttons, whose loss would be noticed. */
#define EVENTS_SPARE 64

/* Pointer events join the last one when it is of the same kind. */
static bool join(struct window *window, const struct window_event *event)
{
	struct window_event *last;

	if (!window->event_count || (event->kind != WINDOW_POINT && event->kind != WINDOW_MOVE))
		return false;
	last = &window->events[(window->event_start + window->event_count - 1) %
			       WINDOW_EVENTS_MAX];
	if (last->kind != event->kind || last->output != event->output)
		return false;
	last->x = event->kind == WINDOW_MOVE ? last->x + event->x : event->x;
	last->y = event->kind == WINDOW_MOVE ? last->y + event->y : event->y;
	return true;
}

void window_tell(struct window *window, const struct window_event *event)
{
	bool matters = event->kind == WINDOW_KEY || event->kind == WINDOW_BUTTON;
	unsigned most = matters ? WINDOW_EVENTS_MAX : WINDOW_EVENTS_MAX - EVENTS_SPARE;
	u64 one = 1;

	pthread_mutex_lock(&window->lock);
	if (!join(window, event) && window->event_count < most)
		window->events[(window->event_start + window->event_count++) %
			       WINDOW_EVENTS_MAX] = *event;
	pthread_mutex_unlock(&window->lock);
	if (write(window->setup.wake, &one, sizeof(one)) < 0)
		return; /* it is full: the machine's thread is awake */
}

void window_titles(struct window *window)
{
	const char *text = window->grabbed ? "Ctrl-Alt-g frees keyboard and mouse" :
					     window->shown_text;
	char title[320];

	for (unsigned n = 0; n < window->setup.outputs; n++) {
		if (!window->views[n].window)
			continue;
		if (n)
			snprintf(title, sizeof(title), "%s, screen %u%s%s", window->setup.name,
				 n + 1, *text ? " - " : "", text);
		else
			snprintf(title, sizeof(title), "%s%s%s", window->setup.name,
				 *text ? " - " : "", text);
		SDL_SetWindowTitle(window->views[n].window, title);
	}
}

/* What the machine's thread left here; true: there is another text for titles. */
static bool take(struct window *window)
{
	bool text = window->text_changed;

	window->woken = false;
	for (unsigned n = 0; n < window->setup.outputs; n++) {
		struct window_picture *picture = &window->pictures[n];
		struct window_view *view = &window->views[n];

		if (!picture->stale)
			continue;
		picture->stale = false;
		if (!view->window && picture->pixels) {
			text = true;
			picture->changed = picture->cursor.changed = true;
			window_view_open(window, n);
		}
		if (view->window)
			window_view_take(view, picture);
	}
	memcpy(window->shown_text, window->text, sizeof(window->shown_text));
	window->text_changed = false;
	return text;
}

static bool draw(struct window *window)
{
	bool stop, text;

	pthread_mutex_lock(&window->lock);
	stop = window->stop;
	text = take(window);
	pthread_mutex_unlock(&window->lock);
	if (text)
		window_titles(window);
	for (unsigned n = 0; n < window->setup.outputs; n++)
		if (window->views[n].stale)
			window_view_draw(window, n);
	return !stop;
}

static bool start(struct window *window)
{
	SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
	SDL_SetHint(SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0");
	SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
	SDL_SetHint(SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1");
	window_ignore_x11_errors();
	if (SDL_Init(SDL_INIT_VIDEO))
		return false;
	SDL_EnableScreenSaver();
	SDL_StopTextInput();
	window->wake_event = SDL_RegisterEvents(1);
	return window->wake_event != (u32)-1 && window_view_open(window, 0);
}

static void run(struct window *window)
{
	SDL_Event event;

	while (draw(window)) {
		int got = SDL_WaitEvent(&event);

		for (; got; got = SDL_PollEvent(&event))
			window_handle(window, &event);
	}
}

static void *thread(void *ctx)
{
	struct window *window = ctx;
	bool started = start(window);

	pthread_mutex_lock(&window->lock);
	window->running = started;
	window->failed = !started;
	if (!started)
		snprintf(window->error, sizeof(window->error), "%s", SDL_GetError());
	pthread_cond_signal(&window->started);
	pthread_mutex_unlock(&window->lock);
	if (started)
		run(window);
	for (unsigned n = 0; n < WINDOW_OUTPUTS_MAX; n++)
		window_view_close(&window->views[n]);
	SDL_Quit();
	return NULL;
}

/* Signals are for the thread that knows what to do with them. */
static int start_thread(struct window *window)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&window->thread, NULL, thread, window);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

int window_open(struct window **made, const struct window_setup *setup, char *error, size_t size)
{
	struct window *window = calloc(1, sizeof(*window));
	bool failed;

	*made = NULL;
	if (!window) {
		snprintf(error, size, "not enough host memory");
		return -1;
	}
	window->setup = *setup;
	window->integer = setup->integer;
	pthread_mutex_init(&window->lock, NULL);
	pthread_cond_init(&window->started, NULL);
	if (start_thread(window)) {
		snprintf(error, size, "no thread for it");
		free(window);
		return -1;
	}
	pthread_mutex_lock(&window->lock);
	while (!window->running && !window->failed)
		pthread_cond_wait(&window->started, &window->lock);
	failed = window->failed;
	pthread_mutex_unlock(&window->lock);
	*made = window;
	if (!failed)
		return 0;
	snprintf(error, size, "%s", window->error);
	window_close(window);
	*made = NULL;
	return -1;
}

/* With the lock held. */
static void wake(struct window *window)
{
	SDL_Event event = { .type = window->wake_event };

	if (!window->woken && window->running)
		SDL_PushEvent(&event);
	window->woken = true;
}

void window_close(struct window *window)
{
	if (!window)
		return;
	pthread_mutex_lock(&window->lock);
	window->stop = true;
	window->woken = false;
	wake(window);
	pthread_mutex_unlock(&window->lock);
	pthread_join(window->thread, NULL);
	for (unsigned n = 0; n < WINDOW_OUTPUTS_MAX; n++)
		window_picture_free(&window->pictures[n]);
	pthread_cond_destroy(&window->started);
	pthread_mutex_destroy(&window->lock);
	free(window);
}

void window_update(struct window *window, unsigned output, const struct display_scanout *scanout)
{
	pthread_mutex_lock(&window->lock);
	window_picture_take(&window->pictures[output], scanout);
	wake(window);
	pthread_mutex_unlock(&window->lock);
}

void window_say(struct window *window, const char *text)
{
	pthread_mutex_lock(&window->lock);
	snprintf(window->text, sizeof(window->text), "%s", text);
	window->text_changed = true;
	wake(window);
	pthread_mutex_unlock(&window->lock);
}

bool window_next(struct window *window, struct window_event *event)
{
	bool there;

	pthread_mutex_lock(&window->lock);
	there = window->event_count > 0;
	if (there) {
		*event = window->events[window->event_start];
		window->event_start = (window->event_start + 1) % WINDOW_EVENTS_MAX;
		window->event_count--;
	}
	pthread_mutex_unlock(&window->lock);
	return there;
}
