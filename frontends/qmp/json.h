/* SPDX-License-Identifier: MIT */
/* Writes parts of JSON: strings, and the cost of something. */
#ifndef FRONTENDS_QMP_JSON_H
#define FRONTENDS_QMP_JSON_H

#include <stdio.h>

#include "bus/base.h"

struct board_cost;

/* Writes a string in quotes. A byte beyond ASCII is written as the character with that number. */
void json_put_string(FILE *out, const char *text);

/*
 * Writes "cycles":N,"instructions":N,"cpi":N,"stack":{"cause":N,...} without the enclosing braces:
 * cpi is null without instructions, and causes of 0 cycles are left out. `outside`, the cycles
 * without a cause, is a layer of the stack, too.
 */
void json_put_cost(FILE *out, const struct board_cost *cost, u64 outside);

#endif
