/* SPDX-License-Identifier: MIT */
/* Where a debugger may come, if anywhere: as -gdb says, and the monitor's gdbserver as it runs. */
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
	struct board *board; /* all borrowed */
	struct monitor *monitor;
	struct terminal *terminal; /* wakes for it, too */
	struct gdb *gdb; /* NULL: none can come */
	struct link_place place;
	struct strings strings; /* of the place */
};

/* Let one come to the place, whose strings are borrowed. 0, or -errno with *error. */
int debugger_open(struct debugger *debugger, const struct link_place *place,
		  struct board_error *error);

/* None can come any more; one that is there is told as gdb_close does. */
void debugger_close(struct debugger *debugger, int code);

/* The monitor's command. */
void monitor_gdbserver(struct monitor *monitor, char **words, FILE *out);

#endif
