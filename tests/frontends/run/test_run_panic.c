/* SPDX-License-Identifier: MIT */
/* A guest's kernel panics: messages, the run's end and its exit code. */
#include "tests/cmocka.h"

#include <signal.h>

#include "run_scene.h"
#include "frontends/host/exit_code.h"

#define GOES_ON (EXIT_SIGNAL + SIGTERM) /* the run continues until the test ends it */

static enum board_exit slice_panic_reset(struct board *board)
{
	say(board, "KKernel pan");
	say(board, "ic - not syncing: no root\n");
	return BOARD_RESET;
}

/* The log is longer than the part of it that is kept; that part begins with a whole line. */
static enum board_exit slice_log_reset(struct board *board)
{
	say(board, "the first line of the log\r\n");
	for (unsigned n = 0; n < 800; n++)
		say(board, "another line of the log\r\n");
	return slice_panic_reset(board);
}

static enum board_exit slice_end(struct board *board)
{
	board->platform.end = MACHINE_PASS;
	return BOARD_ENDED;
}

/* A slice of a kernel that panics until the machine is reset. */
static enum board_exit slice_panic_first(struct board *board)
{
	if (!board->resets)
		return slice_panic_hang(board);
	if (!board->stats.instructions++)
		say(board, "again\r\n");
	return BOARD_IDLE;
}

static enum board_exit slice_panic_again(struct board *board)
{
	return board->slices == 1 ? slice_panic_reset(board) : slice_end(board);
}

/* A program prints the log of another machine, and then the kernel restarts the machine. */
static enum board_exit slice_text_reset(struct board *board)
{
	say(board, "# cat log\r\nKernel panic - not syncing: old\r\n# reboot -f\r\n"
		   "[    9.8] reboot: Restarting system\r\n");
	return BOARD_RESET;
}

/* A program prints all of a panic's text, and then works without output. */
static enum board_exit slice_text_works(struct board *board)
{
	board->mode = board->slices % 100 ? "S" : "U";
	return slice_panic_hang(board);
}

/* A prompt follows the text of a panic, which a program has printed. */
static enum board_exit slice_text_prompt(struct board *board)
{
	enum board_exit end = slice_panic_hang(board);

	if (board->slices == 1)
		say(board, "# ");
	return end;
}

/* Programs run until shortly after the beginning of a panic's text. Three seconds later the machine
 * is reset, which no text has announced. */
static enum board_exit slice_panic_silent(struct board *board)
{
	if (board->slices == 5)
		say(board, "Kernel panic - not syncing: no root\r\n");
	board->traps += board->slices < 10;
	usleep(10000);
	return board->slices < 300 ? BOARD_SLICE : BOARD_RESET;
}

/* A program runs in addition between two looks, long after the text. */
static enum board_exit slice_text_silent(struct board *board)
{
	board->traps += board->slices == 250;
	return slice_panic_silent(board);
}

/* The text of a panic is printed while programs run on other harts; later the kernel itself
 * panics. */
static enum board_exit slice_text_panic(struct board *board)
{
	board->mode = board->slices < 10 ? "VU" : "S";
	if (board->slices == 1 || board->slices == 20)
		say(board, "Kernel panic - not syncing: no root\r\n"
			   "---[ end Kernel panic - not syncing: no root ]---\r\n");
	usleep(500); /* the time that the slice takes */
	return BOARD_SLICE;
}

static void test_ends(void **state)
{
	static const struct {
		struct scene scene;
		int code;
		const char *says;
	} cases[] = {
		{ { .slice = slice_panic_reset, .options = "-no-reboot" }, 6,
		  "baya: the guest's kernel panicked\n" },
		{ { .slice = slice_panic_hang }, 6, "baya: the guest's kernel panicked and hangs" },
		{ { .slice = slice_panic_hang, .options = "-action panic=none" }, GOES_ON,
		  "baya: the guest's kernel panicked and hangs" },
		{ { .slice = slice_panic_hang, .options = "-no-shutdown" }, GOES_ON,
		  "baya: the guest's kernel panicked and hangs" },
		{ { .slice = slice_text_reset, .options = "-no-reboot" }, 0, "Restarting" },
		{ { .slice = slice_text_works, .options = "--timeout=5" }, 4,
		  "stopped: --timeout is reached" },
		{ { .slice = slice_text_prompt, .options = "--timeout=5" }, 4,
		  "stopped: --timeout is reached" },
		{ { .slice = slice_panic_silent, .options = "-no-reboot" }, 6,
		  "baya: the guest's kernel panicked\n" },
		{ { .slice = slice_text_silent, .options = "-no-reboot" }, 0, "no root" },
		{ { .slice = slice_text_panic }, 6, "baya: the guest's kernel panicked and hangs" },
		{ { .slice = slice_panic_hang, .options = "run -- true" }, 6,
		  "which 'baya run' hides:\nKernel panic - not syncing: no root\n---[ end Kernel panic "
		  "- not syncing: no root ]---\nbaya: the guest's kernel panicked and hangs\n" },
		{ { .slice = slice_log_reset, .options = "run -no-reboot -- true" }, 6,
		  "which 'baya run' hides:\nanother line of the log\nanother line of the log\n" },
		{ { .slice = slice_log_reset, .options = "run -no-reboot -- true" }, 6,
		  "another line of the log\nKKernel panic - not syncing: no root\nbaya: the guest's "
		  "kernel panicked\n" },
		{ { .slice = slice_panic_again }, 0, "baya: the guest's kernel panicked\n" },
	};

	struct child child[ARRAY_SIZE(cases)];

	/* All of these wait for seconds, so they run at the same time. */
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++)
		start(&child[i], CHILD_PIPES, &cases[i].scene);
	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		child_expect(&child[i], cases[i].says);
		if (cases[i].code == GOES_ON)
			kill(child[i].pid, SIGTERM);
		assert_int_equal(code_of(&child[i]), cases[i].code);
		child_free(&child[i]);
	}
}

/* On a terminal, a command ends as it does without one, because there is no Ctrl-a x. */
static void test_panic_of_a_command(void **state)
{
	static const struct scene scene = { .slice = slice_panic_hang, .options = "run -- true" };

	expect_talk(&scene, CHILD_TTY, TALK({ "panicked and hangs\r\n", NULL, false }), 6);
}

/* A reset machine has not panicked. */
static void test_panic_forgotten(void **state)
{
	static const struct scene scene = { .slice = slice_panic_first,
					    .options = "-action panic=none" };

	expect_talk(&scene, CHILD_TTY,
		    TALK({ "panicked and hangs", "\001csystem_reset\r", false },
			 { "again", "quit\r", false }),
		    0);
}

/* With -no-shutdown a guest that cannot reboot stays; its result is reported when the user ends the
 * run. */
static void test_panic_kept(void **state)
{
	static const struct scene scenes[] = {
		{ .slice = slice_panic_reset, .options = "-no-reboot -no-shutdown" },
		{ .slice = slice_panic_hang, .options = "-no-shutdown -action panic=exit-failure" },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(scenes); i++)
		expect_talk(&scenes[i], CHILD_TTY,
			    TALK({ NULL, "\001c", false },
				 { i ? "panicked and hangs" : "the machine stays stopped",
				   "info status\r", false },
				 { "VM status: paused (shutdown)", "quit\r", false }),
			    6);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_ends),
	cmocka_unit_test(test_panic_of_a_command),
	cmocka_unit_test(test_panic_forgotten),
	cmocka_unit_test(test_panic_kept),
	{ 0 },
};
