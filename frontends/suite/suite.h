/* SPDX-License-Identifier: MIT */
/*
 * Implements `baya test`, which runs programs that check themselves, each on its own machine in its
 * own process. suite/find.c finds them, suite/pool.c runs them in parallel, suite/test.c executes
 * one, suite/words.c describes how it ended, and suite/report.c and suite/junit.c report. These
 * files share this header; main.c only needs suite_run.
 */
#ifndef FRONTENDS_SUITE_SUITE_H
#define FRONTENDS_SUITE_SUITE_H

#include "bus/base.h"
#include "devices/board/board.h"
#include "frontends/cli/options.h"

enum suite_status {
	SUITE_PASS,
	SUITE_FAIL, /* the program reports a failure */
	SUITE_LIMIT, /* it exceeded --timeout or --max-insns */
	SUITE_DEAD, /* no hart can run anything but a loop of traps, or all wait for ever */
	SUITE_DISAGREE, /* its result differs between engines */
	SUITE_ERROR, /* it could not be run */
	SUITE_STATUSES
};

#define SUITE_OUTPUT 4096

/* The result of a test, which the test's process writes to a pipe in this binary form. */
struct suite_result {
	enum suite_status status;
	double seconds; /* host time */
	u64 instructions;
	/*
	 * A hash of the machine's final state; 0: the run was cut off, or there is only one engine.
	 */
	u64 hash;
	char text[1024]; /* one line: the reason why it did not pass; "" for a pass */
	u32 output_size;
	char output[SUITE_OUTPUT]; /* the end of its console output */
};

/* A program, or a file or folder that cannot be read, which suite_find has found. */
struct suite_path {
	char *path;
	int error; /* a negative errno: it cannot be read, so the test fails; 0: none */
};

/* One program in one engine. */
struct suite_test {
	const char *path;
	int error; /* that of its struct suite_path */
	enum board_engine engine;
	struct suite_result *result; /* NULL: the test has not ended */
};

struct suite {
	const struct options *options;
	struct suite_test *tests; /* sorted; tests of one program in several engines are adjacent */
	unsigned count;
	struct suite_path *paths; /* owned by the suite; in the order of the tests */
	unsigned path_count;
	/* The number of ELF files in folders that are for other machines. */
	unsigned skipped_rv32, skipped_foreign;
	double seconds;
	int signal; /* the signal that ended the suite early; 0: none */
};

extern const char *const suite_engines[]; /* indexed by enum board_engine */

/* Finds and runs the tests, and reports on standard output. Returns the exit code. */
int suite_run(const struct options *options);

/* Fills in paths, and the numbers of files that were skipped. Returns 0 or -ENOMEM. */
int suite_find(struct suite *suite);

/* Runs one test in this process, to its end. */
void suite_test(const struct options *options, const struct suite_test *test,
		struct suite_result *result);

/*
 * Runs all tests, each in its own process. `done` is called for each test in the order of the list,
 * `progress` whenever one starts or ends. Returns 0, or -errno if the host lets no test start.
 */
struct suite_pool_calls {
	void (*done)(void *ctx, unsigned index);
	void (*progress)(void *ctx, unsigned ended, const struct suite_test *running);
	void *ctx;
};
int suite_pool_run(struct suite *suite, const struct suite_pool_calls *calls);

/*
 * Stores a test's name: "isa/rv64ui-p-add", or "isa/rv64ui-p-add [interp]" if each test runs in
 * every engine.
 */
void suite_name(const struct suite *suite, const struct suite_test *test, char *name, size_t size);

/* Sets the status and the text of a result, for a test that could not be run. */
void suite_result_set(struct suite_result *result, enum suite_status status, const char *format,
		      ...) PRINTF_LIKE(3, 4);

#endif
