/* SPDX-License-Identifier: MIT */
/* Runs a fake board in a child process, for tests of the run loop. */
#ifndef TESTS_FRONTENDS_RUN_RUN_SCENE_H
#define TESTS_FRONTENDS_RUN_RUN_SCENE_H

#include "tests/frontends/fake_board.h"
#include "tests/frontends/pty.h"

/* A scene describes the run in the child. */
struct scene {
	enum board_exit (*slice)(struct board *board);
	const char *options; /* separated by blanks */
	bool echo;
	bool full; /* standard output accepts nothing, but standard error is read */
	size_t room; /* how many bytes the serial port accepts; 0 stands for 16 */
	/* Called in the child; its result is the exit code. */
	int (*after)(struct board *board, int code);
};

/* Writes text to the serial port, as the guest does. */
void say(struct board *board, const char *text);

/* A slice in which the kernel panics at once, and hangs. */
enum board_exit slice_panic_hang(struct board *board);

void start(struct child *child, enum child_io io, const struct scene *scene);

/* Waits until the child has ended. Returns its exit code. */
int code_of(struct child *child);

/* A turn of a dialogue: the user waits for a text, unless it is NULL, and then types. */
struct turn {
	const char *hears;
	const char *types; /* or NULL */
	bool asleep; /* the user types only when the run waits for something */
};

/* Makes a dialogue, which ends with a row of NULLs. */
#define TALK(...) ((const struct turn[]){ __VA_ARGS__, { NULL, NULL, false } })

/* Runs the scene with a dialogue, and checks the exit code; a terminal must then be restored. */
void expect_talk(const struct scene *scene, enum child_io io, const struct turn *talk, int code);

/* Runs the scene with pipes, and checks its output and its exit code. */
void expect_end(const struct scene *scene, int code, const char *says);

#endif
