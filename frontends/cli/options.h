/* SPDX-License-Identifier: MIT */
/*
 * The command line. One table (cli/table.c) makes parsing, `-h`, the man page and the
 * completion. The result is a board's configuration plus what the frontends themselves need; all
 * of it is checked for sense here, except what only a look at files can tell.
 */
#ifndef FRONTENDS_CLI_OPTIONS_H
#define FRONTENDS_CLI_OPTIONS_H

#include <stdio.h>

#include "bus/base.h"
#include "devices/board/board.h"
#include "frontends/audio/audio.h"
#include "frontends/chardev/port_options.h"
#include "frontends/cli/verbs.h"
#include "frontends/host/keyval.h"
#include "frontends/net/link_place.h"
#include "frontends/net/options.h"
#include "frontends/host/process_options.h"

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
};

/* What the first word asks for. */
enum options_verb { VERB_RUN, VERB_TEST, VERB_EXPLAIN, VERB_CYCLES, VERB_COMMAND, VERB_DEBIAN };

/* --profile */
struct profile_options {
	const char *path; /* NULL: none */
	const char *event; /* NULL: cycles */
	u64 period; /* events for a sample */
	unsigned format; /* enum profile_format */
};

/* -display */
enum display_kind { DISPLAY_NONE, DISPLAY_SDL, DISPLAY_VNC };

struct display_options {
	unsigned kind; /* enum display_kind */
	bool full_screen, integer; /* of windows */
	struct net_address vnc; /* where viewers come */
	struct net_address websocket; /* where browsers do; port NULL: nowhere */
	bool locked; /* to those without the password */
	const char *password; /* NULL: to be given by the monitor */
};

struct options {
	enum options_action action;
	enum options_verb verb;
	const char *driver; /* or option that ACTION_DRIVER_HELP lists; NULL: board.timing */
	struct board_config board; /* log_file is for the caller to open from `log_file` below */
	bool bundled; /* no kernel, firmware or program was named: boot the bundled guest */
	struct port serial;
	struct virtio_port virtio_ports[VIRTIO_PORTS_MAX];
	unsigned virtio_port_count;
	struct net_options net;
	struct audio_options audio;
	struct display_options display;
	u64 ssh_port; /* of the host, which leads to the guest's ssh; 0: none */
	const char *name; /* -name; NULL: none */
	struct process_options process;
	const char *screenshot; /* NULL: none */
	bool monitor; /* reachable on standard input and output */
	bool monitor_first; /* the keyboard is the monitor's at the start */
	bool escapes; /* Ctrl-a commands */
	bool signal_keys; /* Ctrl-c and its like are signals, not bytes for the guest */
	u64 escape_char; /* 1..31 */
	const char *dumpdtb; /* NULL: none */
	const char *log_file; /* NULL: stderr */
	const char *commit_log; /* NULL: none; board.commit_log is for the caller to open */
	struct link_place gdb; /* where a debugger comes */
	struct link_place qmps[LINK_PLACES_MAX]; /* and programs that speak QMP */
	unsigned qmp_count;
	struct link_place monitor_place; /* and who comes to the monitor */
	bool gdb_default, frozen; /* -s, -S */
	const char *loadvm; /* NULL: nothing is loaded */
	bool no_reboot;
	bool snapshot; /* of all disks */
	u64 max_insns; /* UINT64_MAX: none */
	double timeout; /* seconds of host time; 0: none */
	bool stats, state_hash;
	const char *pipeview; /* NULL: none */
	u64 pipeview_max; /* instructions */
	struct profile_options profile;
	const char *signature; /* NULL: none */
	u64 signature_granularity; /* bytes in a line */
	struct suite_options suite;
	struct explain_options explain;
	struct cycles_options cycles;
	const char *warnings; /* lines for stderr about what was accepted; NULL: none */
	struct strings strings; /* what board and the rest borrow, besides argv */
};

/* 0, or -EINVAL with one clear line in *error; argv must outlive options. Free in either case. */
int options_parse(struct options *options, int argc, char **argv, struct board_error *error);

/*
 * What device_add is told, as -device is: to a device that is added while the machine runs, which
 * borrows from strings. 0, or -errno with *error.
 */
int options_device(const char *text, struct strings *strings, struct device_config *config,
		   struct board_error *error);
void options_free(struct options *options);

/* Is a port in the terminal; does one have the clipboard? */
bool options_terminal(const struct options *options);
bool options_clipboard(const struct options *options);

/* What an action prints, for all actions but ACTION_RUN and the one below. */
void options_print(enum options_action action, FILE *out);
void options_print_driver(const char *name, FILE *out); /* ACTION_DRIVER_HELP */

/* "--" before what is ours, "-" before what is spelled as in QEMU or has one letter. */
const char *option_dashes(const struct option *option);

/* Can its value be left out? Then it is only taken behind "=". */
bool option_is_optional(const struct option *option);

/* Does the option go with the verb? The verb that it is for; VERB_RUN: not for one alone. */
bool option_goes(const struct option *option, enum options_verb verb);
enum options_verb option_verb(const struct option *option);

/* What the manual page lists besides options: each as it is written, what it does or nothing: "". */
struct options_list {
	const char *title, *about;
	void (*tell_all)(void (*tell)(void *ctx, const char *usage, const char *help), void *ctx);
};

/* The manual page in roff. */
void options_print_man(FILE *out, const struct options_list *lists, unsigned count);

#endif
