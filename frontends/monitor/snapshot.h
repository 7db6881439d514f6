/* SPDX-License-Identifier: MIT */
/* Snapshots of the machine: rows of the monitor's tables (monitor.c), and what QMP does alike. */
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
 * 0, or -1 with *error; `devices` without any is refused. A machine that runs is stopped for that
 * long; by a load that fails, for good.
 */
int monitor_save(struct monitor *monitor, const struct board_snapshot_request *request,
		 struct board_error *error);
int monitor_load(struct monitor *monitor, const struct board_snapshot_request *request,
		 struct board_error *error);
int monitor_delete(struct monitor *monitor, const struct board_snapshot_request *request,
		   struct board_error *error);

/* -loadvm, before anything runs; NULL: it is not given. An exit code, with a line on stderr. */
int monitor_load_first(struct monitor *monitor, const char *tag);

#endif
