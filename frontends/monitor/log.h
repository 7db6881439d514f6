/* SPDX-License-Identifier: MIT */
/* The monitor's commands for the machine's log. They are rows of the table in monitor.c. */
#ifndef FRONTENDS_MONITOR_LOG_H
#define FRONTENDS_MONITOR_LOG_H

#include <stdio.h>

struct monitor;

void monitor_log(struct monitor *monitor, char **words, FILE *out);
void monitor_logfile(struct monitor *monitor, char **words, FILE *out);

#endif
