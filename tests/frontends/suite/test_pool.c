/* SPDX-License-Identifier: MIT */
/* frontends/suite/pool.c: a host that refuses processes for a moment loses no result. */
#include "tests/cmocka.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "frontends/suite/suite.h"

#define TESTS 6

static struct {
	unsigned calls, first, last; /* the calls of fork() from first to last fail */
} refused;

pid_t __real_fork(void);
pid_t __wrap_fork(void);
void __wrap_suite_test(const struct options *options, const struct suite_test *test,
		       struct suite_result *result);

pid_t __wrap_fork(void)
{
	unsigned call = ++refused.calls;

	if (call < refused.first || call > refused.last)
		return __real_fork();
	errno = EAGAIN;
	return -1;
}

void __wrap_suite_test(const struct options *options, const struct suite_test *test,
		       struct suite_result *result)
{
	result->instructions = (u64)test->engine;
}

static void pool_done(void *ctx, unsigned index)
{
	unsigned *done = ctx;

	assert_int_equal(index, *done);
	++*done;
}

static void pool_progress(void *ctx, unsigned ended, const struct suite_test *running)
{
}

/* Runs the tests when these calls of fork() fail; returns how many have a result. */
static unsigned run_pool(unsigned jobs, unsigned first, unsigned last, int failed)
{
	struct options options = { .suite.jobs = jobs, .timeout = 100 };
	struct suite_test tests[TESTS] = { 0 };
	struct suite suite = { .options = &options, .tests = tests, .count = TESTS };
	unsigned done = 0;
	const struct suite_pool_calls calls = { pool_done, pool_progress, &done };

	refused.calls = 0;
	refused.first = first;
	refused.last = last;
	assert_int_equal(suite_pool_run(&suite, &calls), failed);
	for (unsigned n = 0; n < TESTS; n++) {
		assert_int_equal(tests[n].result != NULL, n < done);
		if (n < done)
			assert_int_equal(tests[n].result->status, SUITE_PASS);
		free(tests[n].result);
	}
	return done;
}

static void test_refused_process(void **state)
{
	assert_int_equal(run_pool(3, 0, 0, 0), TESTS);
	assert_int_equal(run_pool(3, 2, 2, 0), TESTS); /* while another test runs */
	assert_int_equal(run_pool(3, 2, UINT32_MAX, -EAGAIN), 1); /* what ran has its result */
	assert_int_equal(run_pool(1, 3, 3, -EAGAIN), 2); /* no other test runs that could end */
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_refused_process),
	{ 0 },
};
