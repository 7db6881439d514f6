/* SPDX-License-Identifier: MIT */
/*
 * Snapshots of the machine: rows of the monitor's tables (monitor.c), and the same functions for
 * QMP.
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
 * Save, load or delete a snapshot. Returns 0, or -1 with *error; an empty list of devices is
 * refused. A running machine is stopped for as long as it takes; after a load that has failed it
 * stays stopped.
 */
int monitor_save(struct monitor *monitor, const struct board_snapshot_request *request,
		 struct board_error *error);
int monitor_load(struct monitor *monitor, const struct board_snapshot_request *request,
		 struct board_error *error);
int monitor_delete(struct monitor *monitor, const struct board_snapshot_request *request,
		   struct board_error *error);

/* -loadvm: called before anything runs; a NULL tag does nothing. Returns an exit code, with a line
 * on stderr. */
int monitor_load_first(struct monitor *monitor, const char *tag);

#endif
