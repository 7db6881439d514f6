/* SPDX-License-Identifier: MIT */
/*
 * A real pseudoterminal is left as it was found, in whatever way the process ends. No output is
 * lost if the reader is slow; and the process ends if the reader is gone.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "asleep.h"
#include "frontends/chardev/terminal.h"
#include "pty.h"
#include "tests/cmocka.h"

#define PATIENCE_MS 1500000

enum way {
	WAY_CLOSE,
	WAY_EXIT,
	WAY_ABORT,
	WAY_WAIT, /* wait for a signal from outside, then close */
	WAY_STUCK, /* never look at signals */
	WAY_CRASH,
	WAY_OVERFLOW,
	WAY_TRAP,
};

static void wait_ns(struct terminal *terminal, bool input, u64 ns)
{
	struct pollset set = { .ns = ns };

	terminal_wait(terminal, input, &set);
	pollset_free(&set);
}

static NOINLINE int overflow(unsigned depth)
{
	volatile char room[4096];

	room[depth % sizeof(room)] = 1;
	return depth ? overflow(depth - 1) + room[0] : 0;
}

/* Makes crashes end the process without a core file, and with the default handlers even if a
 * sanitizer has its own. */
static void plain_crash(void)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP };
	struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	for (unsigned i = 0; i < ARRAY_SIZE(signals); i++)
		signal(signals[i], SIG_DFL);
}

static int terminal_leave(void *ctx)
{
	enum way way = *(enum way *)ctx;
	struct terminal *terminal;
	int number;

	plain_crash();
	if (terminal_open(&terminal, TERMINAL_RAW))
		return 99;
	terminal_write(terminal, "ready\n", 6);
	terminal_flush(terminal);
	if (way == WAY_EXIT)
		exit(7);
	if (way == WAY_ABORT)
		abort();
	if (way == WAY_CRASH)
		*(volatile int *)mmap(NULL, PAGE_SIZE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
				      0) = 1;
	if (way == WAY_TRAP)
		__asm__ volatile("int3");
	if (way == WAY_OVERFLOW)
		overflow(UINT32_MAX);
	while (way == WAY_STUCK)
		pause();
	while (way == WAY_WAIT && !terminal_signal(terminal))
		wait_ns(terminal, false, UINT64_MAX);
	number = terminal_signal(terminal);
	terminal_close(terminal);
	return number ? 128 + number : 0;
}

static int run_way(struct child *child, enum way way)
{
	child_start(child, CHILD_TTY, terminal_leave, &way);
	child_expect(child, "ready");
	return 0;
}

static void test_ways_out(void **state)
{
	static const struct {
		enum way way;
		int signal, code;
	} cases[] = {
		{ WAY_CLOSE, 0, 0 }, { WAY_EXIT, 0, 7 }, { WAY_ABORT, SIGABRT, 0 },
		{ WAY_CRASH, SIGSEGV, 0 }, { WAY_OVERFLOW, SIGSEGV, 0 },
		{ WAY_TRAP, SIGTRAP, 0 },
	};

	for (unsigned i = 0; i < ARRAY_SIZE(cases); i++) {
		struct child child;
		int status;

		run_way(&child, cases[i].way);
		status = child_wait(&child);
		assert_int_equal(WIFSIGNALED(status) ? WTERMSIG(status) : 0, cases[i].signal);
		if (!cases[i].signal)
			assert_int_equal(WEXITSTATUS(status), cases[i].code);
		assert_true(child_is_restored(&child));
		child_free(&child);
	}
}

static void test_signals(void **state)
{
	static const int noted[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	static const int fatal[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGTRAP };

	for (unsigned i = 0; i < ARRAY_SIZE(noted); i++) {
		struct child child;
		int status;

		run_way(&child, WAY_WAIT);
		assert_true(child_is_raw(&child));
		kill(child.pid, noted[i]);
		status = child_wait(&child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 128 + noted[i]);
		assert_true(child_is_restored(&child));
		child_free(&child);
	}
	for (unsigned i = 0; i < ARRAY_SIZE(fatal); i++) {
		struct child child;
		int status;

		run_way(&child, WAY_WAIT);
		assert_true(child_is_raw(&child));
		kill(child.pid, fatal[i]);
		status = child_wait(&child);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), fatal[i]);
		assert_true(child_is_restored(&child));
		child_free(&child);
	}
}

