/* SPDX-License-Identifier: MIT */
/*
 * The monitor: commands typed by a person about the running machine, spelled as in QEMU's. It
 * looks at the board through board.h and leaves what concerns the run (stop, reset, quit) to the
 * run loop as wishes.
 */
#ifndef FRONTENDS_MONITOR_MONITOR_H
#define FRONTENDS_MONITOR_MONITOR_H

#include <stdio.h>

#include "bus/base.h"

struct board;
struct debugger;
struct net_set;
struct port_set;
struct screen;
struct terminal;

#define MONITOR_GREETING "Baya's monitor; help lists the commands\n"
#define MONITOR_PROMPT "(baya) "
#define MONITOR_LINE_MAX 256
#define MONITOR_HISTORY_MAX 16

/* Why the machine is stopped: states of QEMU's. */
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
	struct debugger *debugger; /* NULL: where it comes is not to be changed here */
	unsigned harts;
	struct terminal *terminal; /* may be NULL: then there is only monitor_run */
	struct screen *screen; /* borrowed; NULL: the machine is not run */
	unsigned hart; /* what `cpu` chose */
	bool stopped; /* the machine is not to run */
	enum monitor_why why; /* it is stopped */
	unsigned pauses; /* since the start, for as long as a snapshot takes */
	bool reset, quit; /* wishes, taken back by the run loop */
	char line[MONITOR_LINE_MAX];
	unsigned size;
	char history[MONITOR_HISTORY_MAX][MONITOR_LINE_MAX];
	unsigned history_count, history_back; /* lines kept; how far back the user looks */
	unsigned sequence; /* bytes seen of a cursor key's ESC [ x */
};

void monitor_init(struct monitor *monitor, struct board *board, unsigned harts,
		  struct terminal *terminal);

/* The keyboard comes to the monitor: greet. */
void monitor_enter(struct monitor *monitor);

/* A key; at the end of a line the command is run. */
void monitor_type(struct monitor *monitor, u8 c);

/* What it is, as query-status says it; `begun`: it has run. */
const char *monitor_status(const struct monitor *monitor, bool begun);

/* `cont`; false: what has shut down must be reset, or another machine loaded, before. */
bool monitor_go_on(struct monitor *monitor);

/* The machine is another one: what stopped the one before is not why it is stopped. */
void monitor_renewed(struct monitor *monitor);

/* Run one command line; its answer, or one line that says what is wrong with it, goes to out. */
void monitor_run(struct monitor *monitor, const char *line, FILE *out);

/* Each command as it is written, info's with info, and what it does. */
void monitor_tell(void (*tell)(void *ctx, const char *usage, const char *help), void *ctx);

#endif
