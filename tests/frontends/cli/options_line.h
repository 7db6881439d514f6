/* SPDX-License-Identifier: MIT */
/* Parses a command line as a user writes it. */
#ifndef TESTS_FRONTENDS_CLI_OPTIONS_LINE_H
#define TESTS_FRONTENDS_CLI_OPTIONS_LINE_H

#include "frontends/cli/options.h"
#include "tests/cmocka.h"

#define LINE_WORDS_MAX 64

/* The words, the strings that hold them, and what comes of them. */
struct line {
	char text[1024];
	char *words[LINE_WORDS_MAX + 1];
	struct options options;
	struct board_error error;
	int result;
};

/* A command line, and what is said of it; a table says whether that is all or a part. */
struct mistake {
	const char *text, *error;
};

/* Fills a line that the caller has, who frees its options. Words are separated by blanks; nothing
 * is quoted. */
void line_fill(struct line *line, const char *text);

/* Returns the line that this parses. There is one, so the next call frees the options. */
const struct line *parse(const char *text);

/* Does the same and returns the options. Fails the test when they are refused. */
const struct options *parse_well(const char *text);

/* The line was refused as a usage error, with this text as a part of what is said. */
void check_refused(const struct line *line, const char *part);

/* Each is refused as a usage error, with exactly this text. */
void check_mistakes(const struct mistake *mistakes, unsigned count);

#endif
