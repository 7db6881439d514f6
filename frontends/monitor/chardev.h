/* SPDX-License-Identifier: MIT */
/*
 * The monitor's commands for serial ports and the host's ends of them. They are rows of the tables
 * in monitor.c.
 */
#ifndef FRONTENDS_MONITOR_CHARDEV_H
#define FRONTENDS_MONITOR_CHARDEV_H

#include <stdio.h>

struct monitor;

void monitor_info_chardev(struct monitor *monitor, char **words, FILE *out);
void monitor_chardev_send_break(struct monitor *monitor, char **words, FILE *out);

#endif
