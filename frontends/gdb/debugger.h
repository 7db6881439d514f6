/* SPDX-License-Identifier: MIT */
/*
 * Opens and closes the place where a debugger can connect: the one that -gdb names, or one that the
 * monitor's command gdbserver sets while the machine runs.
 */
#ifndef FRONTENDS_GDB_DEBUGGER_H
#define FRONTENDS_GDB_DEBUGGER_H

#include <stdio.h>

#include "frontends/host/keyval.h"
#include "frontends/net/link_place.h"

struct board;
struct board_error;
struct gdb;
struct monitor;
struct terminal;

struct debugger {
	struct board *board; /* all pointers but `gdb` are borrowed */
	struct monitor *monitor;
	struct terminal *terminal; /* it wakes also when the debugger sends something */
	struct gdb *gdb; /* NULL: no debugger can connect */
	struct link_place place;
	struct strings strings; /* owns the strings of a place that gdbserver has set */
};

/* Lets a debugger connect to the place, whose strings are borrowed. Returns 0, or -errno with
 * *error. */
int debugger_open(struct debugger *debugger, const struct link_place *place,
		  struct board_error *error);

/* Closes the place. A connected debugger is told the end of the machine as by gdb_close. */
void debugger_close(struct debugger *debugger, int code);

/* Implements the monitor's command gdbserver. */
void monitor_gdbserver(struct monitor *monitor, char **words, FILE *out);

#endif
