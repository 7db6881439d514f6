/* SPDX-License-Identifier: MIT */
/* A run of which an input or output of the host fails: that is reported, by the exit code, too. */
#include "tests/cmocka.h"

#include <stdio.h>
#include <string.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run_scene.h"
#include "frontends/host/complain.h"
#include "frontends/host/exit_code.h"
#include "frontends/host/growing_file.h"
#include "tests/frontends/asleep.h"

#define STDERR "-chardev stderr,id=c -serial chardev:c"
#define MANY 20000 /* bytes that a small pipe does not accept at once */

static enum board_exit end_with(struct board *board, enum machine_end end)
{
	board->platform.end = end;
	return BOARD_ENDED;
}

static enum board_exit slice_pass(struct board *board)
{
	say(board, "hello");
	return end_with(board, MACHINE_PASS);
}

static enum board_exit slice_fail(struct board *board)
{
	say(board, "hello");
	return end_with(board, MACHINE_FAIL);
}

/* The guest's own code has the number of Baya's code for a limit. */
static enum board_exit slice_fail_4(struct board *board)
{
	board->platform.end_code = EXIT_LIMIT;
	return slice_fail(board);
}

static enum board_exit slice_limit(struct board *board)
{
	say(board, "hello");
	return BOARD_LIMIT;
}

/* Opens a file in place of a standard one. */
static void replace(int fd, const char *path, int flags)
{
	int opened = open(path, flags);

	assert(opened >= 0);
	dup2(opened, fd);
	close(opened);
}

/* Output to a file is lost: the run ends in the same way, but not with success. */
static void test_files(void **state)
{
	static const struct {
		struct scene scene;
		int code;
		const char *what;
	} cases[] = {
		{ { .slice = slice_pass, .options = "-serial file:/dev/full" }, EXIT_HOST,
		  "the output of the port 'serial' to" },
		{ { .slice = slice_limit, .options = "-serial file:/dev/full" }, EXIT_HOST,
		  "the output of the port 'serial' to" },
		{ { .slice = slice_fail, .options = "-serial file:/dev/full" }, EXIT_GUEST_FAILED,
		  "the output of the port 'serial' to" },
		{ { .slice = slice_fail_4,
		    .options = "--exit-code=guest -serial file:/dev/full" },
		  4,
		  "the output of the port 'serial' to" },
		{ { .slice = slice_fail,
		    .options = "--exit-code=guest -serial file:/dev/full" },
		  EXIT_HOST,
		  "the output of the port 'serial' to" },
		{ { .slice = slice_pass,
		    .options = "-chardev null,id=c,logfile=/dev/full -serial chardev:c" },
		  EXIT_HOST, "the log of a port" },
		{ { .slice = slice_pass,
		    .options = "-netdev hubport,id=n,hubid=0 "
			       "-object filter-dump,id=d,netdev=n,file=/dev/full" },
		  EXIT_HOST, "the frames" },
	};
	char says[120];

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		snprintf(says, sizeof(says),
			 "baya: cannot write %s '/dev/full': No space left on device; the rest is "
			 "dropped\n",
			 cases[i].what);
		expect_end(&cases[i].scene, cases[i].code, says);
	}
}

static enum board_exit slice_closes(struct board *board)
{
	struct growing_file full = { fopen("/dev/full", "we"), "the sound", "/dev/full", false };

	growing_file_write(&full, "data", 4);
	assert(growing_file_close(&full));
	return slice_pass(board);
}

/* Nothing more is dropped after a file that cannot be closed. */
static void test_close(void **state)
{
	static const struct scene scene = { .slice = slice_closes };

	expect_end(&scene, EXIT_WELL,
		   "baya: cannot write the sound '/dev/full': No space left on device\n");
}

