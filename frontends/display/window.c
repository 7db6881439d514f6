/* SPDX-License-Identifier: MIT */
/*
 * Passes data between the machine's thread and the thread that shows its outputs, for every kind of
 * window: pictures and texts in one direction, events in the other.
 */
#include "frontends/display/window_kind.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* This many places of the queue are kept free for keys and buttons, whose loss would be noticed. */
#define EVENTS_SPARE 64

/* Merges a pointer event into the last event of the queue, if that is of the same kind. */
static bool window_join(struct window *window, const struct window_event *event)
{
	struct window_event *last;

	if (!window->event_count || (event->kind != WINDOW_POINT && event->kind != WINDOW_MOVE))
		return false;
	last = &window->events[(window->event_start + window->event_count - 1) % WINDOW_EVENTS_MAX];
	if (last->kind != event->kind || last->output != event->output)
		return false;
	last->x = event->kind == WINDOW_MOVE ? last->x + event->x : event->x;
	last->y = event->kind == WINDOW_MOVE ? last->y + event->y : event->y;
	return true;
}

/* Wakes the machine's thread. */
static void window_call(const struct window *window)
{
	u64 one = 1;

	if (write(window->setup.wake, &one, sizeof(one)) < 0)
		return; /* the eventfd is full: that thread is awake */
}

void window_queue_event(struct window *window, const struct window_event *event)
{
	bool matters = event->kind == WINDOW_KEY || event->kind == WINDOW_BUTTON;
	unsigned most = matters ? WINDOW_EVENTS_MAX : WINDOW_EVENTS_MAX - EVENTS_SPARE;

	pthread_mutex_lock(&window->lock);
	if (!window_join(window, event) && window->event_count < most)
		window->events[(window->event_start + window->event_count++) % WINDOW_EVENTS_MAX] =
			*event;
	pthread_mutex_unlock(&window->lock);
	window_call(window);
}

/* Handles that the window's thread was ended from outside, and so does not reach its normal end. */
static void window_lose(void *ctx)
{
	struct window *window = ctx;

	pthread_mutex_lock(&window->lock);
	window->running = false;
	window->lost = true;
	pthread_mutex_unlock(&window->lock);
	window_call(window);
}

static void window_run(struct window *window)
{
	pthread_cleanup_push(window_lose, window);
	window->kind->run(window);
	pthread_cleanup_pop(0);
}

void window_copied(struct window *window, char *text)
{
	pthread_mutex_lock(&window->lock);
	free(window->copied_text);
	window->copied_text = text;
	pthread_mutex_unlock(&window->lock);
	window_call(window);
}

static void *window_thread(void *ctx)
{
	struct window *window = ctx;
	bool started = window->kind->start(window);

	pthread_mutex_lock(&window->lock);
	window->running = started;
	window->failed = !started;
	pthread_cond_signal(&window->started);
	pthread_mutex_unlock(&window->lock);
	if (started)
		window_run(window);
	window->kind->end(window);
	return NULL;
}

/* Starts the window's thread. It blocks all signals, because the terminal's thread handles them. */
static int start_thread(struct window *window)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&window->thread, NULL, window_thread, window);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

static void set_password(struct window *window, const char *password)
{
	window->has_password = true;
	snprintf(window->password, sizeof(window->password), "%s", password);
}

static struct window *window_make(const struct window_kind *kind, const struct window_setup *setup)
{
	struct window *window = calloc(1, kind->size);

	if (!window)
		return NULL;
	window->kind = kind;
	window->setup = *setup;
	if (setup->password)
		set_password(window, setup->password);
	pthread_mutex_init(&window->lock, NULL);
	pthread_cond_init(&window->started, NULL);
	return window;
}

static bool window_unmake(struct window *window)
{
	if (window->in_use)
		return false;
	for (unsigned n = 0; n < WINDOW_OUTPUTS_MAX; n++)
		window_picture_free(&window->pictures[n]);
	free(window->put_text);
	free(window->copied_text);
	pthread_cond_destroy(&window->started);
	pthread_mutex_destroy(&window->lock);
	free(window);
	return true;
}

int window_open(struct window **made, const struct window_kind *kind,
		const struct window_setup *setup, char *error, size_t size)
{
	struct window *window = window_make(kind, setup);
	bool failed;

	*made = NULL;
	if (!window) {
		snprintf(error, size, "not enough host memory");
		return -1;
	}
	if (start_thread(window)) {
		snprintf(error, size, "no thread for it");
		window_unmake(window);
		return -1;
	}
	pthread_mutex_lock(&window->lock);
	while (!window->running && !window->failed)
		pthread_cond_wait(&window->started, &window->lock);
	failed = window->failed;
	pthread_mutex_unlock(&window->lock);
	if (failed) {
		pthread_join(window->thread, NULL);
		snprintf(error, size, "%s", window->error);
		window_unmake(window);
		return -1;
	}
	*made = window;
	return 0;
}

/* Wakes the window's thread. Called with the lock held. */
static void window_wake(struct window *window)
{
	if (!window->woken && window->running)
		window->kind->wake(window);
	window->woken = true;
}

bool window_close(struct window *window)
{
	if (!window)
		return true;
	pthread_mutex_lock(&window->lock);
	window->stop = true;
	window->woken = false;
	window_wake(window);
	pthread_mutex_unlock(&window->lock);
	pthread_join(window->thread, NULL);
	return window_unmake(window);
}

void window_update(struct window *window, unsigned output, const struct display_scanout *scanout)
{
	pthread_mutex_lock(&window->lock);
	window_picture_take(&window->pictures[output], scanout);
	window_wake(window);
	pthread_mutex_unlock(&window->lock);
}

void window_say(struct window *window, const char *text)
{
	pthread_mutex_lock(&window->lock);
	snprintf(window->text, sizeof(window->text), "%s", text);
	window->text_changed = true;
	window_wake(window);
	pthread_mutex_unlock(&window->lock);
}

void window_describe(struct window *window, FILE *out)
{
	pthread_mutex_lock(&window->lock);
	if (window->kind->describe)
		window->kind->describe(window, out);
	pthread_mutex_unlock(&window->lock);
}

void window_put_text(struct window *window, const char *text)
{
	pthread_mutex_lock(&window->lock);
	free(window->put_text);
	window->put_text = strdup(text);
	window_wake(window);
	pthread_mutex_unlock(&window->lock);
}

char *window_take_text(struct window *window)
{
	char *text;

	pthread_mutex_lock(&window->lock);
	text = window->copied_text;
	window->copied_text = NULL;
	pthread_mutex_unlock(&window->lock);
	return text;
}

bool window_set_password(struct window *window, const char *password)
{
	if (!window->setup.locked)
		return false;
	pthread_mutex_lock(&window->lock);
	set_password(window, password);
	pthread_mutex_unlock(&window->lock);
	return true;
}

bool window_lost(struct window *window)
{
	bool lost;

	pthread_mutex_lock(&window->lock);
	lost = window->lost;
	pthread_mutex_unlock(&window->lock);
	return lost;
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
