/* SPDX-License-Identifier: MIT */
/*
 * Numbers in facts: decimal or 0x, or symbols (D, INSN ...), each with any of ~ - before it. << and
 * >> are evaluated first, then + - & | ^ from left to right. There are no spaces and no
 * parentheses.
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

/* Makes or changes a symbol. */
void symbol_set(struct symbols *symbols, const char *name, u64 value);
u64 symbol_get(const struct symbols *symbols, const char *name);

/* Parses an expression at *text and advances past it; returns false if there is none. */
bool value_parse(const struct symbols *symbols, const char **text, u64 *value);

/* Evaluates text, all of which must be one expression. */
bool value_of(const struct symbols *symbols, const char *text, u64 *value);

#endif
