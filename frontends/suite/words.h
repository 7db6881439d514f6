/* SPDX-License-Identifier: MIT */
/*
 * Describes how a test ended, in one line for people: which case of riscv-tests failed and which
 * values it compared, where the program hangs, or the cause of a trap loop. Only suite/test.c
 * includes this.
 */
#ifndef FRONTENDS_SUITE_WORDS_H
#define FRONTENDS_SUITE_WORDS_H

#include "bus/base.h"
#include "devices/board/board.h"

struct suite_words {
	struct board *board; /* the board at the end of the run */
	const struct board_config *config; /* for running the test once more */
	u64 instructions, before; /* all instructions, and those before the last reset */
	/* After a reset, a point of the run cannot be found again by counting instructions. */
	u64 resets;
	char *text;
	size_t size;
};

/*
 * Describes that the program reported failure `code`. For a case of riscv-tests, the program is run
 * once more, up to the branch that found the difference.
 */
void suite_words_failure(const struct suite_words *words, u64 code);

/* Describes that a limit ended the test. `what` is "timed out after 2 s" for example. */
void suite_words_limit(const struct suite_words *words, const char *what);

/*
 * Describes that no hart can continue. `hart` is one that is in a trap loop or waits without end.
 */
void suite_words_dead(const struct suite_words *words, unsigned hart);

#endif
