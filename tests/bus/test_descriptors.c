/* SPDX-License-Identifier: MIT */
/* Tests bus/descriptors.c: the limit is raised and divided, and low numbers are left free. */
#include "bus/descriptors.h"
#include "tests/cmocka.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <unistd.h>

static struct rlimit before;

static int descriptors_setup(void **state)
{
	return getrlimit(RLIMIT_NOFILE, &before);
}

static int descriptors_teardown(void **state)
{
	return setrlimit(RLIMIT_NOFILE, &before);
}

static void limit_to(rlim_t most)
{
	const struct rlimit limit = { most, before.rlim_max };

	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void test_raised(void **state)
{
	struct rlimit limit;

	limit_to(100);
	descriptors_raise();
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(limit.rlim_cur, MIN(before.rlim_max, (rlim_t)65536));
	assert_int_equal(limit.rlim_max, before.rlim_max);
}

/* A quarter of the descriptors is left, however many users there are. */
static void test_divided(void **state)
{
	limit_to(1000);
	assert_int_equal(descriptors_each(0), 750);
	for (unsigned users = 1; users < 40; users++)
		assert_in_range(descriptors_each(users) * users, 700, 750);
}

static void test_moved(void **state)
{
	int low = open("/dev/null", O_RDONLY), fd = fcntl(low, F_DUPFD, 256), high;

	limit_to(FD_SETSIZE);
	assert_int_equal(descriptors_move(fd), fd);
	assert_int_equal(descriptors_move(-5), -5);
	limit_to(FD_SETSIZE + 1);
	high = descriptors_move(fd);
	assert_int_equal(high, FD_SETSIZE);
	assert_int_equal(fcntl(high, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fcntl(fd, F_GETFD), -1);
	assert_int_equal(descriptors_move(high), high);
	assert_int_equal(close(high), 0);
	assert_int_equal(descriptors_move(low), low);
	assert_int_equal(close(low), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_raised),
		cmocka_unit_test(test_divided),
		cmocka_unit_test(test_moved),
	};

	return cmocka_run_group_tests(tests, descriptors_setup, descriptors_teardown);
}
