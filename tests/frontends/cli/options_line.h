/* SPDX-License-Identifier: MIT */
/*
 * Parses command lines, given as a user writes them, so that tests can check the options or the
 * error.
 */
#ifndef TESTS_FRONTENDS_CLI_OPTIONS_LINE_H
#define TESTS_FRONTENDS_CLI_OPTIONS_LINE_H

#include "frontends/cli/options.h"
#include "tests/cmocka.h"

#define LINE_WORDS_MAX 64

/* A command line as text, its words, and the result of options_parse(). */
struct line {
	char text[1024];
	char cut[1024]; /* a copy of the text, into which the words point */
	char *words[LINE_WORDS_MAX + 1];
	struct options options;
	struct board_error error;
	int result;
};

/* A text on a command line or in a file, and the error that it must cause. */
struct mistake {
	const char *text, *error;
};

/*
 * Parses a text into a line that belongs to the caller, who frees its options. Blanks separate the
 * words; nothing is quoted.
 */
void line_fill(struct line *line, const char *text);

/*
 * Parses a command line and returns it. There is only one struct for this: the next call frees its
 * options, after which pointers into it are invalid. The end of the program frees the last ones.
 */
const struct line *parse(const char *text);

/* Does the same, and returns the options. Fails the test if they are refused. */
const struct options *parse_well(const char *text);

/* Fails the test unless the line was refused as a usage error that contains `part`. */
void check_error_has(const struct line *line, const char *part);

/* Fails the test unless each command line is refused as a usage error that contains `error`. */
void check_errors_have(const struct mistake *mistakes, unsigned count);

/* Fails the test unless each is refused as a usage error whose whole text is `error`. */
void check_errors_are(const struct mistake *mistakes, unsigned count);

#endif
