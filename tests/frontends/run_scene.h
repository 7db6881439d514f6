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

void start(struct child *child, enum child_io io, const struct scene *scene);

/* Its exit code, when it has ended. */
int code_of(struct child *child);

#endif
