/* SPDX-License-Identifier: MIT */
/*
 * How a test ended, in one line for people: which case of riscv-tests failed and what it compared,
 * where a hang is, what a trap loop traps on. Only for suite/test.c.
 */
#ifndef FRONTENDS_SUITE_WORDS_H
#define FRONTENDS_SUITE_WORDS_H

#include "bus/base.h"
#include "devices/board/board.h"

struct suite_words {
	struct board *board; /* as it ended */
	const struct board_config *config; /* to run it once more */
	u64 instructions;
	bool was_reset; /* on the way, so that it cannot be followed by counting */
	char *text;
	size_t size;
};

/*
 * The program reported failure `code`. For a case of riscv-tests the program is run once more, up
 * to the branch that found the difference.
 */
void suite_words_failure(const struct suite_words *words, u64 code);

/* A limit cut it: `what` is "timed out after 2 s". */
void suite_words_limit(const struct suite_words *words, const char *what);

/* No hart can go on; `hart` is one that is in a trap loop or waits for nothing. */
void suite_words_dead(const struct suite_words *words, unsigned hart);

#endif
