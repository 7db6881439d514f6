/* SPDX-License-Identifier: MIT */
/* The monitor's commands for networks. They are rows of the table in monitor.c. */
#ifndef FRONTENDS_MONITOR_NET_H
#define FRONTENDS_MONITOR_NET_H

#include <stdio.h>

struct monitor;

void monitor_network(struct monitor *monitor, char **words, FILE *out);
void monitor_set_link(struct monitor *monitor, char **words, FILE *out);
void monitor_hostfwd_add(struct monitor *monitor, char **words, FILE *out);
void monitor_hostfwd_remove(struct monitor *monitor, char **words, FILE *out);

#endif
