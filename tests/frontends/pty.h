/* SPDX-License-Identifier: MIT */
/*
 * A child process whose standard input and output are a pseudo-terminal or pipes, for tests of
 * what a user sees.
 */
#ifndef TESTS_FRONTENDS_PTY_H
#define TESTS_FRONTENDS_PTY_H

#include <sys/types.h>
#include <termios.h>

#include "bus/base.h"

struct child {
	pid_t pid;
	int master; /* of the terminal, or -1 */
	int slave; /* kept open, so that its mode can be asked for */
	int to, from; /* to write to its input and read from its output (the master, or pipes) */
	struct termios before;
	char seen[65536]; /* all it wrote */
	size_t seen_size;
};

enum child_io { CHILD_TTY, CHILD_PIPES };

/* Run body(ctx) in a child, whose exit code is its result; with a terminal as a session leader. */
void child_start(struct child *child, enum child_io io, int (*body)(void *ctx), void *ctx);

/* Read its output until `text` appears; fails the test after twenty seconds. */
void child_expect(struct child *child, const char *text);

/* Write to its input. */
void child_type(struct child *child, const char *data, size_t size);

/* Wait for its end (twenty seconds at most) and return the status of waitpid. */
int child_wait(struct child *child);

/* Whether the terminal's mode is raw now, and whether it is as it was before. */
bool child_is_raw(struct child *child);
bool child_is_restored(struct child *child);

void child_free(struct child *child);

#endif
