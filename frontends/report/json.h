/* SPDX-License-Identifier: MIT */
/* Makes parts of reports in JSON (jansson's values): text and costs. */
#ifndef FRONTENDS_REPORT_JSON_H
#define FRONTENDS_REPORT_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "bus/base.h"

struct board_cost;

/*
 * Returns a string. The names of a guest's symbols may contain any bytes, so a byte above 127
 * becomes the character with that number.
 */
json_t *report_text(const char *text);

/* Adds a count. If it exceeds the range of json_int_t, it becomes the largest json_int_t. */
void report_count(json_t *object, const char *key, u64 count);

/*
 * Adds the members cycles, instructions, cpi and stack, an object that has the cycles of each
 * cause. cpi is null if there are no instructions; causes without cycles are left out. `outside`,
 * the cycles without a cause, is added to the stack, too.
 */
void report_cost(json_t *object, const struct board_cost *cost, u64 outside);

/* Returns an object of the events that have happened, indexed as board_event_name(). */
json_t *report_events(const u64 *events);

/*
 * Writes the value in ASCII and frees it. It is on one line if `flags` (jansson's) contains
 * JSON_COMPACT. Returns 0 or -EIO.
 */
int report_write(json_t *value, FILE *out, size_t flags);

#endif
