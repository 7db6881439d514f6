/* SPDX-License-Identifier: MIT */
/*
 * Files of facts: read into lines of columns. A fact is one line,
 *   ID | MODES | SETUP | INSTRUCTIONS | EXPECTATION
 * and a table makes several facts of each of its rows; README.md has the words.
 */
#ifndef TESTS_FACTS_FACT_H
#define TESTS_FACTS_FACT_H

#include "bus/base.h"

enum fact_column { FACT_ID, FACT_MODES, FACT_SETUP, FACT_INSNS, FACT_EXPECT, FACT_COLUMNS };

#define FACT_TEXT 512

struct fact {
	unsigned line;
	char text[FACT_COLUMNS][FACT_TEXT];
};

/* This is called for each fact of a file, in order. */
typedef void (*fact_fn)(void *ctx, const struct fact *fact);

/*
 * Returns false, with a line on stderr, if the file cannot be read or has a line that is no fact.
 */
bool facts_read(const char *path, fact_fn call, void *ctx);

/*
 * Takes the next word of *text, up to a space, and advances past it. Returns false if there is
 * none. A word longer than size is cut.
 */
bool fact_word(const char **text, char *word, size_t size);

#endif
