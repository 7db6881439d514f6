/* SPDX-License-Identifier: MIT */
/*
 * The monitor: executes commands about the running machine that a person types. They are spelled as
 * in QEMU. The monitor inspects the board by the functions of board.h, and passes requests about
 * the run (stop, reset, quit) to the run loop.
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
#define MONITOR_NO_MEMORY "not enough host memory\n"
#define MONITOR_LINE_MAX 256 /* bytes of a line that is typed in a terminal */
#define MONITOR_HISTORY_MAX 16

/* Why the machine is stopped. Each reason is a state of QEMU's RunState. */
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
	/* The list of the places where clients connect, borrowed; NULL: none. */
	struct link **links;
	/* NULL: the place where the debugger connects cannot be changed. */
	struct debugger *debugger;
	const char *name; /* -name, borrowed; NULL: none */
	const u8 *uuid; /* the 16 bytes of -uuid, borrowed; NULL: zeros */
	unsigned harts;
	struct terminal *terminal; /* NULL: only monitor_run may be used */
	struct screen *screen; /* borrowed; NULL: the machine is not running */
	unsigned hart; /* the hart that the command `cpu` has chosen */
	struct board_space space; /* the address space that the command `context` has chosen */
	bool stopped; /* the machine must not run */
	enum monitor_why why; /* why it is stopped */
	unsigned pauses; /* the number of short stops for snapshots */
	bool reset, quit; /* requests, which the run loop resets */
	char line[MONITOR_LINE_MAX];
	unsigned size;
	char history[MONITOR_HISTORY_MAX][MONITOR_LINE_MAX];
	/* The number of lines kept; how far back the user has moved in them. */
	unsigned history_count, history_back;
	/* How many bytes of a cursor key's sequence, ESC [ x, have been received. */
	unsigned sequence;
};

void monitor_init(struct monitor *monitor, struct board *board, unsigned harts,
		  struct terminal *terminal);

/*
 * Parses the number of a hart, which must be all of the text. Returns false if it is not valid;
 * NULL is not.
 */
bool monitor_parse_hart(const struct monitor *monitor, const char *text, u64 *hart);

/* Prints the greeting. Called when the monitor gets the keyboard. */
void monitor_enter(struct monitor *monitor);

/* Handles a key. The end of a line executes the command. */
void monitor_type(struct monitor *monitor, u8 c);

/* Returns the machine's state in the words of QMP's query-status. `begun`: it has run before. */
const char *monitor_status(const struct monitor *monitor, bool begun);

/* Stops the machine. All its disks have been flushed when this returns. */
void monitor_stop(struct monitor *monitor, enum monitor_why why);

/*
 * Continues the machine, as the command `cont` does. Returns false if it has shut down and must
 * first be reset, or a state loaded.
 */
bool monitor_resume(struct monitor *monitor);

/*
 * Forgets the reason for a stop, since it no longer holds. Called when the machine was reset or a
 * state was loaded.
 */
void monitor_renewed(struct monitor *monitor);

/* Executes a command line. Writes its answer, or one line that describes the error, to `out`. */
void monitor_run(struct monitor *monitor, const char *line, FILE *out);

/* Calls `print` for each command, including each "info ...", with its syntax and its help. */
void monitor_list(void (*print)(void *ctx, const char *usage, const char *help), void *ctx);

#endif
