/* SPDX-License-Identifier: MIT */
/* See explain.h. */
#include "frontends/run/explain.h"

#include <stdio.h>

#include "devices/board/explain/explain.h"
#include "frontends/host/exit_code.h"
#include "frontends/run/run.h"

static int explain_trap(struct board *board, const struct options *options)
{
	unsigned hart = options->explain.has_hart ? (unsigned)options->explain.hart : 0;

	if (board_explain_trap(board, hart, options->explain.trap, stdout))
		return EXIT_WELL;
	fprintf(stderr, "baya: --trap=%llu: hart %u does not remember this trap; it has:\n",
		options->explain.trap, hart);
	board_info_traps(board, hart, stderr);
	return EXIT_USAGE;
}

int explain_machine(struct board *board, const struct options *options)
{
	const struct explain_options *explain = &options->explain;
	int code = options->board.restore ? EXIT_WELL : run_board(board, options, NULL);
	int result = EXIT_WELL;

	/* Any other end of the run is fine, because the question is where the guest was then. */
	if (code == EXIT_HOST || code == EXIT_DISAGREE)
		return code;
	if (explain->trap)
		result = explain_trap(board, options);
	else if (explain->has_hart)
		board_explain_hart(board, (unsigned)explain->hart, stdout);
	else
		board_explain(board, stdout);
	return result == EXIT_WELL && code > EXIT_SIGNAL ? code : result;
}
