/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of the machine: commands of the monitor, which are rows of the tables in monitor.c, and
 * functions that these share with QMP.
 */
#ifndef FRONTENDS_MONITOR_SNAPSHOT_H
#define FRONTENDS_MONITOR_SNAPSHOT_H

#include <stdio.h>

struct board_error;
struct board_snapshot_request;
struct monitor;

void monitor_savevm(struct monitor *monitor, char **words, FILE *out);
void monitor_loadvm(struct monitor *monitor, char **words, FILE *out);
void monitor_delvm(struct monitor *monitor, char **words, FILE *out);
void monitor_snapshots(struct monitor *monitor, char **words, FILE *out);

/*
 * Save, load or delete a snapshot. Return 0, or -1 with *error; an empty list of devices is an
 * error. A running machine is stopped while this is done; after a failed load it stays stopped.
 */
int monitor_save(struct monitor *monitor, const struct board_snapshot_request *request,
		 struct board_error *error);
int monitor_load(struct monitor *monitor, const struct board_snapshot_request *request,
		 struct board_error *error);
int monitor_delete(struct monitor *monitor, const struct board_snapshot_request *request,
		   struct board_error *error);

/*
 * Loads the snapshot `tag`, for -loadvm; does nothing if `tag` is NULL. Called before the machine
 * runs. Returns an exit code, after printing an error on stderr if there was one.
 */
int monitor_load_first(struct monitor *monitor, const char *tag);

#endif