/* A process that never checks for signals still ends when the user insists. */
static void test_insisting(void **state)
{
	struct child child;
	int status;

	run_way(&child, WAY_STUCK);
	for (unsigned i = 0; i < 3; i++) {
		/* A signal that is sent again before it is handled counts only once. */
		assert_true(await_asleep(child.pid));
		kill(child.pid, SIGTERM);
	}
	status = child_wait(&child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGTERM);
	assert_true(child_is_restored(&child));
	child_free(&child);
}

static void wait_for_mode(struct child *child, bool raw)
{
	for (unsigned i = 0; i < PATIENCE_MS && child_is_raw(child) != raw; i++)
		usleep(1000);
	assert_int_equal(child_is_raw(child), raw);
}

/* While the process is stopped, the terminal belongs to the shell; when the process continues, it
 * is raw again. */
static void test_stop(void **state)
{
	static const int stops[] = { SIGTSTP, SIGSTOP };
	struct child child;
	int status;

	run_way(&child, WAY_WAIT);
	for (unsigned i = 0; i < 4; i++) {
		int number = stops[i % 2];

		kill(child.pid, number);
		/* SIGTSTP does not stop an orphaned process group, such as that of a session
		 * leader; SIGSTOP does. */
		if (number == SIGSTOP) {
			assert_int_equal(waitpid(child.pid, &status, WUNTRACED), child.pid);
			assert_true(WIFSTOPPED(status));
			tcsetattr(child.slave, TCSANOW, &child.before);
		}
		kill(child.pid, SIGCONT);
		wait_for_mode(&child, true);
	}
	kill(child.pid, SIGTERM);
	assert_int_equal(WEXITSTATUS(child_wait(&child)), 128 + SIGTERM);
	assert_true(child_is_restored(&child));
	child_free(&child);
}

/* Acts as a shell with job control: stops and continues a job in its own process group. */
static int shell(void *ctx)
{
	struct termios cooked, mode;
	enum way way = WAY_WAIT;
	pid_t job;
	int status;

	signal(SIGTTOU, SIG_IGN);
	tcgetattr(STDIN_FILENO, &cooked);
	job = fork();
	if (job == 0) {
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpgrp());
		signal(SIGTTOU, SIG_DFL);
		exit(terminal_leave(&way));
	}
	setpgid(job, job);
	tcsetpgrp(STDIN_FILENO, job);
	do {
		usleep(1000);
		tcgetattr(STDIN_FILENO, &mode);
	} while (mode.c_lflag & ICANON);
	if (!await_asleep(job))
		return 7;
	kill(job, SIGTSTP);
	if (waitpid(job, &status, WUNTRACED) != job || !WIFSTOPPED(status))
		return 1;
	tcgetattr(STDIN_FILENO, &mode);
	if (mode.c_lflag != cooked.c_lflag)
		return 2;
	tcsetpgrp(STDIN_FILENO, getpgrp());
	kill(job, SIGCONT); /* in the background it must leave the terminal alone */
	if (!await_asleep(job))
		return 8;
	tcgetattr(STDIN_FILENO, &mode);
	if (mode.c_lflag != cooked.c_lflag)
		return 3;
	tcsetpgrp(STDIN_FILENO, job);
	kill(job, SIGCONT);
	for (unsigned i = 0; i < PATIENCE_MS && mode.c_lflag & ICANON; i++) {
		usleep(1000);
		tcgetattr(STDIN_FILENO, &mode);
	}
	if (mode.c_lflag & ICANON)
		return 4;
	kill(job, SIGTERM);
	if (waitpid(job, &status, 0) != job || WEXITSTATUS(status) != 128 + SIGTERM)
		return 5;
	tcgetattr(STDIN_FILENO, &mode);
	return mode.c_lflag == cooked.c_lflag ? 0 : 6;
}

static void test_job_control(void **state)
{
	struct child child;

	child_start(&child, CHILD_TTY, shell, NULL);
	child_expect(&child, "ready");
	assert_int_equal(WEXITSTATUS(child_wait(&child)), 0);
	child_free(&child);
}

static int flood(void *ctx)
{
	struct terminal *terminal;
	char line[64];
	int flags = fcntl(STDOUT_FILENO, F_GETFL), number;

	if (terminal_open(&terminal, TERMINAL_OUTPUT_ONLY))
		return 99;
	for (unsigned i = 0; i < 100000 && !terminal_signal(terminal); i++) {
		int size = snprintf(line, sizeof(line), "line %u\n", i);

		terminal_write(terminal, line, (size_t)size);
		terminal_flush(terminal);
	}
	terminal_drain(terminal, UINT64_MAX);
	if (fcntl(STDOUT_FILENO, F_GETFL) != flags)
		return 98;
	number = terminal_signal(terminal);
	terminal_close(terminal);
	return number;
}

