/* SPDX-License-Identifier: MIT */
/*
 * A child process whose standard input and output are a pseudoterminal or pipes, for tests of the
 * user's view.
 */
#ifndef TESTS_FRONTENDS_PTY_H
#define TESTS_FRONTENDS_PTY_H

#include <sys/types.h>
#include <termios.h>

#include "bus/base.h"

struct child {
	pid_t pid;
	int master; /* of the terminal, or -1 */
	int slave; /* kept open, so that its mode can be read */
	int to, from; /* to write to its input and read from its output (the master, or pipes) */
	struct termios before;
	char seen[65536]; /* all of its output */
	size_t seen_size;
};

enum child_io { CHILD_TTY, CHILD_PIPES };

/* Runs body(ctx) in a child, whose exit code is its result; with a terminal it is a session
 * leader. */
void child_start(struct child *child, enum child_io io, int (*body)(void *ctx), void *ctx);

/* Reads its output until `text` appears; fails the test after 200 seconds. */
void child_expect(struct child *child, const char *text);

/* Writes to its input. */
void child_type(struct child *child, const char *data, size_t size);

/* Waits for its end (200 seconds at most) and returns the status of waitpid. */
int child_wait(struct child *child);

/* Return whether the terminal's mode is raw now, and whether it is as it was before. */
bool child_is_raw(struct child *child);
bool child_is_restored(struct child *child);

void child_free(struct child *child);

#endif
