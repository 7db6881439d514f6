/* SPDX-License-Identifier: MIT */
/*
 * The interface between window.c and the files that implement a kind of windows (window_sdl*.c,
 * window_vnc*.c). window.c implements what they have in common: the thread, the queue of events,
 * the clipboard.
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_KIND_H
#define FRONTENDS_DISPLAY_WINDOW_KIND_H

#include <pthread.h>

#include "frontends/display/window.h"
#include "frontends/display/window_picture.h"

#define WINDOW_EVENTS_MAX 256

struct window_kind {
	size_t size; /* the size of the kind's struct, which begins with a struct window */
	/*
	 * These are called in the window's thread. `start` opens the window, or returns false with
	 * window->error set; `run` shows pictures until window->stop is set; `end` frees what
	 * `start` made, and is called in either case.
	 */
	bool (*start)(struct window *window);
	void (*run)(struct window *window);
	void (*end)(struct window *window);
	/* Makes `run` look at the struct again. Called in any thread, with the lock held. */
	void (*wake)(struct window *window);
	/*
	 * Prints who sees the window. Called with the lock held. NULL: only the desktop's user
	 * does.
	 */
	void (*describe)(const struct window *window, FILE *out);
};

struct window {
	const struct window_kind *kind;
	struct window_setup setup;
	pthread_t thread;

	/* The rest is shared by the threads, and protected by `lock`. */
	pthread_mutex_t lock;
	pthread_cond_t started;
	bool running, failed, lost, stop, woken;
	/* A thread that could not be ended still uses this memory, so it is not freed. */
	bool in_use;
	char error[160];
	char text[128]; /* the text in titles */
	bool text_changed;
	/* The clipboard's text: one to put there, and one that was copied there; or NULL. */
	char *put_text, *copied_text;
	char password[WINDOW_PASSWORD_MAX + 1];
	bool has_password;
	struct window_picture pictures[WINDOW_OUTPUTS_MAX];
	struct window_event events[WINDOW_EVENTS_MAX]; /* a ring buffer */
	unsigned event_start, event_count;
};

/*
 * Queues an event for the machine's thread. If the queue is full, the event is dropped; some places
 * are only used for keys and buttons, so that these are dropped last.
 */
void window_queue_event(struct window *window, const struct window_event *event);

/*
 * Reports a text that the user has copied. The window owns it from now on, and frees it by free().
 */
void window_copied(struct window *window, char *text);

#endif
