/* SPDX-License-Identifier: MIT */
/* The monitor's commands for the memory balloon. They are rows of the tables in monitor.c. */
#ifndef FRONTENDS_MONITOR_BALLOON_H
#define FRONTENDS_MONITOR_BALLOON_H

#include <stdio.h>

struct monitor;

void monitor_balloon(struct monitor *monitor, char **words, FILE *out);
void monitor_info_balloon(struct monitor *monitor, char **words, FILE *out);

#endif
