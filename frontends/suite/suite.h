/* SPDX-License-Identifier: MIT */
/*
 * `baya test`: programs that check themselves, each run on a machine and in a process of its own.
 * suite/find.c finds them, suite/pool.c runs them in parallel, suite/test.c is one run,
 * suite/words.c describes how it ended, suite/report.c and suite/junit.c report. These files share
 * this header; main.c only needs suite_run.
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
	SUITE_DEAD, /* no hart can run anything but a loop of traps */
	SUITE_DISAGREE, /* its result differs between engines */
	SUITE_ERROR, /* it could not be run */
	SUITE_STATUSES
};

#define SUITE_OUTPUT 4096

/* The result of a test. It is passed through a pipe as it is. */
struct suite_result {
	enum suite_status status;
	double seconds; /* of the host */
	u64 instructions;
	/* A hash of the machine's last state; 0: it was cut off, or there is only one engine. */
	u64 hash;
	char text[1024]; /* one line: why it did not pass; "" for a pass */
	u32 output_size;
	char output[SUITE_OUTPUT]; /* the end of its console output */
};

/* One program in one engine. */
struct suite_test {
	const char *path;
	enum board_engine engine;
	struct suite_result *result; /* NULL: it has not ended */
};

struct suite {
	const struct options *options;
	struct suite_test *tests; /* sorted; tests of one program in several engines are adjacent */
	unsigned count;
	char **paths; /* owned; in the tests' order */
	unsigned path_count;
	/* ELF files in folders that are for other machines. */
	unsigned skipped_rv32, skipped_foreign;
	double seconds;
	int signal; /* the signal that ended it early; 0: none */
};

extern const char *const suite_engines[]; /* by enum board_engine */

/* Finds and runs the tests, and reports on standard output. Returns the exit code. */
int suite_run(const struct options *options);

/* Fills paths and the numbers of files that were skipped. Returns 0 or -ENOMEM. */
int suite_find(struct suite *suite);

/* Runs one test in this process, to its end. */
void suite_test(const struct options *options, const struct suite_test *test,
		struct suite_result *result);

/*
 * Runs all tests, each in a process of its own. `done` is called for each in the order of the list,
 * `progress` whenever one starts or ends. Returns 0, or -errno if the host refuses.
 */
struct suite_pool_calls {
	void (*done)(void *ctx, unsigned index);
	void (*progress)(void *ctx, unsigned ended, const struct suite_test *running);
	void *ctx;
};
int suite_pool_run(struct suite *suite, const struct suite_pool_calls *calls);

/* Makes a test's name: "isa/rv64ui-p-add", or "isa/rv64ui-p-add [interp]" when each runs in every
 * engine. */
void suite_name(const struct suite *suite, const struct suite_test *test, char *name, size_t size);

/* Sets a result with a text, for a test that could not be run. */
void suite_result_set(struct suite_result *result, enum suite_status status, const char *format,
		      ...) PRINTF_LIKE(3, 4);

#endif
