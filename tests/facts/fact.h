/* SPDX-License-Identifier: MIT */
/*
 * Reads files of facts, which have lines of columns. A fact is one line,
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

/* Called for each fact of a file, in order. */
typedef void (*fact_fn)(void *ctx, const struct fact *fact);

/*
 * Reads a file and calls `call` for each fact. Returns false, after printing an error on stderr, if
 * the file cannot be read or a line is not valid.
 */
bool facts_read(const char *path, fact_fn call, void *ctx);

/*
 * Stores the next word of *text, up to a blank, and moves *text past it. Returns false if there is
 * none. A word that is too long for `size` is cut.
 */
bool fact_word(const char **text, char *word, size_t size);

#endif
