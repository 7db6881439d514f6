/* SPDX-License-Identifier: MIT */
/*
 * The server of GDB's remote serial protocol ("Debugging with GDB", appendix E). A hart is a thread
 * of the protocol. There is one client at a time; when it leaves, for whatever reason, the machine
 * continues as if the client had never been there.
 */
#ifndef FRONTENDS_GDB_GDB_H
#define FRONTENDS_GDB_GDB_H

#include "bus/base.h"

struct board;
struct board_error;
struct gdb;
struct link_place;
struct monitor;

/*
 * Lets clients connect to the place. Their monitor commands are executed by a copy of `monitor`.
 * The place and the board are borrowed. Returns 0, or -errno with *error.
 */
int gdb_open(struct gdb **gdb, struct board *board, const struct monitor *monitor,
	     const struct link_place *place, struct board_error *error);

/*
 * Reports to a client that the machine has ended with this exit code (exit_code.h), unless the code
 * is GDB_RUNS_ON; closes the connection and frees *gdb. NULL is accepted.
 */
#define GDB_RUNS_ON (-1)
void gdb_close(struct gdb *gdb, int code);

/* Returns a descriptor that is readable when gdb_poll has something to do. */
int gdb_descriptor(const struct gdb *gdb);

/* Accepts clients and executes what the client has requested. Never blocks. */
void gdb_poll(struct gdb *gdb);

/* Returns whether no hart may run, because the client examines the machine. */
bool gdb_halted(const struct gdb *gdb);

bool gdb_connected(const struct gdb *gdb);

/* Reports the harts that have stopped. Called when board_run has returned BOARD_STOPPED. */
void gdb_stopped(struct gdb *gdb);

/*
 * Reports to a client that no hart can ever run again. Returns whether a client was told, which can
 * now look for the reason.
 */
bool gdb_dead(struct gdb *gdb);

/* Forgets why harts have stopped. Called when the machine was reset or a state was loaded. */
void gdb_renewed(struct gdb *gdb);

/*
 * Reports a stop to a client that waits for one. Called when something else has stopped the
 * machine.
 */
void gdb_halt(struct gdb *gdb);

/*
 * These report requests of the client to the run loop. gdb_take_reset returns once whether the
 * machine must be reset. gdb_take_control returns once that the client has connected or has
 * continued the machine: from then on the client decides what runs, whatever had stopped the
 * machine before. gdb_quit returns whether Baya must end.
 */
bool gdb_take_reset(struct gdb *gdb);
bool gdb_take_control(struct gdb *gdb);
bool gdb_quit(const struct gdb *gdb);

/*
 * Calls `print` for each command that a debugger's `monitor` has in addition to those of Baya's
 * monitor.
 */
void gdb_monitor_list(void (*print)(void *ctx, const char *usage, const char *help), void *ctx);

#endif