/* A log that cannot be emptied keeps the machine from running; the message names the log. */
static void test_sealed_log(void **state)
{
	char options[120], says[120];
	const struct scene scene = { .slice = slice_pass, .options = options };
	int fd = memfd_create("log", MFD_ALLOW_SEALING);

	assert_int_equal(write(fd, "old", 3), 3);
	assert_int_equal(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK), 0);
	snprintf(options, sizeof(options),
		 "-chardev null,id=c,logfile=/proc/self/fd/%d -serial chardev:c", fd);
	snprintf(says, sizeof(says),
		 "baya: cannot write the log of a port '/proc/self/fd/%d': Operation not "
		 "permitted\n",
		 fd);
	expect_end(&scene, EXIT_HOST, says);
	close(fd);
}

static enum board_exit slice_stderr_full(struct board *board)
{
	replace(STDERR_FILENO, "/dev/full", O_WRONLY);
	return slice_pass(board);
}

/* Standard error accepts nothing for a moment. */
static enum board_exit slice_stderr_full_shortly(struct board *board)
{
	int kept = dup(STDERR_FILENO);

	slice_stderr_full(board);
	dup2(kept, STDERR_FILENO);
	close(kept);
	return BOARD_ENDED;
}

static void test_standard_error(void **state)
{
	static const struct scene guest = { .slice = slice_stderr_full, .options = STDERR };
	static const struct scene stats = { .slice = slice_stderr_full, .options = "--stats" };
	static const struct scene shortly = { .slice = slice_stderr_full_shortly,
					      .options = STDERR };

	expect_end(&shortly, EXIT_HOST,
		   "baya: the port 'serial': cannot write to standard error: No space left on "
		   "device; the rest is dropped\n");
	expect_end(&guest, EXIT_HOST, "");
	expect_end(&stats, EXIT_HOST, "hello");
}

/* A slice whose guest ends in the third millisecond. Its standard input is the file from the first
 * one on. */
static enum board_exit slice_with_input(struct board *board, const char *path, int flags)
{
	if (board->slices == 1)
		replace(STDIN_FILENO, path, flags);
	clock_advance(&board->platform.clock, board->slices * NS_PER_S / 1000);
	return board->slices < 4 ? BOARD_SLICE : end_with(board, MACHINE_PASS);
}

static enum board_exit slice_reads_folder(struct board *board)
{
	return slice_with_input(board, "/", O_RDONLY);
}

static enum board_exit slice_reads_nothing(struct board *board)
{
	return slice_with_input(board, "/dev/null", O_WRONLY);
}

/* An input that cannot be read is not taken for one that has ended, except that of nohup. */
static void test_input(void **state)
{
	static const struct scene folder = { .slice = slice_reads_folder,
					     .options = "--clock=virtual" };
	static const struct scene nohup = { .slice = slice_reads_nothing,
					    .options = "--clock=virtual" };

	expect_end(&folder, EXIT_HOST,
		   "baya: cannot read standard input: Is a directory; the input ends here\n");
	expect_end(&nohup, EXIT_WELL, "");
}

static enum board_exit slice_loses_both(struct board *board)
{
	if (board->slices == 4)
		say(board, "hello");
	return slice_reads_folder(board);
}

/* An input that failed before does not hide that output is lost. */
static void test_input_and_output(void **state)
{
	static const struct scene scene = { .slice = slice_loses_both,
					    .options = "--clock=virtual",
					    .full = true };

	expect_end(&scene, EXIT_HOST,
		   "baya: cannot read standard input: Is a directory; the input ends here\n"
		   "baya: cannot write to 'standard output': No space left on device\n");
}

/* A slice that writes more to standard error than its pipe accepts. */
static enum board_exit write_many(struct board *board, int flags)
{
	char text[MANY + 1] = "";

	fcntl(STDERR_FILENO, F_SETPIPE_SZ, PAGE_SIZE);
	fcntl(STDERR_FILENO, F_SETFL, O_WRONLY | flags);
	memset(text, '.', MANY);
	say(board, text);
	return slice_pass(board);
}

