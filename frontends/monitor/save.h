/* SPDX-License-Identifier: MIT */
/*
 * The monitor's commands that write guest memory, or what of it was executed, to a file. They are
 * rows of the table in monitor.c.
 */
#ifndef FRONTENDS_MONITOR_SAVE_H
#define FRONTENDS_MONITOR_SAVE_H

#include <stdio.h>

struct monitor;

void monitor_memsave(struct monitor *monitor, char **words, FILE *out);
void monitor_pmemsave(struct monitor *monitor, char **words, FILE *out);
void monitor_dump(struct monitor *monitor, char **words, FILE *out);
void monitor_coverage(struct monitor *monitor, char **words, FILE *out);

#endif
