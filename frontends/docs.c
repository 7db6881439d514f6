/* SPDX-License-Identifier: MIT */
/*
 * A program for the build: it prints the manual page from the tables of options and commands, or
 * the table of extensions in docs/extensions.md.
 */
#include <stdio.h>
#include <string.h>

#include "bus/output.h"
#include "frontends/cli/options.h"
#include "frontends/gdb/gdb.h"
#include "frontends/monitor/monitor.h"
#include "frontends/qmp/qmp.h"
#include "frontends/version.h"

static const struct options_list lists[] = {
	{ "MONITOR",
	  "Commands about the running machine, typed behind Ctrl-a c, at the socket of -monitor, as "
	  "monitor COMMAND in GDB, or sent as QMP's human-monitor-command. FMT is a count, one of "
	  "x d u o c i, one of b h w g. ADDR is an expression, as $pc+4.",
	  monitor_list },
	{ "DEBUGGER", "In GDB, monitor also has commands about the debugger itself.",
	  gdb_monitor_list },
	{ "QMP",
	  "Commands of -qmp, in QEMU's words and with its meaning; query-qmp-schema tells the types "
	  "of their arguments.",
	  qmp_list },
};

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "man")) {
		options_print_man(stdout, &(struct options_man){ .version = program_version,
								 .date = program_date,
								 .lists = lists,
								 .count = ARRAY_SIZE(lists) });
	} else if (argc == 2 && !strcmp(argv[1], "extensions")) {
		board_cpu_table(stdout);
	} else {
		fprintf(stderr, "usage: baya-docs man|extensions\n");
		return 2;
	}
	return output_failed(stdout) ? 1 : 0;
}
