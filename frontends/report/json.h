/* SPDX-License-Identifier: MIT */
/* Parts of reports in JSON, as values of jansson's: text and costs. */
#ifndef FRONTENDS_REPORT_JSON_H
#define FRONTENDS_REPORT_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "bus/base.h"

struct board_cost;

/*
 * Returns a string. Names of a guest's symbols can have any bytes, so a byte beyond ASCII becomes
 * the character with that number.
 */
json_t *report_text(const char *text);

/* Adds a count; one beyond json_int_t becomes the largest that this has. */
void report_count(json_t *object, const char *key, u64 count);

/*
 * Adds cycles, instructions, cpi and stack, an object of cycles by cause. cpi is null without
 * instructions, and causes of 0 cycles are left out. `outside`, the cycles without a cause, is a
 * layer of the stack, too.
 */
void report_cost(json_t *object, const struct board_cost *cost, u64 outside);

/*
 * Writes the value in ASCII and frees it: on one line if `flags` (jansson's) say JSON_COMPACT.
 * Returns 0 or -EIO.
 */
int report_write(json_t *value, FILE *out, size_t flags);

#endif
