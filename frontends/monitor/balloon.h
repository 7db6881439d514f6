/* SPDX-License-Identifier: MIT */
/* The monitor's commands about the memory balloon: rows of its tables (monitor.c). */
#ifndef FRONTENDS_MONITOR_BALLOON_H
#define FRONTENDS_MONITOR_BALLOON_H

#include <stdio.h>

struct monitor;

void monitor_balloon(struct monitor *monitor, char **words, FILE *out);
void monitor_info_balloon(struct monitor *monitor, char **words, FILE *out);

#endif
