/* SPDX-License-Identifier: MIT */
/*
 * The words that the command line can begin with, and the options of `baya test`, `baya explain`
 * and `baya cycles`, besides the program or machine to run.
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
	COMMAND_NONE, /* the command line begins with an option or a program */
};

struct options_command {
	const char *name; /* NULL: COMMAND_NONE's */
	const char *words; /* words that can follow, besides options, written as option->complete */
};

extern const struct options_command options_commands[COMMAND_NONE + 1];

/* Returns which word argv[1] is. */
enum command_word options_command(int argc, char **argv);

/* The options of `baya test`. */
struct suite_options {
	const char **paths; /* files and folders */
	unsigned path_count;
	const char *filter; /* a pattern for the names of files; NULL: all */
	u64 jobs; /* tests at once; 0: one for each of the host's CPUs */
	bool every_engine;
	bool tap;
	const char *junit; /* NULL: none */
};

/* The options of `baya explain`, besides the program or machine to run. */
struct explain_options {
	u64 hart, trap; /* trap 0: none */
	bool has_hart; /* a hart was given; else all are meant */
};

/* The options of `baya cycles`, besides the program or machine to run. */
struct cycles_options {
	const char *against; /* a table of measured cycles; the program is a folder then */
	double max_error, max_mean; /* percent: of one record, and the mean of all */
	const char *json; /* a file, or "-" for standard output in place of the text; NULL: none */
	const char *html; /* a file for the page; NULL: none */
	bool fit; /* find the parameters of the core that the errors point at */
	const char *only; /* a shell pattern for programs of the table; NULL: all */
};

#endif
