/* SPDX-License-Identifier: MIT */
/* Stops a running machine when a disk fails, if that was requested, and reports the failure. */
#ifndef FRONTENDS_QMP_DISK_ERROR_H
#define FRONTENDS_QMP_DISK_ERROR_H

struct board;
struct qmp_machine;

/* Makes disk errors stop the machine's monitor and reports them to its QMP clients, from now on. */
void disk_error_watch(struct board *board, struct qmp_machine *machine);

/* Undoes that. Called before `machine` is freed, because the board exists longer. */
void disk_error_forget(struct board *board);

#endif