/* The output exceeds all buffers; the reader starts late and reads little by little. */
static void test_slow_reader(void **state)
{
	struct child child;
	char data[997], expected[64];
	unsigned line = 0, at = 0, size = 0;
	ssize_t got;

	child_start(&child, CHILD_PIPES, flood, NULL);
	/* The child waits only when no more bytes fit into the pipe. */
	assert_int_equal(poll(&(struct pollfd){ .fd = child.from, .events = POLLIN }, 1, -1), 1);
	assert_true(await_asleep(child.pid));
	while ((got = read(child.from, data, sizeof(data))) > 0) {
		for (ssize_t i = 0; i < got; i++) {
			if (at == size) {
				size = (unsigned)snprintf(expected, sizeof(expected), "line %u\n",
							  line++);
				at = 0;
			}
			assert_int_equal(data[i], expected[at]);
			at++;
		}
	}
	assert_int_equal(line, 100000);
	assert_int_equal(at, size);
	assert_int_equal(WEXITSTATUS(child_wait(&child)), 0);
	child_free(&child);
}

static void test_reader_gone(void **state)
{
	struct child child;
	char data[100];

	child_start(&child, CHILD_PIPES, flood, NULL);
	assert_true(read(child.from, data, sizeof(data)) > 0);
	close(child.from);
	child.from = child.to;
	assert_int_equal(WEXITSTATUS(child_wait(&child)), SIGPIPE);
	child_free(&child);
}

static int read_all(void *ctx)
{
	struct terminal *terminal;
	u8 data[16];
	unsigned total = 0, wakes = 0;

	if (terminal_open(&terminal, TERMINAL_RAW))
		return 99;
	/* After the end of input nothing ends the wait early: 20 waits last 20 times 10 ms. */
	while (wakes < 20) {
		size_t got = terminal_read(terminal, data, sizeof(data));

		total += (unsigned)got;
		if (!got) {
			wait_ns(terminal, true, 10000000);
			wakes++;
		}
	}
	terminal_close(terminal);
	return (int)total;
}

static void test_end_of_input(void **state)
{
	struct child child;
	struct timespec from, to;

	clock_gettime(CLOCK_MONOTONIC, &from);
	child_start(&child, CHILD_PIPES, read_all, NULL);
	child_type(&child, "0123456789012345678901234567890123456789", 40);
	close(child.to);
	child.to = -1;
	assert_int_equal(WEXITSTATUS(child_wait(&child)), 40);
	clock_gettime(CLOCK_MONOTONIC, &to);
	assert_true((to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000 > 150);
	child_free(&child);
}

static int without_files(void *ctx)
{
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	return read_all(ctx);
}

static void test_no_files(void **state)
{
	struct child child;

	child_start(&child, CHILD_PIPES, without_files, NULL);
	assert_int_equal(WEXITSTATUS(child_wait(&child)), 0);
	child_free(&child);
}

static int without_descriptors(void *ctx)
{
	struct terminal *terminal;
	struct rlimit usual, none;
	int error;

	(void)ctx;
	getrlimit(RLIMIT_NOFILE, &usual);
	none = usual;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_NOFILE, &none);
	error = terminal_open(&terminal, TERMINAL_OUTPUT_ONLY);
	/* The leak detector opens files when the process ends. */
	setrlimit(RLIMIT_NOFILE, &usual);
	return -error;
}

/* The reason for a failure is reported as it is. */
static void test_no_descriptors(void **state)
{
	struct child child;

	child_start(&child, CHILD_PIPES, without_descriptors, NULL);
	assert_int_equal(WEXITSTATUS(child_wait(&child)), EMFILE);
	child_free(&child);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_ways_out),     cmocka_unit_test(test_signals),
	cmocka_unit_test(test_insisting),    cmocka_unit_test(test_stop),
	cmocka_unit_test(test_job_control),  cmocka_unit_test(test_slow_reader),
	cmocka_unit_test(test_reader_gone),  cmocka_unit_test(test_end_of_input),
	cmocka_unit_test(test_no_files),     cmocka_unit_test(test_no_descriptors),
	{ 0 },
};
