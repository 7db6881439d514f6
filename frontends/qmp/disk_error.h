/* SPDX-License-Identifier: MIT */
/* Stops a running machine when a disk fails, if that was asked for, and reports the failure. */
#ifndef FRONTENDS_QMP_DISK_ERROR_H
#define FRONTENDS_QMP_DISK_ERROR_H

struct board;
struct qmp_machine;

/* From now on errors stop the machine's monitor and are reported to its QMP clients. */
void disk_error_watch(struct board *board, struct qmp_machine *machine);

/* The machine is about to be freed; the board outlives it. */
void disk_error_forget(struct board *board);

#endif
