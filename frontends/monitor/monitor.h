/* SPDX-License-Identifier: MIT */
/*
 * The monitor: commands typed by a person about the running machine, spelled as in QEMU's. It
 * inspects the board through board.h, and passes requests about the run (stop, reset, quit) to the
 * run loop.
 */
#ifndef FRONTENDS_MONITOR_MONITOR_H
#define FRONTENDS_MONITOR_MONITOR_H

#include <stdio.h>

#include "devices/board/inspect/space.h"

struct debugger;
struct link;
struct net_set;
struct port_set;
struct screen;
struct terminal;

#define MONITOR_GREETING "Baya's monitor; help lists the commands\n"
#define MONITOR_PROMPT "(baya) "
#define MONITOR_LINE_MAX 256 /* that people type in a terminal */
#define MONITOR_HISTORY_MAX 16

/* Why the machine is stopped: each is a state of QEMU's. */
enum monitor_why {
	MONITOR_ASKED,
	MONITOR_LOAD_FAILED,
	MONITOR_IO_ERROR,
	MONITOR_PANICKED,
	MONITOR_SHUT_DOWN,
};

struct monitor {
	struct board *board; /* borrowed, as is the terminal */
	struct net_set *net; /* NULL: none */
	struct port_set *ports; /* NULL: none */
	struct link **links; /* the list of the clients' places, which is borrowed; NULL: none */
	struct debugger *debugger; /* NULL: where the debugger connects cannot be changed */
	const char *name; /* -name, borrowed; NULL: none */
	const u8 *uuid; /* -uuid, 16 bytes, borrowed; NULL: zeros */
	unsigned harts;
	struct terminal *terminal; /* may be NULL: then only monitor_run is used */
	struct screen *screen; /* borrowed; NULL: the machine is not running */
	unsigned hart; /* the one that `cpu` has chosen */
	struct board_space space; /* what `context` has chosen */
	bool stopped; /* the machine must not run */
	enum monitor_why why; /* why it is stopped */
	unsigned pauses; /* how often a snapshot has stopped the machine for a short time */
	bool reset, quit; /* requests, which the run loop clears */
	char line[MONITOR_LINE_MAX];
	unsigned size;
	char history[MONITOR_HISTORY_MAX][MONITOR_LINE_MAX];
	unsigned history_count, history_back; /* lines kept; how far back the user looks */
	unsigned sequence; /* bytes seen of a cursor key's ESC [ x */
};

void monitor_init(struct monitor *monitor, struct board *board, unsigned harts,
		  struct terminal *terminal);

/* Parses the number of a hart, which is all of the text; NULL is none. */
bool monitor_parse_hart(const struct monitor *monitor, const char *text, u64 *hart);

/* The monitor gets the keyboard: prints the greeting. */
void monitor_enter(struct monitor *monitor);

/* Handles a key; at the end of a line the command is run. */
void monitor_type(struct monitor *monitor, u8 c);

/* Returns the machine's state as query-status names it; `begun`: it has run. */
const char *monitor_status(const struct monitor *monitor, bool begun);

/* Stops the machine, with its disks flushed when this returns. */
void monitor_stop(struct monitor *monitor, enum monitor_why why);

/* Does what `cont` does; false: a machine that has shut down must first be reset, or another state
 * loaded. */
bool monitor_go_on(struct monitor *monitor);

/* The machine was reset or its state loaded: the former reason for a stop no longer holds. */
void monitor_renewed(struct monitor *monitor);

/* Runs one command line; its answer, or one line that says what is wrong, is written to `out`. */
void monitor_run(struct monitor *monitor, const char *line, FILE *out);

/* Calls `tell` for each command with its syntax ("info ..." included) and its help. */
void monitor_tell(void (*tell)(void *ctx, const char *usage, const char *help), void *ctx);

#endif
