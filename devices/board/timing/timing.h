/* SPDX-License-Identifier: MIT */
/* Cycle counts of a machine whose harts are timed by a core, by cause and place. */
#ifndef DEVICES_BOARD_TIMING_TIMING_H
#define DEVICES_BOARD_TIMING_TIMING_H

#include "bus/base.h"

struct board;
struct board_config;
struct board_error;

#define BOARD_CAUSES_MAX 16
#define BOARD_EVENTS_MAX 24
#define BOARD_MODES_MAX 5
#define BOARD_DIFFERENCE_MAX 256

struct board_cost {
	u64 cycles, instructions; /* retired */
	u64 causes[BOARD_CAUSES_MAX]; /* cycles by cause */
};

/* An instruction that was executed. */
struct board_place {
	u64 pc; /* if symbols name the code by its physical address, that address */
	u32 raw; /* 0: it could not be fetched */
	struct board_cost cost;
};

/* A function, or without symbols a page of addresses; summed over all harts. */
struct board_function {
	char name[80];
	bool nameless; /* no symbol and no line of source is that of its addresses */
	struct board_cost cost; /* the sum of its places */
	unsigned first, count; /* the range of its places */
};

/* The profile: functions by cycles, most first, and the places of each by pc. */
struct board_profile {
	struct board_function *functions;
	struct board_place *places;
	unsigned function_count, place_count;
};

/* The causes of cycles, numbered from 0: name and a sentence; NULL behind the last. */
const char *board_cause_name(unsigned cause);
const char *board_cause_meaning(unsigned cause);

/* The modes in which instructions are fetched: "M", "S", "U", "VS", "VU"; NULL behind the last. */
const char *board_mode_name(unsigned mode);

/* Counts from now on by mode and, with by_place, by place; later models, too. 0 or -ENOMEM. */
int board_count_cycles(struct board *board, bool by_place);

/*
 * Counts the events of a hart in a mode since reset, indexed as board_event_name(): the events of
 * its counters, enabled or not, except cycles, their causes, and instructions.
 */
void board_mode_events(struct board *board, unsigned hart, unsigned mode, u64 *events);

/* Return a hart's counts in a mode; and counts by place, which the caller frees: 0 or -ENOMEM. */
void board_mode_cost(struct board *board, unsigned hart, unsigned mode, struct board_cost *cost);
int board_profile(struct board *board, struct board_profile *profile);
void board_profile_free(struct board_profile *profile);

/* A step of an instruction in a pipeline; BOARD_BEGINS is none of an instruction. */
enum board_stage {
	BOARD_BEGINS, /* the model restarts, in cycle 0 */
	BOARD_FETCHED, BOARD_DECODED, BOARD_WAITS_ISSUE, BOARD_EXECUTES, BOARD_ACCESSES,
	BOARD_COMPLETE, /* and waits for older instructions */
	/* It retired or was flushed; its last cycle was the one before. */
	BOARD_LEFT, BOARD_FLUSHED,
};

struct board_step {
	struct board *board;
	unsigned hart;
	enum board_stage stage;
	u64 id; /* of the instruction: numbered from 0 in the order of BOARD_FETCHED */
	u64 cycle; /* never before that of the last BOARD_FETCHED */
	u64 pc;
	u64 named; /* the address at which symbols name it; odd: none does */
	bool known; /* `raw` was executed; else it is the instruction at pc now, or 0 */
	u32 raw;
};

typedef void board_step_fn(void *ctx, const struct board_step *step);

/*
 * Reports each step of each instruction; must be called once, before the machine runs. Returns 0,
 * -ENOMEM, or -ENOTSUP if the core has no pipeline.
 */
int board_watch_pipeline(struct board *board, board_step_fn *step, void *ctx);

/* A core that differs from the board's in one parameter: its next number, or another word. */
struct board_core_step {
	const char *name, *unit, *meaning; /* of the parameter */
	char from_text[24], to_text[24];
	u64 from, to, min, max;
	bool is_number; /* any other number is possible, too; not a size or a word */
};

#define BOARD_CORE_STEPS_MAX 512

/* Lists at most `most` such cores, and returns how many; 0 if no core times the board. */
int board_core_steps(const struct board *board, struct board_core_step *steps, unsigned most);

/* Statistics of a hart's memoised simulation. */
struct board_memo {
	u64 records, traces; /* instructions and traces replayed from the memo */
	u64 stepped; /* traces that were simulated and recorded */
	u64 states, bytes; /* in the memo now */
	u64 dropped; /* times that it was full and was cleared */
};

/* Returns the statistics. False: its kind of model has no memo. */
bool board_memo(struct board *board, unsigned hart, struct board_memo *memo);

/* Returns whether --timing-check found a difference; `text` describes the first one. */
bool board_timing_difference(struct board *board, char *text, size_t size);

/* Prints the parameters of the core that config->timing names, one a line. 0, or -1 with *error. */
int board_core_help(const struct board_config *config, void *file, struct board_error *error);

/* Calls `tell` for each parameter of that core, with its unit, or its words between bars. */
void board_core_parameters(const struct board_config *config,
			   void (*tell)(void *ctx, const char *name, const char *unit), void *ctx);

/* Returns all cycles of a hart since reset, and the core's name as given, NULL without one. */
u64 board_hart_cycles(struct board *board, unsigned hart);
const char *board_core(struct board *board);

/* Returns the bytes of RAM that the core does not cache, according to its parameters. */
u64 board_uncached(const struct board *board);

/*
 * Executes the monitor's command `timing`. NULL prints what is on, and the cycles so far; "none"
 * ends the region; a core's name, as in --timing, begins one. Prints to file, a FILE *.
 */
void board_timing_command(struct board *board, const char *text, void *file);

/* Disassembles an instruction, whether it is in memory now or not. */
void board_place_text(struct board *board, const struct board_place *at, char *text, size_t size);

#endif
