/* SPDX-License-Identifier: MIT */
/* Evaluates an expression while it is parsed, by recursive descent. */
#include "frontends/monitor/expression.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "devices/board/inspect/debug.h"
#include "frontends/monitor/monitor.h"

#define DEPTH_MAX 32 /* of signs and parentheses: the text may come from outside */
#define NAME_SIZE 32 /* of a number or a register */

struct expression {
	struct monitor *monitor;
	const char *at;
	unsigned depth;
};

/* The binary operators, in the order in which they bind, the weakest first. */
static const char *const operators[] = { "+-", "&|^", "*/%" };

static bool evaluate(struct expression *e, unsigned rank, u64 *value);

static void skip_blanks(struct expression *e)
{
	e->at += strspn(e->at, " \t");
}

/* Returns whether a register has this name as well: x2, f10 or fp. */
static bool has_other_name(unsigned number, const char *name)
{
	char other[8] = "";

	if (number == BOARD_REG_X + 8 && !strcmp(name, "fp"))
		return true;
	if (number - BOARD_REG_X < 32)
		snprintf(other, sizeof(other), "x%u", number - BOARD_REG_X);
	else if (number - BOARD_REG_F < 32)
		snprintf(other, sizeof(other), "f%u", number - BOARD_REG_F);
	return !strcmp(other, name);
}

/* Finds the chosen hart's register of that name. */
static bool find_register(struct monitor *monitor, const char *name, u64 *value)
{
	struct board_reg reg;

	for (unsigned n = 0; n < BOARD_REGS; n++)
		if (board_reg(monitor->board, n, &reg) &&
		    (!strcmp(reg.name, name) || has_other_name(n, name)))
			return board_reg_get(monitor->board, monitor->hart, n, value);
	return false;
}

/* Takes a number, or the name of a register without its $. */
static bool take_name(struct expression *e, char name[NAME_SIZE])
{
	size_t size = 0;

	while (isalnum((unsigned char)e->at[size]) || e->at[size] == '_')
		size++;
	if (!size || size >= NAME_SIZE)
		return false;
	snprintf(name, NAME_SIZE, "%.*s", (int)size, e->at);
	e->at += size;
	return true;
}

static bool take(struct expression *e, char wanted)
{
	bool there = *e->at == wanted;

	e->at += there;
	return there;
}

/* Parses a number as QEMU's expressions have it: one that begins with a zero is octal. */
static bool parse_number(const char *text, u64 *value)
{
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*value = strtoull(text, &end, 0);
	return !*end && errno == 0;
}

static bool take_operand(struct expression *e, u64 *value)
{
	char name[NAME_SIZE];

	switch (*e->at) {
	case '(':
		e->at++;
		return evaluate(e, 0, value) && take(e, ')');
	case '\'':
		if (!e->at[1] || e->at[2] != '\'')
			return false;
		*value = (u8)e->at[1];
		e->at += 3;
		return true;
	case '$':
		e->at++;
		return take_name(e, name) && find_register(e->monitor, name, value);
	default:
		return take_name(e, name) && parse_number(name, value);
	}
}

/* Takes an operand, with the signs in front of it and the blanks around it. */
static bool take_signed(struct expression *e, u64 *value)
{
	char sign;
	bool good;

	skip_blanks(e);
	if (e->depth == DEPTH_MAX)
		return false;
	e->depth++;
	sign = *e->at;
	if (sign && strchr("+-~", sign)) {
		e->at++;
		good = take_signed(e, value);
		*value = sign == '-' ? -*value : sign == '~' ? ~*value : *value;
	} else {
		good = take_operand(e, value);
	}
	e->depth--;
	skip_blanks(e);
	return good;
}

/* Returns false for a division by zero. One by -1 is a negation, which cannot overflow. */
static bool divide(char operator, u64 divisor, u64 *value)
{
	s64 by = (s64)divisor, of = (s64)*value;

	if (!by)
		return false;
	if (by == -1)
		*value = operator== '/' ? -*value : 0;
	else
		*value = (u64)(operator== '/' ? of / by : of % by);
	return true;
}

static bool apply(char operator, u64 right, u64 *value)
{
	switch (operator) {
	case '+':
		*value += right;
		return true;
	case '-':
		*value -= right;
		return true;
	case '&':
		*value &= right;
		return true;
	case '|':
		*value |= right;
		return true;
	case '^':
		*value ^= right;
		return true;
	case '*':
		*value *= right;
		return true;
	default:
		return divide(operator, right, value);
	}
}

/* Evaluates operands that operators of this rank, or of those that bind tighter, connect. */
static bool evaluate(struct expression *e, unsigned rank, u64 *value)
{
	bool good;

	if (rank == ARRAY_SIZE(operators))
		return take_signed(e, value);
	good = evaluate(e, rank + 1, value);
	while (good && *e->at && strchr(operators[rank], *e->at)) {
		char operator= * e->at++;
		u64 right = 0;

		good = evaluate(e, rank + 1, &right) && apply(operator, right, value);
	}
	return good;
}

bool monitor_expression(struct monitor *monitor, const char *text, u64 *value)
{
	struct expression e = { .monitor = monitor, .at = text };

	*value = 0;
	return text && evaluate(&e, 0, value) && !*e.at;
}
