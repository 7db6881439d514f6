/* SPDX-License-Identifier: MIT */
/*
 * A kind of windows, as the files that implement one (window_sdl*.c, window_vnc*.c) give it to
 * window.c, which has what they have in common: the thread, the queue of events, the clipboard.
 */
#ifndef FRONTENDS_DISPLAY_WINDOW_KIND_H
#define FRONTENDS_DISPLAY_WINDOW_KIND_H

#include <pthread.h>

#include "frontends/display/window.h"
#include "frontends/display/window_picture.h"

#define WINDOW_EVENTS_MAX 256

struct window_kind {
	size_t size; /* of the kind's struct, whose first field is a struct window */
	/* In the thread: `start` opens it, or returns false and sets `error`; `run` shows pictures
	 * until `stop`; `end` is called in either case. */
	bool (*start)(struct window *window);
	void (*run)(struct window *window);
	void (*end)(struct window *window);
	/* Called in any thread, with the lock held: makes `run` look for something new. */
	void (*wake)(struct window *window);
	/* Prints who sees it, with the lock held. NULL: its user does. */
	void (*describe)(const struct window *window, FILE *out);
};

struct window {
	const struct window_kind *kind;
	struct window_setup setup;
	pthread_t thread;

	/* Shared by the threads, under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t started;
	bool running, failed, lost, stop, woken;
	bool in_use; /* a thread that has not ended still uses the memory, so it is not freed */
	char error[160];
	char text[128]; /* for titles */
	bool text_changed;
	/* The clipboard: the text to put there, the text copied there; or NULL. */
	char *put_text, *copied_text;
	char password[WINDOW_PASSWORD_MAX + 1];
	bool has_password;
	struct window_picture pictures[WINDOW_OUTPUTS_MAX];
	struct window_event events[WINDOW_EVENTS_MAX]; /* a ring */
	unsigned event_start, event_count;
};

/* Queues an event for the machine's thread. When the queue is full it is dropped, keys and buttons
 * last of all. */
void window_tell(struct window *window, const struct window_event *event);

/* The user has copied a text; the window takes it over, and frees it by free(). */
void window_copied(struct window *window, char *text);

#endif
