/* SPDX-License-Identifier: MIT */
/*
 * Evaluates numbers in facts: decimal or with 0x, or symbols (D, INSN and others), each of which
 * may be preceded by operators ~ and -. << and >> are evaluated first, then + - & | ^ from left to
 * right. There are no blanks and no parentheses.
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

/* symbol_set adds or changes a symbol; symbol_get returns its value. */
void symbol_set(struct symbols *symbols, const char *name, u64 value);
u64 symbol_get(const struct symbols *symbols, const char *name);

/*
 * Parses an expression at *text, stores its value and moves *text past it. Returns false if there
 * is none.
 */
bool value_parse(const struct symbols *symbols, const char **text, u64 *value);

/* Evaluates a text, all of which must be one expression. Returns false if it is not. */
bool value_of(const struct symbols *symbols, const char *text, u64 *value);

#endif
