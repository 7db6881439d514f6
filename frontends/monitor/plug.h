/* SPDX-License-Identifier: MIT */
/*
 * Adds and removes devices while the machine runs: device_add and device_del of the monitor and of
 * QMP.
 */
#ifndef FRONTENDS_MONITOR_PLUG_H
#define FRONTENDS_MONITOR_PLUG_H

#include <stdio.h>

#define PLUG_ID_MAX 64
#define PLUG_GONE_MAX 32 /* the most devices that a machine can have */

struct board;
struct board_error;
struct monitor;

/*
 * A log of removed devices. The id of the n-th is ids[n % PLUG_GONE_MAX]; it is empty if the device
 * had none.
 */
struct plug_log {
	unsigned count; /* the number of devices removed so far */
	char ids[PLUG_GONE_MAX][PLUG_ID_MAX];
};

/*
 * Makes the board log its removed devices from now on. The log must exist as long as the board
 * runs.
 */
void plug_watch(struct board *board, struct plug_log *log);

/* Adds a device; `text` has the syntax of -device. Returns 0, or -errno with *error. */
int plug_device(struct board *board, const char *text, struct board_error *error);

/* Implement the monitor's commands. */
void monitor_device_add(struct monitor *monitor, char **words, FILE *out);
void monitor_device_del(struct monitor *monitor, char **words, FILE *out);

#endif
