/* SPDX-License-Identifier: MIT */
/* Words of JSON: strings, and what something cost. */
#ifndef FRONTENDS_QMP_JSON_H
#define FRONTENDS_QMP_JSON_H

#include <stdio.h>

#include "bus/base.h"

struct board_cost;

/* In quotes. Bytes beyond ASCII are written as the characters of that number. */
void json_put_string(FILE *out, const char *text);

/*
 * "cycles":N,"instructions":N,"cpi":N,"stack":{"cause":N,...} without braces around: cpi is null
 * without instructions, and causes of 0 cycles are left out. Of `outside`, cycles with no cause,
 * the stack has a layer, too.
 */
void json_put_cost(FILE *out, const struct board_cost *cost, u64 outside);

#endif
