/* SPDX-License-Identifier: MIT */
/* Tests that no test is left out silently if the host fails while tests are looked for. */
#include "frontends/suite/suite.h"
#include "tests/cmocka.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The names of the files and of the folder whose opening and reading fail. */
#define NO_OPEN "1-no-open"
#define NO_READ "2-no-read"
#define NO_LIST "3-no-list"

static int opening; /* the error of opening NO_OPEN */
static int listing = EIO; /* the error of reading NO_LIST */
static int unreadable = -1; /* the descriptor of NO_READ */

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
ssize_t __real_pread(int fd, void *data, size_t size, off_t at);
ssize_t __wrap_pread(int fd, void *data, size_t size, off_t at);
typedef int compare_entries(const struct dirent **a, const struct dirent **b);
int __real_scandir(const char *path, struct dirent ***entries,
		   int (*filter)(const struct dirent *entry), compare_entries *compare);
int __wrap_scandir(const char *path, struct dirent ***entries,
		   int (*filter)(const struct dirent *entry), compare_entries *compare);

int __wrap_open(const char *path, int flags, ...)
{
	int fd;

	if (opening && strstr(path, NO_OPEN)) {
		errno = opening;
		return -1;
	}
	fd = __real_open(path, flags, 0);
	if (strstr(path, NO_READ))
		unreadable = fd;
	return fd;
}

ssize_t __wrap_pread(int fd, void *data, size_t size, off_t at)
{
	if (fd != unreadable)
		return __real_pread(fd, data, size, at);
	unreadable = -1;
	errno = EIO;
	return -1;
}

int __wrap_scandir(const char *path, struct dirent ***entries,
		   int (*filter)(const struct dirent *entry), compare_entries *compare)
{
	if (!strstr(path, NO_LIST))
		return __real_scandir(path, entries, filter, compare);
	errno = listing;
	return -1;
}

static void put_program(const char *name)
{
	const Elf64_Ehdr header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB },
		.e_type = ET_EXEC, .e_machine = EM_RISCV,
	};
	FILE *file = fopen(name, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(&header, sizeof(header), 1, file), 1);
	assert_int_equal(fclose(file), 0);
}

static int enter(void **state)
{
	static char folder[32];
	char name[NAME_MAX + 2];

	strcpy(folder, "/tmp/baya-find-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(chdir(folder), 0);
	put_program("0-good");
	put_program(NO_OPEN);
	put_program(NO_READ);
	assert_int_equal(mkdir(NO_LIST, 0700), 0);
	assert_int_equal(symlink("nothing", "4-broken"), 0);
	assert_int_equal(symlink("5-loop", "5-loop"), 0);
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = 0;
	assert_int_equal(symlink(name, "6-long"), 0);
	*state = folder;
	return 0;
}

static int leave(void **state)
{
	static const char *const names[] = { "0-good",   NO_OPEN,  NO_READ,
					     "4-broken", "5-loop", "6-long" };

	for (unsigned n = 0; n < ARRAY_SIZE(names); n++)
		unlink(names[n]);
	rmdir(NO_LIST);
	return chdir("/") || rmdir(*state);
}

static void expect_error(const struct options *options, const struct suite_path *found, int error)
{
	const struct suite_test test = { .path = found->path, .error = found->error };
	static struct suite_result result;

	assert_int_equal(found->error, -error);
	suite_test(options, &test, &result);
	assert_int_equal(result.status, SUITE_ERROR);
	assert_non_null(strstr(result.text, "cannot be read: "));
	assert_non_null(strstr(result.text, strerror(error)));
}

static void expect_found(int error)
{
	const char *paths[] = { "." };
	struct options options = { .suite = { .paths = paths, .path_count = 1 } };
	struct suite suite = { .options = &options };

	opening = error;
	assert_int_equal(suite_find(&suite), 0);
	assert_int_equal(suite.path_count, 4);
	assert_string_equal(suite.paths[0].path, "./0-good");
	assert_int_equal(suite.paths[0].error, 0);
	assert_string_equal(suite.paths[1].path, "./" NO_OPEN);
	expect_error(&options, &suite.paths[1], error);
	assert_string_equal(suite.paths[2].path, "./" NO_READ);
	expect_error(&options, &suite.paths[2], EIO);
	assert_string_equal(suite.paths[3].path, "./" NO_LIST);
	expect_error(&options, &suite.paths[3], EIO);
	for (unsigned n = 0; n < suite.path_count; n++)
		free(suite.paths[n].path);
	free(suite.paths);
}

static void test_errors(void **state)
{
	static const int errors[] = { EACCES, EMFILE, ENFILE, EIO, ENOMEM };

	for (unsigned n = 0; n < ARRAY_SIZE(errors); n++)
		expect_found(errors[n]);
}

/* A file that was removed after its folder was read is no test. */
static void test_removed(void **state)
{
	const char *paths[] = { "." };
	const struct options options = { .suite = { .paths = paths, .path_count = 1,
						    .filter = NO_OPEN } };
	struct suite suite = { .options = &options };

	opening = ENOENT;
	assert_int_equal(suite_find(&suite), 0);
	assert_int_equal(suite.path_count, 1);
	assert_string_equal(suite.paths[0].path, "./" NO_LIST);
	free(suite.paths[0].path);
	free(suite.paths);
}

/* A folder that was removed after its parent was read is no test, unless it is named. */
static void test_folder_removed(void **state)
{
	const char *paths[] = { ".", NO_LIST };
	const struct options options = { .suite = { .paths = paths, .path_count = 2,
						    .filter = "none" } };
	struct suite suite = { .options = &options };

	listing = ENOENT;
	assert_int_equal(suite_find(&suite), 0);
	listing = EIO;
	assert_int_equal(suite.path_count, 1);
	assert_string_equal(suite.paths[0].path, NO_LIST);
	assert_int_equal(suite.paths[0].error, -ENOENT);
	free(suite.paths[0].path);
	free(suite.paths);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup_teardown(test_errors, enter, leave),
	cmocka_unit_test_setup_teardown(test_removed, enter, leave),
	cmocka_unit_test_setup_teardown(test_folder_removed, enter, leave),
	{ 0 },
};
