/* SPDX-License-Identifier: MIT */
/*
 * The monitor's commands about addresses: rows of its table (monitor.c). An address is a number, or
 * $NAME for a register of the chosen hart.
 */
#ifndef FRONTENDS_MONITOR_MEMORY_H
#define FRONTENDS_MONITOR_MEMORY_H

#include <stdio.h>

struct monitor;

void monitor_x(struct monitor *monitor, char **words, FILE *out);
void monitor_gva2gpa(struct monitor *monitor, char **words, FILE *out);
void monitor_explain(struct monitor *monitor, char **words, FILE *out);

#endif
