/* SPDX-License-Identifier: MIT */
/* The monitor's commands about the machine's log: rows of its table (monitor.c). */
#ifndef FRONTENDS_MONITOR_LOG_H
#define FRONTENDS_MONITOR_LOG_H

#include <stdio.h>

struct monitor;

void monitor_log(struct monitor *monitor, char **words, FILE *out);
void monitor_logfile(struct monitor *monitor, char **words, FILE *out);

#endif
