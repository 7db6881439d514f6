/* SPDX-License-Identifier: MIT */
/*
 * The words that the command line can begin with; what `baya test`, `baya explain` and
 * `baya cycles` are told, besides what there is to run.
 */
#ifndef FRONTENDS_CLI_VERBS_H
#define FRONTENDS_CLI_VERBS_H

#include "bus/base.h"

enum command_word {
	COMMAND_RUN,
	COMMAND_GET,
	COMMAND_TEST,
	COMMAND_EXPLAIN,
	COMMAND_CYCLES,
	COMMAND_LOGDIFF,
	COMMAND_SCREENSHOT,
	COMMAND_RELAY,
	COMMAND_HELP,
	COMMAND_NONE, /* it begins with an option or a program */
};

struct options_command {
	const char *name; /* NULL: COMMAND_NONE's */
	const char *words; /* that can follow, besides options, as option->complete has them */
};

extern const struct options_command options_commands[COMMAND_NONE + 1];

/* What argv[1] is. */
enum command_word options_command(int argc, char **argv);

/* What `baya test` is told. */
struct suite_options {
	const char **paths; /* files and folders */
	unsigned path_count;
	const char *filter; /* a pattern for the names of files; NULL: all */
	u64 jobs; /* at once; 0: one for each of the host's CPUs */
	bool every_engine;
	bool tap;
	const char *junit; /* NULL: none */
};

/* What `baya explain` is told, besides what there is to run. */
struct explain_options {
	u64 hart, trap; /* trap 0: none */
	bool has_hart; /* else all */
};

/* What `baya cycles` is told, besides what there is to run. */
struct cycles_options {
	const char *against; /* a table of what a core took; the program is a folder then */
	double max_error, max_mean; /* percent: of a record, of all */
	const char *json; /* a file, or "-" for standard output in place of the text; NULL: none */
	const char *html; /* a file for the page; NULL: none */
	bool fit; /* which parameters of the core a table points at */
	const char *only; /* programs of the table, as a shell matches; NULL: all */
};

#endif
