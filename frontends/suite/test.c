/* SPDX-License-Identifier: MIT */
/* Runs one test: its machine, the loop that runs it to its end, and the last part of its output. */
#include "bus/clock.h"
#include "frontends/suite/suite.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "bus/platform.h"
#include "devices/board/inspect/hart_state.h"
#include "frontends/suite/signature.h"
#include "frontends/suite/words.h"

#define NAP_NS (NS_PER_S / 100)

struct runner {
	const struct options *options;
	struct board_config config;
	struct board *board;
	struct suite_result *result;
	struct suite_words words;
	u64 started, deadline; /* host's ns */
	bool ended;
};

void suite_result_set(struct suite_result *result, enum suite_status status, const char *format,
		      ...)
{
	va_list args;

	result->status = status;
	va_start(args, format);
	vsnprintf(result->text, sizeof(result->text), format, args);
	va_end(args);
}

static void keep_output(void *ctx, const u8 *data, size_t size)
{
	struct suite_result *result = ctx;
	size_t drop;

	if (size > SUITE_OUTPUT) {
		data += size - SUITE_OUTPUT;
		size = SUITE_OUTPUT;
	}
	if (result->output_size + size > SUITE_OUTPUT) {
		/* At least half is dropped, so that the rest is not moved for every single byte. */
		drop = MIN(MAX(size, SUITE_OUTPUT / 2), result->output_size);
		result->output_size -= (u32)drop;
		memmove(result->output, result->output + drop, result->output_size);
	}
	memcpy(result->output + result->output_size, data, size);
	result->output_size += (u32)size;
}

static void look_back(struct runner *runner)
{
	struct board_stats stats;

	board_stats(runner->board, &stats);
	runner->words.instructions = runner->words.before + stats.instructions;
	runner->result->instructions = runner->words.instructions;
}

static void runner_end(struct runner *runner, enum suite_status status)
{
	runner->ended = true;
	runner->result->status = status;
	look_back(runner);
}

static void runner_error(struct runner *runner, const struct board_error *error)
{
	runner_end(runner, SUITE_ERROR);
	suite_result_set(runner->result, SUITE_ERROR, "%s", error->text);
}

static void write_signature(struct runner *runner)
{
	const struct options *options = runner->options;
	struct board_error failed;

	if (options->signature &&
	    signature_write(runner->board, options->signature, options->signature_shift, &failed))
		runner_error(runner, &failed);
}

/* Records the machine's state, which must be the same in each engine. This is done only when the
 * machine itself has ended the run. */
static void runner_hash(struct runner *runner)
{
	if (runner->options->suite.every_engine)
		runner->result->hash = state_hash(&board_platform(runner->board)->state);
}

/* Handles that the guest has ended its machine. */
static void guest_ended(struct runner *runner)
{
	const struct platform *platform = board_platform(runner->board);

	if (platform->end == MACHINE_FAIL) {
		runner_end(runner, SUITE_FAIL);
		suite_words_failure(&runner->words, platform->end_code);
	} else {
		runner_end(runner, SUITE_PASS);
	}
	runner_hash(runner);
	write_signature(runner);
}

static void guest_dead(struct runner *runner, unsigned hart)
{
	runner_end(runner, SUITE_DEAD);
	suite_words_dead(&runner->words, hart);
	runner_hash(runner);
}

static void runner_reset(struct runner *runner)
{
	struct board_error failed;

	look_back(runner);
	runner->words.before = runner->words.instructions;
	runner->words.resets++;
	if (runner->options->process.actions.no_reboot)
		runner_end(runner, SUITE_PASS);
	else if (board_reset(runner->board, &failed))
		runner_error(runner, &failed);
}

static void timed_out(struct runner *runner)
{
	char what[64];

	runner_end(runner, SUITE_LIMIT);
	snprintf(what, sizeof(what), "timed out after %g s", runner->options->timeout);
	suite_words_limit(&runner->words, what);
}

