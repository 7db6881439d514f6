/* SPDX-License-Identifier: MIT */
/*
 * Describes how a test ended, in one line for people: which case of riscv-tests failed and what it
 * compared, where a hang is, what a trap loop traps on. Only suite/test.c includes this.
 */
#ifndef FRONTENDS_SUITE_WORDS_H
#define FRONTENDS_SUITE_WORDS_H

#include "bus/base.h"
#include "devices/board/board.h"

struct suite_words {
	struct board *board; /* as it ended */
	const struct board_config *config; /* to run the test once more */
	u64 instructions, before; /* in all, and those before the last reset */
	u64 resets; /* with one it cannot be repeated by counting instructions */
	char *text;
	size_t size;
};

/*
 * The program reported failure `code`. For a case of riscv-tests the program is run once more, up
 * to the branch that found the difference.
 */
void suite_words_failure(const struct suite_words *words, u64 code);

/* A limit ended it: `what` is, for example, "timed out after 2 s". */
void suite_words_limit(const struct suite_words *words, const char *what);

/* No hart can go on; `hart` is one that is in a trap loop or waits for nothing. */
void suite_words_dead(const struct suite_words *words, unsigned hart);

#endif
