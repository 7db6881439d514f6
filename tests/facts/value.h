/* SPDX-License-Identifier: MIT */
/*
 * Numbers in facts: decimal or 0x, symbols (D, INSN ...), each with any of ~ - before it; << and
 * >> join them first, then + - & | ^ from left to right. No spaces, no parentheses.
 */
#ifndef TESTS_FACTS_VALUE_H
#define TESTS_FACTS_VALUE_H

#include "bus/base.h"

#define SYMBOLS_MAX 48
#define SYMBOL_NAME 12

struct symbols {
	struct {
		char name[SYMBOL_NAME];
		u64 value;
	} at[SYMBOLS_MAX];
	unsigned count;
};

/* Make or change one. */
void symbol_set(struct symbols *symbols, const char *name, u64 value);
u64 symbol_get(const struct symbols *symbols, const char *name);

/* Read an expression at *text and advance past it; false when there is none. */
bool value_parse(const struct symbols *symbols, const char **text, u64 *value);

/* The whole of text is one expression. */
bool value_of(const struct symbols *symbols, const char *text, u64 *value);

#endif
