/* SPDX-License-Identifier: MIT */
/*
 * The command line. One table (options_table.c) makes parsing, `-h`, the man page and the bash
 * completion. The result is a board's configuration plus what the frontends themselves need; all
 * of it is checked for sense here, except what only a look at files can tell.
 */
#ifndef FRONTENDS_OPTIONS_H
#define FRONTENDS_OPTIONS_H

#include <stdio.h>

#include "bus/base.h"
#include "devices/board.h"
#include "frontends/keyval.h"

enum options_action {
	ACTION_RUN,
	ACTION_HELP,
	ACTION_VERSION,
	ACTION_MACHINE_HELP,
	ACTION_CPU_HELP,
	ACTION_DEVICE_HELP,
	ACTION_LOG_HELP,
};

/* The host's end of a console. */
enum port_kind { PORT_UNSET, PORT_NULL, PORT_STDIO, PORT_FILE };

struct port {
	enum port_kind kind;
	const char *path; /* PORT_FILE */
};

struct options {
	enum options_action action;
	struct board_config board; /* log_file is for the caller to open from `log_file` below */
	bool bundled; /* no kernel, firmware or program was named: boot the bundled guest */
	struct port serial, virtcon;
	bool monitor; /* reachable on standard input and output */
	bool monitor_first; /* the keyboard is the monitor's at the start */
	bool escapes; /* Ctrl-a commands */
	bool signal_keys; /* Ctrl-c and its like are signals, not bytes for the guest */
	u64 escape_char; /* 1..31 */
	const char *dumpdtb; /* NULL: none */
	const char *log_file; /* NULL: stderr */
	bool no_reboot;
	u64 max_insns; /* UINT64_MAX: none */
	double timeout; /* seconds of host time; 0: none */
	bool stats, state_hash;
	struct strings strings; /* what board and the rest borrow, besides argv */
};

/* 0, or -EINVAL with one clear line in *error; argv must outlive options. Free in either case. */
int options_parse(struct options *options, int argc, char **argv, struct board_error *error);
void options_free(struct options *options);

/* What an action prints, for all actions but ACTION_RUN. */
void options_print(enum options_action action, FILE *out);

/* The manual page in roff, and the completion of bash. */
void options_print_man(FILE *out);
void options_print_completion(FILE *out);

#endif
