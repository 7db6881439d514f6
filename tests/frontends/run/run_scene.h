/* SPDX-License-Identifier: MIT */
/* Runs a fake board in a child, for tests of the run loop. */
#ifndef TESTS_FRONTENDS_RUN_RUN_SCENE_H
#define TESTS_FRONTENDS_RUN_RUN_SCENE_H

#include "tests/frontends/fake_board.h"
#include "tests/frontends/pty.h"

/* A scene is the run in the child. */
struct scene {
	enum board_exit (*slice)(struct board *board);
	const char *options; /* separated by blanks */
	bool echo;
	size_t room; /* 0 stands for 16 */
	int (*after)(struct board *board, int code); /* in the child; its result is the exit code */
};

/* Writes text as the guest. */
void say(struct board *board, const char *text);

/* A slice in which the kernel panics at once, and hangs. */
enum board_exit slice_panic_hang(struct board *board);

void start(struct child *child, enum child_io io, const struct scene *scene);

/* Waits until it has ended, and returns its exit code. */
int code_of(struct child *child);

/* In a turn of a talk the user waits for text, unless it is NULL, and then types. */
struct turn {
	const char *hears;
	const char *types; /* or NULL */
	bool asleep; /* the user types only when the run waits for something */
};

/* A talk ends with a row of NULLs. */
#define TALK(...) ((const struct turn[]){ __VA_ARGS__, { NULL, NULL, false } })

/* Runs it, talks, and expects this exit code; a terminal must be restored then. */
void expect_talk(const struct scene *scene, enum child_io io, const struct turn *talk, int code);

/* Runs it with pipes, and expects this output and this exit code. */
void expect_end(const struct scene *scene, int code, const char *says);

#endif
