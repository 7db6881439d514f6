/* SPDX-License-Identifier: MIT */
/* Tests bus/output.c: a file is written completely or not changed. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/base.h"
#include "bus/output.h"
#include "tests/cmocka.h"

static char folder[] = "/tmp/baya-output-XXXXXX";

static int output_setup(void **state)
{
	return mkdtemp(folder) && !chdir(folder) ? 0 : -1;
}

static int output_teardown(void **state)
{
	char command[100];

	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static void output_put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void output_expect(const char *path, const char *text)
{
	FILE *file = fopen(path, "r");
	char got[64];

	assert_non_null(file);
	got[fread(got, 1, sizeof(got) - 1, file)] = 0;
	fclose(file);
	assert_string_equal(got, text);
}

/* A log file keeps its old contents until the machine runs, and then has only the new ones. */
static void test_log(void **state)
{
	FILE *file;

	output_put("log", "what was there before");
	file = output_grow("log");
	assert_non_null(file);
	output_expect("log", "what was there before");
	assert_int_equal(fclose(file), 0);
	output_expect("log", "what was there before");

	file = output_grow("log");
	assert_true(fputs("early, ", file) >= 0);
	assert_int_equal(output_begin(file), 0);
	output_expect("log", "early, ");
	assert_true(fputs("late", file) >= 0);
	assert_int_equal(output_begin(file), 0);
	assert_int_equal(fclose(file), 0);
	output_expect("log", "early, late");
	assert_null(output_grow("none/log"));
	file = output_grow("/dev/null");
	assert_int_equal(output_begin(file), 0);
	assert_int_equal(fclose(file), 0);
}

/*
 * Writes a file as an output. The old contents stay until the new ones are complete, and also after
 * an error.
 */
static void write_over(const char *path, const char *before, const char *text, int error)
{
	struct output output;

	assert_int_equal(output_open(&output, path), 0);
	if (before)
		output_expect(path, before);
	else
		assert_int_not_equal(access(path, F_OK), 0);
	assert_true(fputs(text, output.file) >= 0);
	assert_int_equal(output_close(&output, error), error);
	assert_null(output.file);
}

static void test_whole(void **state)
{
	struct stat st;

	write_over("new", NULL, "one", -ENOMEM);
	assert_int_not_equal(access("new", F_OK), 0);
	write_over("new", NULL, "one", 0);
	output_expect("new", "one");
	assert_int_equal(chmod("new", 0640), 0);
	write_over("new", "one", "two", -EIO);
	output_expect("new", "one");
	write_over("new", "one", "two", 0);
	output_expect("new", "two");
	assert_int_equal(stat("new", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

/* The file is replaced, and the link to it stays. */
static void test_link(void **state)
{
	struct stat st;

	output_put("file", "old");
	assert_int_equal(symlink("file", "link"), 0);
	write_over("link", "old", "young", 0);
	output_expect("file", "young");
	assert_int_equal(lstat("link", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

/* A link to a missing file creates that file. */
static void test_dangling(void **state)
{
	struct output output;
	struct stat st;

	assert_int_equal(symlink("later", "dangling"), 0);
	assert_int_equal(output_open(&output, "dangling"), 0);
	assert_true(fputs("text", output.file) >= 0);
	assert_int_equal(output_close(&output, 0), 0);
	output_expect("later", "text");
	assert_int_equal(lstat("dangling", &st), 0);
	assert_true(S_ISLNK(st.st_mode));
}

/* A link whose name somebody could have guessed is not followed. */
static void test_planted(void **state)
{
	char name[64];

	output_put("victim", "mine");
	snprintf(name, sizeof(name), "planted.part%d", (int)getpid());
	assert_int_equal(symlink("victim", name), 0);
	write_over("planted", NULL, "text", 0);
	output_expect("planted", "text");
	output_expect("victim", "mine");
}

/* Lets writes beyond `size` bytes of a file fail. */
static void limit_size(rlim_t size)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = MIN(size, limit.rlim_max);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/*
 * A file that grows reports a write that has failed, even if there is room again when it is closed.
 */
static void test_failed_before(void **state)
{
	FILE *file = output_grow("/dev/full");

	assert_non_null(file);
	fputs("text", file);
	assert_int_equal(output_failed(file), -ENOSPC);
	__fpurge(file);
	assert_int_equal(output_end(file), -ENOSPC);
	file = output_grow("/dev/full");
	fputs("text", file);
	assert_int_equal(output_end(file), -ENOSPC);
	/* When there is room again, the byte that was written to find the cause is removed. */
	file = output_grow("grown");
	fputs("line 1\n", file);
	fflush(file);
	limit_size(7);
	fputs("line 2\n", file);
	assert_int_equal(fflush(file), EOF);
	__fpurge(file);
	limit_size(RLIM_INFINITY);
	fputs("line 3\n", file);
	assert_int_equal(output_end(file), -EIO);
	output_expect("grown", "line 1\nline 3\n");
}

/* Nothing is written to a standard stream, or removed from its file, to find the cause. */
static void test_failed_standard(void **state)
{
	int kept = dup(STDERR_FILENO), fd = open("shared", O_RDWR | O_CREAT, 0666), failed;

	assert_int_equal(write(fd, "theirs", 6), 6);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	dup2(fd, STDERR_FILENO);
	limit_size(0);
	fputs("text", stderr);
	limit_size(RLIM_INFINITY);
	failed = output_failed(stderr);
	clearerr(stderr);
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(fd);
	assert_int_equal(failed, -EIO);
	output_expect("shared", "theirs");
}

/* The text of a stream in memory is complete, or there is none. */
static void test_text(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	assert_non_null(file);
	fputs("text", file);
	assert_int_equal(output_end_text(file, &text), 0);
	assert_string_equal(text, "text");
	free(text);
	text = NULL;
	/* Writing to a stream for reading fails, and so does a stream that never had a text. */
	file = fopen("/dev/null", "r");
	assert_non_null(file);
	assert_int_equal(fputs("text", file), EOF);
	text = strdup("part");
	assert_int_equal(output_end_text(file, &text), -ENOMEM);
	assert_null(text);
	file = fopen("/dev/null", "w");
	assert_non_null(file);
	assert_int_equal(output_end_text(file, &text), -ENOMEM);
}

/* A device is written to directly; a full disk's error is returned. */
static void test_device(void **state)
{
	struct output output;

	write_over("/dev/null", "", "text", 0);
	assert_int_equal(output_open(&output, "/dev/full"), 0);
	fputs("text", output.file);
	assert_int_equal(output_close(&output, 0), -ENOSPC);
}

static void test_refused(void **state)
{
	struct output output;

	assert_int_equal(output_open(&output, "nowhere/file"), -ENOENT);
	assert_int_equal(output_open(&output, "."), -EISDIR);
	assert_int_equal(output_close(&output, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole),
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_dangling),
		cmocka_unit_test(test_planted),
		cmocka_unit_test(test_device),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_failed_before),
	cmocka_unit_test(test_failed_standard),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, output_setup, output_teardown);
}
