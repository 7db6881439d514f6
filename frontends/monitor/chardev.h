/* SPDX-License-Identifier: MIT */
/* The monitor's command about places on the host: a row of its table (monitor.c). */
#ifndef FRONTENDS_MONITOR_CHARDEV_H
#define FRONTENDS_MONITOR_CHARDEV_H

#include <stdio.h>

struct monitor;

void monitor_chardev(struct monitor *monitor, char **words, FILE *out);

#endif
