/* SPDX-License-Identifier: MIT */
/* Implements the command line of `baya logdiff`. See logdiff.h. */
#include "frontends/suite/logdiff.h"

#include <stdio.h>
#include <string.h>

#include "devices/board/board.h"
#include "devices/board/inspect/log.h"
#include "frontends/host/exit_code.h"

static const char usage[] =
	"usage: baya logdiff [--no-csrs] A B\n\n"
	"Compare two commit logs (baya --log, or spike --log-commits), each in either format, and\n"
	"print the first difference of registers, memory or flow with what was before it. They are\n"
	"aligned at the first instructions that both have, hart by hart; when one ends before the\n"
	"other that is no difference. Traps count when both logs have them (spike -l), a CSR when\n"
	"both list it; with --no-csrs none counts.\n\n"
	"Exit code: 0 they agree, 1 they differ, 2 wrong usage, 3 a file cannot be read.\n";

static bool asks_for_help(const char *word)
{
	return !strcmp(word, "-h") || !strcmp(word, "-help") || !strcmp(word, "--help");
}

int logdiff(int argc, char **argv)
{
	struct board_logdiff logs = { .no_csrs = false };
	struct board_error error;
	unsigned count = 0;
	int result;

	for (int i = 1; i < argc; i++) {
		if (asks_for_help(argv[i])) {
			fputs(usage, stdout);
			return EXIT_WELL;
		}
		if (!strcmp(argv[i], "--no-csrs")) {
			logs.no_csrs = true;
		} else if (argv[i][0] == '-') {
			fprintf(stderr, "baya: logdiff: unknown option %s\n", argv[i]);
			return EXIT_USAGE;
		} else if (count++ < 2) {
			logs.paths[count - 1] = argv[i];
		}
	}
	if (count != 2) {
		fprintf(stderr, "baya: logdiff: needs two files (baya logdiff -h)\n");
		return EXIT_USAGE;
	}
	result = board_logdiff(&logs, stdout, &error);
	if (result < 0) {
		fprintf(stderr, "baya: %s\n", error.text);
		return error.exit_code;
	}
	return result ? EXIT_GUEST_FAILED : EXIT_WELL;
}
