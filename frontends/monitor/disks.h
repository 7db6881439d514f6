/* SPDX-License-Identifier: MIT */
/* The monitor's command that changes a disk: a row of its table (monitor.c). */
#ifndef FRONTENDS_MONITOR_DISKS_H
#define FRONTENDS_MONITOR_DISKS_H

#include <stdio.h>

struct monitor;

void monitor_block_resize(struct monitor *monitor, char **words, FILE *out);

#endif
