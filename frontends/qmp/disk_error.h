/* SPDX-License-Identifier: MIT */
/* Disks of a machine that runs and fail: the machine is stopped where that is asked for. */
#ifndef FRONTENDS_QMP_DISK_ERROR_H
#define FRONTENDS_QMP_DISK_ERROR_H

struct board;
struct qmp_machine;

/* From now on; the machine's monitor is stopped and its clients of QMP are told. */
void disk_error_watch(struct board *board, struct qmp_machine *machine);

/* The machine is about to go: the board outlives it. */
void disk_error_forget(struct board *board);

#endif
