/* SPDX-License-Identifier: MIT */
/* Implements log and logfile: what the machine logs while it runs, and where. */
#include "frontends/monitor/log.h"

#include <string.h>

#include "bus/log.h"
#include "devices/board/inspect/logging.h"
#include "frontends/monitor/monitor.h"

static void list_items(FILE *out)
{
	fprintf(out, "%-14s %s\n", "none", "nothing at all");
	log_help(out);
}

void monitor_log(struct monitor *monitor, char **words, FILE *out)
{
	const char *list = words[1], *bad = NULL;
	unsigned items = 0;

	if (!list || !strcmp(list, "help")) {
		list_items(out);
		return;
	}
	if (strcmp(list, "none"))
		items = log_parse(list, &bad);
	if (bad) {
		fprintf(out, "log: no item '%.*s' (log help lists all)\n", (int)strcspn(bad, ","),
			bad);
		return;
	}
	bad = board_log_items(monitor->board, items);
	if (bad)
		fprintf(out, "log: %s cannot be logged from now on; give -d %s at the start%s\n",
			bad, bad, strcmp(bad, "strict") ? ", without --compare" : "");
}

void monitor_logfile(struct monitor *monitor, char **words, FILE *out)
{
	struct board_log_end before;
	int failed;

	if (!words[1]) {
		fprintf(out, "logfile: give a file\n");
		return;
	}
	failed = board_log_file(monitor->board, words[1], &before);
	if (failed)
		fprintf(out, "logfile: %s: %s\n", words[1], strerror(-failed));
	if (before.failed)
		fprintf(out, "logfile: not all of %s was written: %s\n", before.path,
			strerror(-before.failed));
}
