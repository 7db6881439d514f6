/* SPDX-License-Identifier: MIT */
/*
 * Numbers and addresses as the monitor's commands take them: QEMU's expressions. Operands are
 * numbers, $NAME for a register of the chosen hart, 'c' for a character, and ( ). Operators are
 * + - ~ in front of an operand, then * / %, then & | ^, and + - come last. All are of 64 bits and
 * signed.
 */
#ifndef FRONTENDS_MONITOR_EXPRESSION_H
#define FRONTENDS_MONITOR_EXPRESSION_H

#include "bus/base.h"

struct monitor;

/*
 * Evaluates a text, which is an expression as a whole, with blanks between its parts. Returns false
 * if it is none, NULL, or divides by zero.
 */
bool monitor_expression(struct monitor *monitor, const char *text, u64 *value);

#endif
