/* SPDX-License-Identifier: MIT */
/* See run_scene.h. */
#include "run_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/cmocka.h"
#include "tests/frontends/asleep.h"
#include "frontends/host/exit_code.h"
#include "frontends/host/process.h"
#include "frontends/run/run.h"

void say(struct board *board, const char *text)
{
	chardev_write(&board->serial, (const u8 *)text, strlen(text));
}

enum board_exit slice_panic_hang(struct board *board)
{
	if (board->slices == 1)
		say(board, "Kernel panic - not syncing: no root\r\n"
			   "---[ end Kernel panic - not syncing: no root ]---\r\n");
	usleep(500); /* the time that the slice takes */
	return BOARD_SLICE;
}

static int run_scene_perform(void *ctx)
{
	const struct scene *scene = ctx;
	char text[256], *words[16], *rest = NULL;
	struct board *board = calloc(1, sizeof(*board));
	struct options options;
	struct board_error error;
	int count = 0, code;

	snprintf(text, sizeof(text), "baya %s", scene->options ? scene->options : "");
	for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
		words[count++] = word;
	if (options_parse(&options, count, words, &error))
		return 99;
	fake_board_init(board, options.board.clock);
	board->slice = scene->slice;
	board->echo = scene->echo;
	board->room = scene->room ? scene->room : 16;
	dup2(STDOUT_FILENO, STDERR_FILENO);
	if (scene->full && !freopen("/dev/full", "w", stdout))
		return 99;
	code = run_board(board, &options, NULL);
	if (scene->after)
		code = scene->after(board, code);
	options_free(&options);
	fake_board_free(board);
	free(board);
	return process_finish(code);
}

void start(struct child *child, enum child_io io, const struct scene *scene)
{
	child_start(child, io, run_scene_perform, (void *)scene);
}

int code_of(struct child *child)
{
	int status = child_wait(child);

	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_SIGNAL + WTERMSIG(status);
}

void expect_talk(const struct scene *scene, enum child_io io, const struct turn *talk, int code)
{
	struct child child;

	start(&child, io, scene);
	for (; talk->hears || talk->types; talk++) {
		if (talk->hears)
			child_expect(&child, talk->hears);
		if (talk->asleep)
			assert_true(await_asleep(child.pid));
		if (talk->types)
			child_type(&child, talk->types, strlen(talk->types));
	}
	assert_int_equal(code_of(&child), code);
	if (io == CHILD_TTY)
		assert_true(child_is_restored(&child));
	child_free(&child);
}

void expect_end(const struct scene *scene, int code, const char *says)
{
	expect_talk(scene, CHILD_PIPES, TALK({ says, NULL, false }), code);
}
