/* SPDX-License-Identifier: MIT */
/*
 * A child process whose standard input and output are a pseudoterminal or pipes, for tests of what
 * a user sees.
 */
#ifndef TESTS_FRONTENDS_PTY_H
#define TESTS_FRONTENDS_PTY_H

#include <sys/types.h>
#include <termios.h>

#include "bus/base.h"

struct child {
	pid_t pid;
	int master; /* the terminal's master, or -1 */
	int slave; /* kept open, so that its mode can be read */
	/* For writing to its input and reading from its output: the master, or pipes. */
	int to, from;
	struct termios before;
	char seen[65536]; /* all of its output so far */
	size_t seen_size;
};

enum child_io { CHILD_TTY, CHILD_PIPES };

/*
 * Runs body(ctx) in a child process, whose exit code is the result of `body`. With a terminal the
 * child is a session leader.
 */
void child_start(struct child *child, enum child_io io, int (*body)(void *ctx), void *ctx);

/* Reads the child's output until it contains `text`. Fails the test after 200 seconds. */
void child_expect(struct child *child, const char *text);

/* Writes to the child's input. */
void child_type(struct child *child, const char *data, size_t size);

/* Waits for the child's end, at most 200 seconds. Returns the status of waitpid. */
int child_wait(struct child *child);

/* Return whether the terminal is in raw mode now, and whether its mode is the same as before. */
bool child_is_raw(struct child *child);
bool child_is_restored(struct child *child);

void child_free(struct child *child);

#endif
