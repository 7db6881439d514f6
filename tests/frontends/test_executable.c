/* SPDX-License-Identifier: MIT */
/* frontends/host/executable.c: the program's path, with and without /proc. */
#include "frontends/host/executable.h"

#include <errno.h>
#include <unistd.h>

#include "tests/cmocka.h"

ssize_t __real_readlink(const char *path, char *target, size_t size);
ssize_t __wrap_readlink(const char *path, char *target, size_t size);

static bool no_proc;

ssize_t __wrap_readlink(const char *path, char *target, size_t size)
{
	errno = ENOENT;
	return no_proc ? -1 : __real_readlink(path, target, size);
}

static void test_without_proc(void **state)
{
	char path[4096], other[4096], small[4];

	no_proc = false;
	assert_true(executable_path(path, sizeof(path)));
	assert_int_equal(*path, '/');
	no_proc = true;
	assert_true(executable_path(other, sizeof(other)));
	assert_string_equal(other, path);
	assert_false(executable_path(small, sizeof(small)));
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_without_proc),
	{ 0 },
};
