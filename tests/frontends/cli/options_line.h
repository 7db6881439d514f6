/* SPDX-License-Identifier: MIT */
/* Command lines as a user writes them: tests parse one and check its options or its error. */
#ifndef TESTS_FRONTENDS_CLI_OPTIONS_LINE_H
#define TESTS_FRONTENDS_CLI_OPTIONS_LINE_H

#include "frontends/cli/options.h"
#include "tests/cmocka.h"

#define LINE_WORDS_MAX 64

/* A command line as text, its words, and what options_parse() made of them. */
struct line {
	char text[1024];
	char cut[1024]; /* the text once more; the words point into it */
	char *words[LINE_WORDS_MAX + 1];
	struct options options;
	struct board_error error;
	int result;
};

/* A text that a user writes, on a command line or in a file, and the error that answers it. */
struct mistake {
	const char *text, *error;
};

/*
 * Fills a line that belongs to the caller, who frees its options. Blanks separate the words;
 * nothing is quoted.
 */
void line_fill(struct line *line, const char *text);

/*
 * Parses a command line and returns it. There is only one line: the next call frees its options,
 * and pointers into it are invalid then. The end of the program frees the last ones.
 */
const struct line *parse(const char *text);

/* Does the same and returns the options. Fails the test when they are refused. */
const struct options *parse_well(const char *text);

/* Fails the test unless the line was refused as a usage error that contains `part`. */
void check_error_has(const struct line *line, const char *part);

/* Fails the test unless each command line is refused as a usage error that contains `error`. */
void check_errors_have(const struct mistake *mistakes, unsigned count);

/* Fails the test unless each is refused as a usage error whose whole text is `error`. */
void check_errors_are(const struct mistake *mistakes, unsigned count);

#endif
