/* SPDX-License-Identifier: MIT */
/*
 * Evaluates numbers and addresses that are given to the monitor's commands, which are expressions
 * as in QEMU. Operands are numbers, $NAME for a register of the chosen hart, 'c' for a character,
 * and parentheses. The operators are the prefixes + - ~, which bind most strongly, then * / %, then
 * & | ^, and last the binary + and -. All values are signed, with 64 bits.
 */
#ifndef FRONTENDS_MONITOR_EXPRESSION_H
#define FRONTENDS_MONITOR_EXPRESSION_H

#include "bus/base.h"

struct monitor;

/*
 * Evaluates a text, all of which must be one expression; blanks may separate its parts. Returns
 * false if it is not valid or NULL, or if it divides by zero.
 */
bool monitor_expression(struct monitor *monitor, const char *text, u64 *value);

#endif
