/* SPDX-License-Identifier: MIT */
/*
 * A program that controls the machine by QEMU's machine protocol (docs/interop/qmp-spec.txt), with
 * a subset of its commands. A command does to the machine what the monitor's command of that name
 * does. There is one client at a time at each place, and Baya never waits for it; others wait for
 * their turn.
 */
#ifndef FRONTENDS_QMP_QMP_H
#define FRONTENDS_QMP_QMP_H

#include "bus/base.h"

struct board_disk_error;
struct board_error;
struct end_actions;
struct link_place;
struct monitor;
struct plug_log;
struct qmp;
struct qmp_job;

/* How a run ended, or would have ended: words of QEMU's ShutdownCause. */
struct qmp_end {
	bool by_guest;
	const char *reason;
};

/* The machine's state, whose changes are reported. Counters only grow. */
struct qmp_state {
	const char *status; /* as query-status names it */
	bool ended; /* the run is over, but for output that waits for its readers */
	bool running;
	bool reset_by_guest; /* by whom the last reset was made */
	/* Shutdowns: those that the machine has outlived. */
	unsigned resets, shutdowns, power_keys, panics;
	struct qmp_end shutdown; /* the last of them, or the run's end */
	/* The action that is taken about the last guest that panicked, in QEMU's word. */
	const char *panic_action;
	unsigned pauses; /* how often it was stopped for a short time and then went on */
};

/* The data that all clients of one machine share; it begins as zeros, and is empty when the last
 * client is closed. */
struct qmp_shared {
	struct qmp *clients;
	struct qmp_job *jobs;
	/* The last dump-guest-memory, for query-dump. */
	const char *dump; /* a word of QEMU's DumpStatus; NULL: there was none */
	u64 dump_size, dump_done; /* bytes to be written, and written */
};

/* All pointers are borrowed. */
struct qmp_machine {
	struct monitor *monitor; /* the run's own, so the run loop sees what commands change */
	struct qmp_shared *shared;
	const struct plug_log *gone; /* devices that were removed */
	struct end_actions *actions; /* what set-action changes */
	void (*state)(void *ctx, struct qmp_state *state);
	void *ctx;
};

/* Lets clients connect to the place. Returns 0, or -errno with *error. */
int qmp_open(struct qmp **qmp, const struct qmp_machine *machine, const struct link_place *place,
	     struct board_error *error);

/* Tells the client how the run ended and closes. NULL is accepted. */
void qmp_close(struct qmp *qmp, const struct qmp_end *end);

/* Calls `tell` for each command with its arguments, optional ones in brackets; the help is "",
 * since QEMU documents what it does. */
void qmp_tell(void (*tell)(void *ctx, const char *usage, const char *help), void *ctx);

/* Returns a descriptor that is readable when qmp_poll has something to do. */
int qmp_descriptor(const struct qmp *qmp);

/* Reports what has happened, and executes the client's commands. Never blocks. */
void qmp_poll(struct qmp *qmp);

/* Reports a failed operation of a disk as an event. */
void qmp_tell_disk_error(const struct qmp_machine *machine, const struct board_disk_error *error);

/* Called after all controlling clients were polled: reports to each what the others have
 * changed. */
void qmp_settle(struct qmp *qmp);

#endif
