/* SPDX-License-Identifier: MIT */
/* Devices that come and go while the machine runs: device_add and device_del, whoever says them. */
#ifndef FRONTENDS_MONITOR_PLUG_H
#define FRONTENDS_MONITOR_PLUG_H

#include <stdio.h>

#define PLUG_ID_MAX 64
#define PLUG_GONE_MAX 32 /* as many as a machine has devices */

struct board;
struct board_error;
struct monitor;

/* Devices that have gone: the n-th is ids[n % PLUG_GONE_MAX], empty if it had no id. */
struct plug_log {
	unsigned count; /* only grows */
	char ids[PLUG_GONE_MAX][PLUG_ID_MAX];
};

/* From now on it is kept; the log outlives the board's run. */
void plug_watch(struct board *board, struct plug_log *log);

/* What -device would be given. 0, or -errno with *error. */
int plug_device(struct board *board, const char *text, struct board_error *error);

/* The monitor's commands. */
void monitor_device_add(struct monitor *monitor, char **words, FILE *out);
void monitor_device_del(struct monitor *monitor, char **words, FILE *out);

#endif
