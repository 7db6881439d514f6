/* SPDX-License-Identifier: MIT */
/* What all kinds of windows have in common (window.c), for the files that make one. */
#ifndef FRONTENDS_DISPLAY_WINDOW_PARTS_H
#define FRONTENDS_DISPLAY_WINDOW_PARTS_H

#include <pthread.h>

#include "frontends/display/window.h"
#include "frontends/display/window_picture.h"

#define WINDOW_EVENTS_MAX 256

struct window_kind {
	size_t size; /* of its struct, whose first field is a struct window */
	/* In the thread: begin, else false and `error` says why; show until `stop`; end, in
	 * either case. */
	bool (*start)(struct window *window);
	void (*run)(struct window *window);
	void (*end)(struct window *window);
	/* In any thread, with the lock held: `run` has to look what is new. */
	void (*wake)(struct window *window);
};

struct window {
	const struct window_kind *kind;
	struct window_setup setup;
	pthread_t thread;

	/* Between the threads: under the lock. */
	pthread_mutex_t lock;
	pthread_cond_t started;
	bool running, failed, lost, stop, woken;
	bool in_use; /* by a thread that has not come back: its memory stays */
	char error[160];
	char text[128]; /* for titles */
	bool text_changed;
	char *put_text, *copied_text; /* of the clipboard: to go there, come from there; or NULL */
	char password[WINDOW_PASSWORD_MAX + 1];
	bool has_password;
	struct window_picture pictures[WINDOW_OUTPUTS_MAX];
	struct window_event events[WINDOW_EVENTS_MAX]; /* a ring */
	unsigned event_start, event_count;
};

/* Tell the machine's thread. What does not fit is dropped, keys and buttons last of all. */
void window_tell(struct window *window, const struct window_event *event);

/* The user has copied a text; it is taken over, and freed by free(). */
void window_copied(struct window *window, char *text);

#endif
