/* SPDX-License-Identifier: MIT */
/* Parses a command line as a user writes it. */
#ifndef TESTS_FRONTENDS_CLI_OPTIONS_LINE_H
#define TESTS_FRONTENDS_CLI_OPTIONS_LINE_H

#include "frontends/cli/options.h"
#include "tests/cmocka.h"

#define LINE_WORDS_MAX 64

/* The words and the strings that hold them; the caller frees the options. */
struct line {
	char text[1024];
	char *words[LINE_WORDS_MAX + 1];
	struct options options;
	struct board_error error;
	int result;
};

/* Words are separated by blanks; nothing is quoted. */
void parse(struct line *line, const char *text);

/* Fails the test when the options are refused. */
void parse_well(struct line *line, const char *text);

#endif
