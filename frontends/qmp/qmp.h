/* SPDX-License-Identifier: MIT */
/*
 * A program that controls the machine: QEMU's machine protocol (docs/interop/qmp-spec.txt), a
 * subset of its commands. What a command does to the machine is what the monitor's command of
 * that name does. One client at a time, which is never waited for; others wait for their turn.
 */
#ifndef FRONTENDS_QMP_QMP_H
#define FRONTENDS_QMP_QMP_H

#include "bus/base.h"

struct board_disk_error;
struct board_error;
struct link_place;
struct monitor;
struct plug_log;
struct qmp;
struct qmp_job;

/* How a run ended, or would have: words of QEMU's ShutdownCause. */
struct qmp_end {
	bool by_guest;
	const char *reason;
};

/* What of the machine is told as it changes. Counters only grow. */
struct qmp_state {
	const char *status; /* as query-status says it */
	bool running;
	bool reset_by_guest; /* the last one */
	unsigned resets, shutdowns, power_keys, panics; /* the second: that it has outlived */
	struct qmp_end shutdown; /* the last of them */
	const char *panic_action; /* what is done of the last guest that panicked; QEMU's word */
	unsigned pauses; /* short ones: it was running before and is after */
};

/* What clients of one machine share; begins as zeroes, and is empty when the last is closed. */
struct qmp_shared {
	struct qmp *clients;
	struct qmp_job *jobs;
};

/* All borrowed. */
struct qmp_machine {
	struct monitor *monitor; /* the run's own: what it is told the run loop does */
	struct qmp_shared *shared;
	const char *name; /* NULL: none */
	const u8 *uuid; /* 16 bytes; NULL: zeros */
	const struct plug_log *gone; /* devices */
	void (*state)(void *ctx, struct qmp_state *state);
	void *ctx;
};

/* Talk to who comes to the place. 0, or -errno with *error. */
int qmp_open(struct qmp **qmp, const struct qmp_machine *machine, const struct link_place *place,
	     struct board_error *error);

/* A client hears of the end. NULL is accepted. */
void qmp_close(struct qmp *qmp, const struct qmp_end *end);

/* Each command with its arguments, optional ones in brackets; what it does is QEMU's to say: "". */
void qmp_tell(void (*tell)(void *ctx, const char *usage, const char *help), void *ctx);

/* Readable when qmp_poll has something to do. */
int qmp_descriptor(const struct qmp *qmp);

/* Tell what has happened, do what the client asks for. Never blocks. */
void qmp_poll(struct qmp *qmp);

/* The event of an operation of a disk that has failed. */
void qmp_tell_disk_error(const struct qmp_machine *machine, const struct board_disk_error *error);

/* Behind the polls of all who control the machine: what one of them did the others hear. */
void qmp_settle(struct qmp *qmp);

#endif
