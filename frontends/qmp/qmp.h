/* SPDX-License-Identifier: MIT */
/*
 * Serves programs that control the machine by the QEMU Machine Protocol
 * (docs/interop/qmp-spec.txt), with a subset of its commands. A command has the same effect as the
 * monitor's command of that name. Each place serves one client at a time; others wait for their
 * turn. Baya never waits for a client.
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

/* How a run ended, or would have ended without -no-shutdown, in terms of QEMU's ShutdownCause. */
struct qmp_end {
	bool by_guest;
	const char *reason;
};

/* The machine's state, as far as its changes are reported by events. Counters only grow. */
struct qmp_state {
	const char *status; /* as query-status names it */
	bool ended; /* the run is over, except that output waits for its readers */
	bool running;
	bool reset_by_guest; /* the last reset was requested by the guest */
	/* `shutdowns` are those after which the machine stayed. */
	unsigned resets, shutdowns, power_keys, panics;
	struct qmp_end shutdown; /* the last of these shutdowns, or the end of the run */
	/* The action that was taken when the guest last panicked, in QEMU's word. */
	const char *panic_action;
	unsigned pauses; /* the number of short stops, after which it continued */
};

/*
 * The data that all clients of a machine share. It starts as zeros, and is empty after the last
 * client has been closed.
 */
struct qmp_shared {
	struct qmp *clients;
	struct qmp_job *jobs;
	/* The last dump-guest-memory, for query-dump: */
	const char *dump; /* its state, a word of QEMU's DumpStatus; NULL: there was no dump */
	u64 dump_size, dump_done; /* the bytes to be written, and those written */
};

/* The machine that clients control. All pointers are borrowed. */
struct qmp_machine {
	/* The run loop's monitor, so the run loop sees the effects of commands. */
	struct monitor *monitor;
	struct qmp_shared *shared;
	const struct plug_log *gone; /* the log of removed devices */
	struct end_actions *actions; /* the actions that set-action changes */
	void (*state)(void *ctx, struct qmp_state *state);
	void *ctx;
};

/* Lets clients connect to the place. Returns 0, or -errno with *error. */
int qmp_open(struct qmp **qmp, const struct qmp_machine *machine, const struct link_place *place,
	     struct board_error *error);

/* Reports to the client how the run ended, closes the place and frees *qmp. NULL is accepted. */
void qmp_close(struct qmp *qmp, const struct qmp_end *end);

/*
 * Calls `print` for each command with its arguments, optional ones in brackets. The help text is
 * "", because QEMU documents the commands.
 */
void qmp_list(void (*print)(void *ctx, const char *usage, const char *help), void *ctx);

/* Returns a descriptor that is readable when qmp_poll has something to do. */
int qmp_descriptor(const struct qmp *qmp);

/* Accepts a client, reports events to it, and executes its commands. Never blocks. */
void qmp_poll(struct qmp *qmp);

/* Reports a disk's failed operation to all clients, by an event. */
void qmp_report_disk_error(const struct qmp_machine *machine, const struct board_disk_error *error);

/*
 * Reports to the client what other clients have changed. Called after all clients that control the
 * machine have been polled.
 */
void qmp_settle(struct qmp *qmp);

#endif
