/* SPDX-License-Identifier: MIT */
/* A child that runs a fake board, for tests of the run loop. */
#ifndef TESTS_FRONTENDS_RUN_SCENE_H
#define TESTS_FRONTENDS_RUN_SCENE_H

#include "fake_board.h"
#include "pty.h"

/* What the child runs. */
struct scene {
	enum board_exit (*slice)(struct board *board);
	const char *options; /* separated by blanks */
	bool echo;
	size_t room; /* 0: 16 */
	int (*after)(struct board *board, int code); /* in the child; its result is the exit code */
};

/* What the guest writes. */
void say(struct board *board, const char *text);

/* The slice of a kernel that panics at once, and hangs. */
enum board_exit slice_panic_hang(struct board *board);

void start(struct child *child, enum child_io io, const struct scene *scene);

/* Its exit code, when it has ended. */
int code_of(struct child *child);

/* With pipes it prints this, and ends with this exit code. */
void expect_end(const struct scene *scene, int code, const char *says);

#endif
