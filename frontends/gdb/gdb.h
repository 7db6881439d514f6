/* SPDX-License-Identifier: MIT */
/*
 * A debugger at a socket: GDB's remote serial protocol ("Debugging with GDB", appendix E). Harts
 * are threads. There is one client at a time; when it goes, for whatever reason, the machine goes
 * on as if it had never been there.
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
 * Lets clients connect to the place, which is borrowed. Monitor commands go to `monitor`, which is
 * borrowed. Returns 0, or -errno with *error.
 */
int gdb_open(struct gdb **gdb, struct board *board, const struct monitor *monitor,
	     const struct link_place *place, struct board_error *error);

/*
 * Tells a client that the machine ended with this code (exit_code.h), if it did. NULL is accepted.
 */
#define GDB_RUNS_ON (-1)
void gdb_close(struct gdb *gdb, int code);

/* Returns a descriptor that is readable when gdb_poll has something to do. */
int gdb_descriptor(const struct gdb *gdb);

/* Does what the client asks for. Never blocks. */
void gdb_poll(struct gdb *gdb);

/* Returns whether no hart may run, because the client examines the machine. */
bool gdb_halted(const struct gdb *gdb);

bool gdb_connected(const struct gdb *gdb);

/* board_run has returned BOARD_STOPPED. */
void gdb_stopped(struct gdb *gdb);

/* No hart can ever run again. Returns true if a client was told, which can now find out why. */
bool gdb_dead(struct gdb *gdb);

/* The machine was reset or its state loaded: why its harts had stopped no longer holds. */
void gdb_renewed(struct gdb *gdb);

/* Something else has stopped the machine: a client that is waiting for a stop is told. */
void gdb_halt(struct gdb *gdb);

/* The client's requests to the run loop; each is returned once. */
bool gdb_take_reset(struct gdb *gdb);
/* Returns true when the client has connected or continues the machine: from then on it decides what
 * runs, whatever had stopped the machine. */
bool gdb_take_control(struct gdb *gdb);
bool gdb_quit(const struct gdb *gdb);

/* Calls `tell` for each command that a debugger's `monitor` has besides those of Baya's monitor. */
void gdb_monitor_tell(void (*tell)(void *ctx, const char *usage, const char *help), void *ctx);

#endif
