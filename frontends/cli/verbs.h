/* SPDX-License-Identifier: MIT */
/*
 * The words with which the command line can begin, and the options of `baya test`, `baya explain`
 * and `baya cycles`, except for those of the program or machine to run.
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
	const char *name; /* NULL: this is COMMAND_NONE */
	/* How to complete the next word, other than by options; written as option->complete. */
	const char *words;
};

extern const struct options_command options_commands[COMMAND_NONE + 1];

/* Returns which of the words argv[1] is. */
enum command_word options_command(int argc, char **argv);

/* The options of `baya test`. */
struct suite_options {
	const char **paths; /* files and folders with tests */
	unsigned path_count;
	const char *filter; /* a pattern for the names of files; NULL: all */
	/* The number of tests that run at the same time; 0: one for each of the host's CPUs. */
	u64 jobs;
	bool every_engine;
	bool tap;
	const char *junit; /* the file for a report in JUnit's format; NULL: none */
};

/* The options of `baya explain`, except for those of the program or machine to run. */
struct explain_options {
	u64 hart, trap; /* trap: the number of the trap to explain; 0: none */
	bool has_hart; /* `hart` was given; otherwise all harts are explained */
};

/* The options of `baya cycles`, except for those of the program or machine to run. */
struct cycles_options {
	const char *against; /* a table of measured cycles, in which case the program is a folder */
	/* Limits of the error in percent: of each record, and of the mean. */
	double max_error, max_mean;
	const char *json; /* a file, or "-" for standard output instead of the text; NULL: none */
	const char *html; /* a file for the HTML page; NULL: none */
	bool fit; /* find which parameters of the core explain the errors */
	const char *only; /* a shell pattern for programs of the table; NULL: all */
};

#endif
