/* SPDX-License-Identifier: MIT */
/* Evaluates expressions of facts (see value.h). */
#include "tests/facts/value.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int find(const struct symbols *symbols, const char *name, size_t length)
{
	for (unsigned n = 0; n < symbols->count; n++)
		if (!strncmp(symbols->at[n].name, name, length) && !symbols->at[n].name[length])
			return (int)n;
	return -1;
}

void symbol_set(struct symbols *symbols, const char *name, u64 value)
{
	int n = find(symbols, name, strlen(name));

	assert(strlen(name) < SYMBOL_NAME);
	if (n < 0) {
		assert(symbols->count < SYMBOLS_MAX);
		n = (int)symbols->count++;
		snprintf(symbols->at[n].name, SYMBOL_NAME, "%s", name);
	}
	symbols->at[n].value = value;
}

u64 symbol_get(const struct symbols *symbols, const char *name)
{
	int n = find(symbols, name, strlen(name));

	assert(n >= 0);
	return symbols->at[n].value;
}

/* Parses a number or a symbol, with its prefixes. */
static bool term(const struct symbols *symbols, const char **text, u64 *value)
{
	const char *at = *text;
	size_t length = 0;
	char *end;
	int n;

	if (*at == '~' || *at == '-') {
		*text = at + 1;
		if (!term(symbols, text, value))
			return false;
		*value = *at == '~' ? ~*value : -*value;
		return true;
	}
	if (isdigit((unsigned char)*at)) {
		*value = strtoull(at, &end, 0);
		*text = end;
		return true;
	}
	while (isalnum((unsigned char)at[length]) || at[length] == '_')
		length++;
	n = length ? find(symbols, at, length) : -1;
	if (n < 0)
		return false;
	*value = symbols->at[n].value;
	*text = at + length;
	return true;
}

static bool shifted(const struct symbols *symbols, const char **text, u64 *value)
{
	if (!term(symbols, text, value))
		return false;
	while (!strncmp(*text, "<<", 2) || !strncmp(*text, ">>", 2)) {
		bool left = **text == '<';
		u64 by;

		*text += 2;
		if (!term(symbols, text, &by) || by > 63)
			return false;
		*value = left ? *value << by : *value >> by;
	}
	return true;
}

static u64 apply(char op, u64 a, u64 b)
{
	switch (op) {
	case '+': return a + b;
	case '-': return a - b;
	case '&': return a & b;
	case '|': return a | b;
	default: return a ^ b;
	}
}

bool value_parse(const struct symbols *symbols, const char **text, u64 *value)
{
	if (!shifted(symbols, text, value))
		return false;
	while (**text && strchr("+-&|^", **text)) {
		char op = *(*text)++;
		u64 right;

		if (!shifted(symbols, text, &right))
			return false;
		*value = apply(op, *value, right);
	}
	return true;
}

bool value_of(const struct symbols *symbols, const char *text, u64 *value)
{
	return value_parse(symbols, &text, value) && !*text;
}