static enum board_exit slice_blocks(struct board *board)
{
	return write_many(board, 0);
}

static enum board_exit slice_does_not_block(struct board *board)
{
	return write_many(board, O_NONBLOCK);
}

/* Stops the child and lets it continue. SIGTSTP stops it in a process group of its own, which is
 * not orphaned. */
static void stop_shortly(const struct child *child)
{
	int status;

	assert_int_equal(setpgid(child->pid, 0), 0);
	kill(child->pid, SIGTSTP);
	assert_int_equal(waitpid(child->pid, &status, WUNTRACED), child->pid);
	assert_true(WIFSTOPPED(status));
	kill(child->pid, SIGCONT);
}

/* The reader of standard error is slow, and the process may be stopped: nothing is lost. */
static void test_slow_reader(void **state)
{
	static const struct scene scenes[] = {
		{ .slice = slice_blocks, .options = STDERR },
		{ .slice = slice_does_not_block, .options = STDERR },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(scenes); i++) {
		struct child child;

		start(&child, CHILD_PIPES, &scenes[i]);
		/* One byte is awaited first: the pipe is full soon after it. */
		child_expect(&child, ".");
		assert_true(await_asleep(child.pid));
		kill(child.pid, SIGWINCH);
		assert_true(await_asleep(child.pid));
		stop_shortly(&child);
		child_expect(&child, "hello");
		assert_int_equal(child.seen_size, MANY + 5);
		assert_int_equal(code_of(&child), EXIT_WELL);
		child_free(&child);
	}
}

static enum board_exit slice_is_not_read(struct board *board)
{
	if (board->slices == 1)
		slice_does_not_block(board);
	return BOARD_SLICE;
}

static enum board_exit slice_is_not_read_and_blocks(struct board *board)
{
	if (board->slices == 1)
		slice_blocks(board);
	return BOARD_SLICE;
}

/* Nobody reads standard error: the run ends nevertheless when it should, and its messages, for
 * which there is no room, do not block. */
static void test_no_reader(void **state)
{
	static const struct {
		struct scene scene;
		int signal, code;
	} cases[] = {
		{ { .slice = slice_is_not_read, .options = STDERR " --timeout=0.2" },
		  0,
		  EXIT_HOST },
		{ { .slice = slice_is_not_read, .options = STDERR },
		  SIGTERM,
		  EXIT_SIGNAL + SIGTERM },
		{ { .slice = slice_is_not_read_and_blocks, .options = STDERR " --timeout=0.2" },
		  0,
		  EXIT_HOST },
		{ { .slice = slice_is_not_read_and_blocks, .options = STDERR },
		  SIGTERM,
		  EXIT_SIGNAL + SIGTERM },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct child child;

		start(&child, CHILD_PIPES, &cases[i].scene);
		child_expect(&child, ".");
		assert_true(await_asleep(child.pid));
		if (cases[i].signal)
			kill(child.pid, cases[i].signal);
		assert_int_equal(code_of(&child), cases[i].code);
		child_free(&child);
	}
}

static enum board_exit slice_exhausted(struct board *board)
{
	(void)board;
	complain_exhausted();
}

/* The terminal gets its mode back if memory for a few bytes is missing while the machine runs. */
static void test_exhausted(void **state)
{
	static const struct scene scene = { .slice = slice_exhausted };

	expect_talk(&scene, CHILD_TTY, TALK({ "not enough host memory", NULL, false }), EXIT_HOST);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_files),
	cmocka_unit_test(test_close),
	cmocka_unit_test(test_sealed_log),
	cmocka_unit_test(test_standard_error),
	cmocka_unit_test(test_input),
	cmocka_unit_test(test_input_and_output),
	cmocka_unit_test(test_slow_reader),
	cmocka_unit_test(test_no_reader),
	cmocka_unit_test(test_exhausted),
	{ 0 },
};
