/* SPDX-License-Identifier: MIT */
/*
 * A debugger at a socket: GDB's remote serial protocol ("Debugging with GDB", appendix E). Harts
 * are threads. One client at a time; when it goes, however it does, the machine goes on as if it
 * had never been there.
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
 * Talk to who comes to the place, which is borrowed. Monitor commands go to `monitor`, which
 * is borrowed. 0, or -errno with *error.
 */
int gdb_open(struct gdb **gdb, struct board *board, const struct monitor *monitor,
	     const struct link_place *place, struct board_error *error);

/* A client hears that the machine ended with this code, if it has. NULL is accepted. */
#define GDB_RUNS_ON (-1)
void gdb_close(struct gdb *gdb, int code);

/* Readable when gdb_poll has something to do. */
int gdb_descriptor(const struct gdb *gdb);

/* Do what the client asks for. Never blocks. */
void gdb_poll(struct gdb *gdb);

/* No hart is to run: the client looks at the machine. */
bool gdb_halted(const struct gdb *gdb);

bool gdb_connected(const struct gdb *gdb);

/* board_run said BOARD_STOPPED. */
void gdb_stopped(struct gdb *gdb);

/* No hart can ever run again: true when a client is told so and looks at why. */
bool gdb_dead(struct gdb *gdb);

/* Something else has stopped the machine: a client that lets it run is told. */
void gdb_halt(struct gdb *gdb);

/* What the client asked for and the run loop does; asked for once. */
bool gdb_take_reset(struct gdb *gdb);
/* From here on it says who runs, whatever had stopped the machine: it has come, or goes on. */
bool gdb_take_control(struct gdb *gdb);
bool gdb_quit(const struct gdb *gdb);

/* Each command that `monitor` of a debugger has besides those of Baya's monitor. */
void gdb_monitor_tell(void (*tell)(void *ctx, const char *usage, const char *help), void *ctx);

#endif
