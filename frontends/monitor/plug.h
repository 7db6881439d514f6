/* SPDX-License-Identifier: MIT */
/*
 * Adds and removes devices while the machine runs: device_add and device_del, of the monitor and of
 * QMP.
 */
#ifndef FRONTENDS_MONITOR_PLUG_H
#define FRONTENDS_MONITOR_PLUG_H

#include <stdio.h>

#define PLUG_ID_MAX 64
#define PLUG_GONE_MAX 32 /* as many as a machine has devices */

struct board;
struct board_error;
struct monitor;

/* Devices that were removed: the n-th is ids[n % PLUG_GONE_MAX], empty if it had no id. */
struct plug_log {
	unsigned count; /* only grows */
	char ids[PLUG_GONE_MAX][PLUG_ID_MAX];
};

/* From now on removed devices are logged; the log outlives the board's run. */
void plug_watch(struct board *board, struct plug_log *log);

/* Adds a device; `text` has the syntax of -device. Returns 0, or -errno with *error. */
int plug_device(struct board *board, const char *text, struct board_error *error);

/* The monitor's commands. */
void monitor_device_add(struct monitor *monitor, char **words, FILE *out);
void monitor_device_del(struct monitor *monitor, char **words, FILE *out);

#endif
