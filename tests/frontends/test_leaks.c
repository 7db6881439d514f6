/* SPDX-License-Identifier: MIT */
/* With sanitizers, a process that ends by a signal looks for leaks before that, as one that ends by
 * exit() does. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/base.h"
#include "frontends/host/exit_code.h"
#include "frontends/host/leaks.h"
#include "frontends/host/process.h"
#include "tests/cmocka.h"
#include "tests/frontends/pty.h"

static int end_well(void *ctx)
{
	char *kept = malloc(100);
	int code;

	(void)ctx;
	kept[0] = 1;
	code = process_finish(EXIT_SIGNAL + SIGTERM);
	free(kept);
	return code;
}

/* One of the pointers may remain on the stack or in a register, so there are several leaks. */
static int end_leaking(void *ctx)
{
	dup2(STDOUT_FILENO, STDERR_FILENO);
	for (unsigned n = 0; n < 16; n++)
		*(char *volatile *)ctx = malloc(100);
	*(char *volatile *)ctx = NULL;
	return process_finish(EXIT_SIGNAL + SIGTERM);
}

static int end_ignoring(void *ctx)
{
	leaks_ignore();
	return end_leaking(ctx);
}

static void test_none(void **state)
{
	static int (*const ends[])(void *ctx) = { end_well, end_ignoring };
	char *place = NULL;
	struct child child;
	int status;

	(void)state;
	for (unsigned n = 0; n < ARRAY_SIZE(ends); n++) {
		child_start(&child, CHILD_PIPES, ends[n], &place);
		status = child_wait(&child);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), SIGTERM);
		child_free(&child);
	}
}

static void test_some(void **state)
{
	char *place = NULL;
	struct child child;
	int status;

	(void)state;
	child_start(&child, CHILD_PIPES, end_leaking, &place);
	child_expect(&child, "LeakSanitizer: detected memory leaks");
	child_expect(&child, "end_leaking");
	status = child_wait(&child);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 0);
	child_free(&child);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_none),
	cmocka_unit_test(test_some),
	{ 0 },
};