static void too_long(struct runner *runner)
{
	char what[64];

	runner_end(runner, SUITE_LIMIT);
	runner_hash(runner);
	snprintf(what, sizeof(what), "not done after %llu instructions",
		 runner->options->max_insns);
	suite_words_limit(&runner->words, what);
}

/* Waits, because all harts wait. There is no input here, so without a timer they would wait for
 * ever. */
static void runner_idle(struct runner *runner)
{
	struct clock *clock = &board_platform(runner->board)->clock;
	u64 now = clock_now(clock), next = clock_next(clock);
	struct timespec nap = { 0 };

	if (next == CLOCK_NEVER) {
		guest_dead(runner, 0);
	} else if (next > now) {
		nap.tv_nsec = (long)MIN(next - now, NAP_NS);
		nanosleep(&nap, NULL);
	}
}

/* Ends the test if a hart is in a trap loop, whatever the other harts do. */
static void check_harts(struct runner *runner)
{
	struct board_hart hart;

	for (unsigned n = 0; n < runner->config.harts && !runner->ended; n++) {
		board_inspect_hart(runner->board, n, &hart);
		if (hart.dead)
			guest_dead(runner, n);
	}
}

static void run_slice(struct runner *runner)
{
	switch (board_run(runner->board)) {
	case BOARD_SLICE:
		check_harts(runner);
		break;
	case BOARD_IDLE:
		runner_idle(runner);
		break;
	case BOARD_ENDED:
		guest_ended(runner);
		break;
	case BOARD_RESET:
		runner_reset(runner);
		break;
	case BOARD_DEAD:
		check_harts(runner);
		if (!runner->ended)
			guest_dead(runner, 0);
		break;
	case BOARD_LIMIT:
		too_long(runner);
		break;
	case BOARD_REPLAYED:
	case BOARD_DIFFER:
	case BOARD_STOPPED:
		assert(!"a test has no judge and no debugger");
		break;
	}
	if (!runner->ended && clock_host_ns() >= runner->deadline)
		timed_out(runner);
}

/* Checks a program's symbols. Without symbols it is not known whether and where it has a tohost,
 * without which it could only time out. */
static bool check_program(struct runner *runner)
{
	struct board_error failed;

	if (!board_has_symbols(runner->board))
		snprintf(failed.text, sizeof(failed.text),
			 "program '%.200s': has no symbols, so where its "
			 "tohost is cannot be known; link it without -s and do not strip it",
			 runner->config.program);
	else if (!runner->options->signature || !signature_check(runner->board, &failed))
		return true;
	runner_error(runner, &failed);
	return false;
}

void suite_test(const struct options *options, const struct suite_test *test,
		struct suite_result *result)
{
	struct runner runner = { .options = options, .config = options->board, .result = result };
	struct board_error failed;

	memset(result, 0, sizeof(*result));
	if (test->error) {
		suite_result_set(result, SUITE_ERROR, "cannot be read: %s", strerror(-test->error));
		return;
	}
	runner.config.program = test->path;
	runner.config.engine = test->engine;
	runner.started = clock_host_ns();
	runner.deadline = runner.started + (u64)(options->timeout * NS_PER_S);
	runner.board = board_create(&runner.config, &failed);
	if (!runner.board) {
		suite_result_set(result, SUITE_ERROR, "%s", failed.text);
		return;
	}
	runner.words = (struct suite_words){
		.board = runner.board, .config = &runner.config,
		.text = result->text, .size = sizeof(result->text),
	};
	board_serial(runner.board)->write = keep_output;
	board_serial(runner.board)->ctx = result;
	chardev_send_event(board_serial(runner.board), CHARDEV_ENDED);
	board_limit(runner.board, options->max_insns);
	if (check_program(&runner))
		while (!runner.ended)
			run_slice(&runner);
	board_free(runner.board);
	result->seconds = (double)(clock_host_ns() - runner.started) / NS_PER_S;
}
