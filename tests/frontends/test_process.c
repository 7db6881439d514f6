/* SPDX-License-Identifier: MIT */
/*
 * -pidfile: a machine that ends removes its file while another machine waits for it; and the host's
 * disk is full.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "devices/board/board.h"
#include "frontends/host/process.h"
#include "tests/cmocka.h"

#define NAME "test_process.pid"

int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

static unsigned locks;

/* Removes the file before the first lock, so that this lock is on a file that no longer has a
 * name. */
int __wrap_flock(int fd, int operation)
{
	if (!locks++)
		assert_int_equal(unlink(NAME), 0);
	return __real_flock(fd, operation);
}

static void test_removed_file(void **state)
{
	struct process_options process = { .pid_file = NAME };
	struct board_error error;
	long pid = 0;
	FILE *file;

	assert_int_equal(process_begin(&process, &error), 0);
	assert_int_equal(locks, 2);
	file = fopen(NAME, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%ld", &pid), 1);
	fclose(file);
	assert_int_equal(pid, getpid());
	process_end(&process);
	assert_int_equal(access(NAME, F_OK), -1);
}

/* A file to which the number cannot be written is removed. */
static void test_no_room(void **state)
{
	struct process_options process = { .pid_file = NAME };
	struct rlimit before, none;
	struct board_error error;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = (struct rlimit){ .rlim_cur = 0, .rlim_max = before.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(process_begin(&process, &error), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_string_equal(error.text, "-pidfile: " NAME ": File too large");
	assert_int_equal(access(NAME, F_OK), -1);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_removed_file),
	cmocka_unit_test(test_no_room),
	{ 0 },
};
