/* SPDX-License-Identifier: MIT */
/* The monitor's commands about ports, and about other places on the host: rows of its tables
 * (monitor.c). */
#ifndef FRONTENDS_MONITOR_CHARDEV_H
#define FRONTENDS_MONITOR_CHARDEV_H

#include <stdio.h>

struct monitor;

void monitor_info_chardev(struct monitor *monitor, char **words, FILE *out);
void monitor_chardev_send_break(struct monitor *monitor, char **words, FILE *out);

#endif
