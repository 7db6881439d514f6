/* SPDX-License-Identifier: MIT */
/*
 * The command line. One table (cli/table.c) defines how options are parsed, `-h`, the manual page,
 * and completion. The result is a board's configuration, and the settings of the frontends. All
 * values are checked here, except where files must be read for it.
 */
#ifndef FRONTENDS_CLI_OPTIONS_H
#define FRONTENDS_CLI_OPTIONS_H

#include <stdio.h>

#include "bus/base.h"
#include "devices/board/board.h"
#include "frontends/audio/audio.h"
#include "frontends/chardev/port_options.h"
#include "frontends/cli/verbs.h"
#include "frontends/display/options.h"
#include "frontends/host/keyval.h"
#include "frontends/net/link_place.h"
#include "frontends/net/options.h"
#include "frontends/host/process_options.h"
#include "frontends/host/replay_options.h"

struct option; /* a row of cli/table.h */

enum options_action {
	ACTION_RUN,
	ACTION_HELP,
	ACTION_TEST_HELP,
	ACTION_EXPLAIN_HELP,
	ACTION_CYCLES_HELP,
	ACTION_COMMAND_HELP,
	ACTION_DEBIAN_HELP,
	ACTION_VERSION,
	ACTION_MACHINE_HELP,
	ACTION_CPU_HELP,
	ACTION_DEVICE_HELP,
	ACTION_DRIVER_HELP,
	ACTION_LOG_HELP,
	ACTION_FOLDERS_HELP,
};

/* The command that the line begins with (VERB_COMMAND is `baya run -- CMD...`). */
enum options_verb { VERB_RUN, VERB_TEST, VERB_EXPLAIN, VERB_CYCLES, VERB_COMMAND, VERB_DEBIAN };

/* Returns the words with which a command line with this verb begins, "baya test" for example. */
const char *options_verb_name(enum options_verb verb);

/* The value of --profile. */
struct profile_options {
	const char *path; /* NULL: none */
	const char *event; /* NULL: cycles */
	u64 period; /* events between two samples */
	unsigned format; /* enum profile_format */
};

#define SIGNATURE_DEFAULT 2 /* for 4 bytes, as plugins of riscof ask simulators for */
#define PIPEVIEW_DEFAULT 100000 /* about 15 MB */

struct options {
	enum options_action action;
	enum options_verb verb;
	const char *driver; /* for ACTION_DRIVER_HELP; NULL: the core board.timing */
	struct board_config board; /* the caller opens board.log_file, from `log_file` below */
	bool bundled; /* no kernel, firmware or program was named: boot the bundled guest */
	struct ports_options ports;
	struct net_options net;
	struct audio_options audio;
	struct display_options display;
	u64 ssh_port; /* the host's port that leads to the guest's ssh server; 0: not given */
	const char *name; /* -name; NULL: none */
	struct process_options process;
	const char *screenshot; /* NULL: none */
	bool monitor; /* the monitor is on standard input and output */
	bool monitor_first; /* the monitor has the keyboard at the start */
	bool escapes; /* escape_char begins a command */
	bool signal_keys; /* keys such as Ctrl-c cause signals, and no bytes for the guest */
	u64 escape_char; /* a control character, 1 to 31; by default Ctrl-a */
	const char *dumpdtb; /* NULL: none */
	const char *log_file; /* NULL: stderr */
	const char *commit_log; /* NULL: none; the caller opens board.commit_log */
	const char *jit_dump; /* NULL: none; the caller opens board.jit_dump */
	bool perf_map; /* the caller opens board.perf_map */
	struct link_place gdb; /* where GDB connects */
	struct link_place qmps[LINK_PLACES_MAX]; /* where programs connect that speak QMP */
	struct link_place monitors[LINK_PLACES_MAX]; /* where the monitor's users connect */
	unsigned qmp_count, monitor_count;
	bool gdb_default, frozen; /* -s, -S */
	const char *loadvm; /* NULL: nothing is loaded */
	bool snapshot; /* writes to disks are discarded at the end */
	u64 max_insns; /* UINT64_MAX: none */
	double timeout; /* seconds of host time; 0: none */
	bool stats, state_hash;
	const char *pipeview, *coverage; /* NULL: none */
	u64 pipeview_max; /* the most instructions that are recorded of each hart */
	struct profile_options profile;
	struct replay_options replay;
	const char *signature; /* NULL: none */
	unsigned signature_shift; /* the binary logarithm of the bytes in a line */
	struct suite_options suite;
	struct explain_options explain;
	struct cycles_options cycles;
	const char *warnings; /* lines for stderr about accepted options; NULL: none */
	struct strings strings; /* owns the strings that the other fields borrow, unless in argv */
};

/* Parses the command line, whose words must outlive *options. Returns 0, or -EINVAL with one line
 * in *error. Call options_free in either case. */
int options_parse(struct options *options, int argc, char **argv, struct board_error *error);

/* Parses the argument of the command device_add, which has the syntax of -device. The config
 * borrows from `strings`. Returns 0, or -errno with *error. */
int options_device(const char *text, struct strings *strings, struct device_config *config,
		   struct board_error *error);
void options_free(struct options *options);

/* Return whether a port uses the terminal, and whether a port shares the clipboard. */
bool options_terminal(const struct options *options);
bool options_clipboard(const struct options *options);

/* Prints the text of an action, except of those for which main.c does more. */
void options_print(enum options_action action, const char *version, FILE *out);
void options_print_driver(const char *name, FILE *out); /* ACTION_DRIVER_HELP */

/* Returns the option's dashes: "--" if it is Baya's own, "-" if it is QEMU's or has one letter. */
const char *option_dashes(const struct option *option);

/* Returns whether the value can be left out. If so, a value is only recognised after "=". */
bool option_is_optional(const struct option *option);

/* option_goes returns whether the option can be used with the verb. option_verb returns the only
 * verb that it can be used with, or VERB_RUN if it can be used with others too. */
bool option_goes(const struct option *option, enum options_verb verb);
enum options_verb option_verb(const struct option *option);

/* A list for the manual page. list_all calls `print` with each entry's syntax and help, or "". */
struct options_list {
	const char *title, *about;
	void (*list_all)(void (*print)(void *ctx, const char *usage, const char *help), void *ctx);
};

struct options_man {
	const char *version, *date; /* the date is YYYY-MM-DD, or "" */
	const struct options_list *lists;
	unsigned count;
};

void options_print_man(FILE *out, const struct options_man *man); /* in roff */

#endif
