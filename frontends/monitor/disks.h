/* SPDX-License-Identifier: MIT */
/* The monitor's commands that modify disks. They are rows of the table in monitor.c. */
#ifndef FRONTENDS_MONITOR_DISKS_H
#define FRONTENDS_MONITOR_DISKS_H

#include <stdio.h>

struct monitor;

void monitor_commit(struct monitor *monitor, char **words, FILE *out);
void monitor_block_resize(struct monitor *monitor, char **words, FILE *out);

#endif
