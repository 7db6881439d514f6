/* SPDX-License-Identifier: MIT */
/* Runs `baya test` from its start to its exit code, and checks that the engines agree. */
#include "frontends/suite/suite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus/clock.h"
#include "bus/output.h"
#include "frontends/host/exit_code.h"
#include "frontends/suite/report.h"

const char *const suite_engines[] = {
	[ENGINE_INTERP] = "interp",
	[ENGINE_THREADED] = "threaded",
	[ENGINE_JIT] = "jit",
};

/* The exit code is that of the first kind of failure in this list that occurred. */
static const struct {
	enum suite_status status;
	int code;
} codes[] = {
	{ SUITE_ERROR, EXIT_HOST },   { SUITE_DISAGREE, EXIT_DISAGREE },
	{ SUITE_FAIL, EXIT_GUEST_FAILED }, { SUITE_DEAD, EXIT_DEAD },
	{ SUITE_LIMIT, EXIT_LIMIT },
};

void suite_name(const struct suite *suite, const struct suite_test *test, char *name, size_t size)
{
	if (suite->options->suite.every_engine)
		snprintf(name, size, "%s [%s]", test->path, suite_engines[test->engine]);
	else
		snprintf(name, size, "%s", test->path);
}

static int make_tests(struct suite *suite)
{
	const struct options *options = suite->options;
	unsigned most = board_engine_lacks() ? ENGINE_JIT : ENGINE_COUNT;
	unsigned engines = options->suite.every_engine ? most : 1;

	suite->tests = calloc((size_t)suite->path_count * engines, sizeof(*suite->tests));
	if (!suite->tests)
		return -ENOMEM;
	for (unsigned n = 0; n < suite->path_count; n++)
		for (unsigned e = 0; e < engines; e++)
			suite->tests[suite->count++] = (struct suite_test){
				.path = suite->paths[n].path,
				.error = suite->paths[n].error,
				.engine = engines > 1 ? (enum board_engine)e :
							options->board.engine,
			};
	return 0;
}

/* Checks that a program ends in this engine as in its first one: with the same result and, since
 * its time depends only on its own work, with the same state of the machine, bit by bit. */
static void check_agreement(const struct suite *suite, unsigned index)
{
	const struct suite_test *test = &suite->tests[index];
	const struct suite_test *first = index ? test - 1 : test;
	struct suite_result *here = test->result, *there = first->result;
	char text[sizeof(here->text)];

	while (first > suite->tests && (first - 1)->path == test->path)
		there = (--first)->result;
	if (first == test || first->path != test->path || !here->hash || !there->hash)
		return;
	snprintf(text, sizeof(text), "%s", here->text);
	if (here->status != there->status || strcmp(here->text, there->text) != 0)
		suite_result_set(here, SUITE_DISAGREE, "%s %.300s in %s; %s %.300s here",
				 suite_outcomes[there->status], there->text,
				 suite_engines[first->engine], suite_outcomes[here->status], text);
	else if (here->hash != there->hash && suite->options->board.clock == CLOCK_VIRTUAL)
		suite_result_set(here, SUITE_DISAGREE,
				 "%s as in %s, but with another state of "
				 "the machine at the end; instructions there %llu, here %llu",
				 suite_outcomes[here->status], suite_engines[first->engine],
				 there->instructions, here->instructions);
}

static void suite_done(void *ctx, unsigned index)
{
	struct suite_report *report = ctx;

	check_agreement(report->suite, index);
	suite_report_test(report, index);
}

static void suite_progress(void *ctx, unsigned ended, const struct suite_test *running)
{
	suite_report_progress(ctx, ended, running);
}

static int exit_code(const struct suite *suite, const struct suite_report *report)
{
	if (suite->signal)
		return EXIT_SIGNAL + suite->signal;
	for (unsigned n = 0; n < ARRAY_SIZE(codes); n++)
		if (report->counts[codes[n].status])
			return codes[n].code;
	return EXIT_WELL;
}

static double suite_now(void)
{
	return (double)clock_host_ns() / NS_PER_S;
}

static int suite_fail(const char *what, int error)
{
	fprintf(stderr, "baya: %s: %s\n", what, strerror(error));
	return EXIT_HOST;
}

static int run_all(struct suite *suite, FILE *junit)
{
	struct suite_report report;
	struct suite_pool_calls calls = { suite_done, suite_progress, &report };
	double started = suite_now();
	int failed;

	suite_report_begin(&report, suite);
	failed = suite_pool_run(suite, &calls);
	suite->seconds = suite_now() - started;
	suite_report_end(&report);
	if (junit)
		suite_junit_write(suite, junit);
	if (failed)
		return suite_fail("cannot start a process for a test", -failed);
	return exit_code(suite, &report);
}

static int run_with_junit(struct suite *suite)
{
	const char *path = suite->options->suite.junit;
	struct output junit = { 0 };
	int failed = path ? output_open(&junit, path) : 0, code;

	if (failed)
		return suite_fail(path, -failed);
	code = run_all(suite, junit.file);
	failed = output_close(&junit, 0);
	return failed ? suite_fail(path, -failed) : code;
}

/* Reports why a suite cannot be run; one without any test is an error. Returns an exit code. */
static int suite_refuse(const struct suite *suite)
{
	const struct options *options = suite->options;

	if (!suite->path_count) {
		fprintf(stderr, "baya: no test: nothing%s%s in '%s'%s is an ELF for riscv64\n",
			options->suite.filter ? " like " : "",
			options->suite.filter ? options->suite.filter : "", options->suite.paths[0],
			options->suite.path_count > 1 ? "..." : "");
		return EXIT_HOST;
	}
	fprintf(stderr, "baya: --signature: goes with one program, and here are %u\n",
		suite->path_count);
	return EXIT_USAGE;
}

static void free_suite(struct suite *suite)
{
	for (unsigned n = 0; n < suite->count; n++)
		free(suite->tests[n].result);
	for (unsigned n = 0; n < suite->path_count; n++)
		free(suite->paths[n].path);
	free(suite->tests);
	free(suite->paths);
}

int suite_run(const struct options *options)
{
	struct suite suite = { .options = options };
	int failed = suite_find(&suite), code;

	if (!failed && suite.path_count && (!options->signature || suite.path_count == 1))
		failed = make_tests(&suite);
	if (failed)
		code = suite_fail("looking for tests", -failed);
	else if (!suite.count)
		code = suite_refuse(&suite);
	else
		code = run_with_junit(&suite);
	free_suite(&suite);
	return code;
}
