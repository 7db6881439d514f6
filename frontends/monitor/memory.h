/* SPDX-License-Identifier: MIT */
/*
 * The monitor's commands about addresses: rows of its table (monitor.c). An address is an
 * expression (expression.h).
 */
#ifndef FRONTENDS_MONITOR_MEMORY_H
#define FRONTENDS_MONITOR_MEMORY_H

#include <stdio.h>

#include "devices/board/inspect/space.h"

struct monitor;

/* Returns an address of the chosen hart, as `context` says. */
struct board_memory monitor_place(const struct monitor *monitor, u64 addr);

void monitor_context(struct monitor *monitor, char **words, FILE *out);
void monitor_x(struct monitor *monitor, char **words, FILE *out);
void monitor_gva2gpa(struct monitor *monitor, char **words, FILE *out);
void monitor_explain(struct monitor *monitor, char **words, FILE *out);

#endif
