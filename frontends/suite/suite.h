/* SPDX-License-Identifier: MIT */
/*
 * `baya test`: programs that check themselves, each run on a machine and in a process of its own.
 * suite/find.c finds them, suite/pool.c runs them in parallel, suite/test.c is one run,
 * suite/words.c words how it ended, suite/report.c and suite/junit.c tell. This header is what
 * these share; main.c needs suite_run alone.
 */
#ifndef FRONTENDS_SUITE_SUITE_H
#define FRONTENDS_SUITE_SUITE_H

#include "bus/base.h"
#include "devices/board/board.h"
#include "frontends/cli/options.h"

enum suite_status {
	SUITE_PASS,
	SUITE_FAIL, /* the program says so */
	SUITE_LIMIT, /* --timeout or --max-insns */
	SUITE_DEAD, /* no instruction can ever run again that is not part of a trap loop */
	SUITE_DISAGREE, /* not as in the engine before */
	SUITE_ERROR, /* it could not be run */
	SUITE_STATUSES
};

#define SUITE_OUTPUT 4096

/* How a test went. Goes through a pipe as it is. */
struct suite_result {
	enum suite_status status;
	double seconds; /* of the host */
	u64 instructions;
	u64 hash; /* of the machine's state at its end; 0: cut off, or only one engine */
	char text[1024]; /* one line: why it did not pass; "" for a pass */
	u32 output_size;
	char output[SUITE_OUTPUT]; /* the last of what it wrote to its console */
};

/* One program in one engine. */
struct suite_test {
	const char *path;
	enum board_engine engine;
	struct suite_result *result; /* NULL: has not ended */
};

struct suite {
	const struct options *options;
	struct suite_test *tests; /* sorted; a program's engines follow each other */
	unsigned count;
	char **paths; /* owned; in the tests' order */
	unsigned path_count;
	unsigned skipped_rv32, skipped_foreign; /* ELFs in folders that are for other machines */
	double seconds;
	int signal; /* that ended it early; 0: none */
};

extern const char *const suite_engines[]; /* by enum board_engine */

/* Everything: find, run, tell on standard output. Returns the exit code. */
int suite_run(const struct options *options);

/* Fill paths and the numbers of what was passed over. 0 or -ENOMEM. */
int suite_find(struct suite *suite);

/* Run one test in this process, to its end. */
void suite_test(const struct options *options, const struct suite_test *test,
		struct suite_result *result);

/*
 * Run all tests, each in a process of its own. `done` is called for each in the order of the list,
 * `progress` whenever one starts or ends. 0 or -errno when the host does not let us.
 */
struct suite_pool_calls {
	void (*done)(void *ctx, unsigned index);
	void (*progress)(void *ctx, unsigned ended, const struct suite_test *running);
	void *ctx;
};
int suite_pool_run(struct suite *suite, const struct suite_pool_calls *calls);

/* "isa/rv64ui-p-add", or "isa/rv64ui-p-add [interp]" when each runs in every engine. */
void suite_name(const struct suite *suite, const struct suite_test *test, char *name, size_t size);

/* A result with a text, for what never came to run. */
void suite_result_set(struct suite_result *result, enum suite_status status, const char *format,
		      ...) PRINTF_LIKE(3, 4);

#endif
