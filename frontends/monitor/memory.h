/* SPDX-License-Identifier: MIT */
/*
 * The monitor's commands for addresses and memory. They are rows of the table in monitor.c. An
 * address is given as an expression (expression.h).
 */
#ifndef FRONTENDS_MONITOR_MEMORY_H
#define FRONTENDS_MONITOR_MEMORY_H

#include <stdio.h>

#include "devices/board/inspect/space.h"

struct monitor;

/*
 * Returns a place in the address space that the command `context` has chosen, for the chosen hart.
 */
struct board_memory monitor_place(const struct monitor *monitor, u64 addr);

/* Returns whether no hart has that address space any more. If so, prints that. */
bool monitor_space_missing(const struct monitor *monitor, FILE *out);

void monitor_context(struct monitor *monitor, char **words, FILE *out);
void monitor_x(struct monitor *monitor, char **words, FILE *out);
void monitor_gva2gpa(struct monitor *monitor, char **words, FILE *out);
void monitor_explain(struct monitor *monitor, char **words, FILE *out);

#endif
