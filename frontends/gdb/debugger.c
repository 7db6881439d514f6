/* SPDX-License-Identifier: MIT */
/* See debugger.h. */
#include "frontends/gdb/debugger.h"

#include <errno.h>
#include <string.h>

#include "devices/board/board.h"
#include "devices/board/inspect/debug.h"
#include "frontends/chardev/terminal.h"
#include "frontends/cli/machine/links.h"
#include "frontends/gdb/gdb.h"
#include "frontends/monitor/monitor.h"

int debugger_open(struct debugger *debugger, const struct link_place *place,
		  struct board_error *error)
{
	int failed;

	debugger->place = *place;
	failed = gdb_open(&debugger->gdb, debugger->board, debugger->monitor, &debugger->place,
			  error);
	if (!failed)
		terminal_also(debugger->terminal, gdb_descriptor(debugger->gdb));
	return failed;
}

void debugger_close(struct debugger *debugger, int code)
{
	if (debugger->gdb) {
		terminal_no_more(debugger->terminal, gdb_descriptor(debugger->gdb));
		gdb_close(debugger->gdb, code);
	}
	debugger->gdb = NULL;
	strings_free(&debugger->strings);
}

/* Starts or ends the server for GDB, and prints the same text as QEMU. Without an argument the
 * place is that of -s. */
void monitor_gdbserver(struct monitor *monitor, char **words, FILE *out)
{
	const char *text = words[1] ? words[1] : "tcp::1234";
	struct debugger *debugger = monitor->debugger;
	struct strings strings = { 0 };
	struct link_place place;
	struct board_error error;

	if (!debugger) {
		fprintf(out, "gdbserver: cannot be used from a debugger\n");
		return;
	}
	if (!strcmp(text, "none")) {
		debugger_close(debugger, GDB_RUNS_ON);
		fprintf(out, "Disabled gdbserver\n");
		return;
	}
	if (options_gdb(text, &strings, &place, &error)) {
		fprintf(out, "gdbserver: %s\n", error.text);
		strings_free(&strings);
		return;
	}
	debugger_close(debugger, GDB_RUNS_ON);
	if (board_debug(debugger->board, true) == -EBUSY) {
		fprintf(out, "gdbserver: a machine that is compared cannot be debugged\n");
		strings_free(&strings);
		return;
	}
	board_debug(debugger->board, false);
	debugger->strings = strings;
	if (debugger_open(debugger, &place, &error))
		fprintf(out, "gdbserver: %s\n", error.text);
	else
		fprintf(out, "Waiting for gdb connection on device '%s'\n", text);
}
