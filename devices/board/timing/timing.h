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
	u64 pc; /* the physical address instead, if symbols name the code by that */
	u32 raw; /* 0: it could not be fetched */
	struct board_cost cost;
};

/* A function, or without symbols a page of addresses; summed over all harts. */
struct board_function {
	char name[80];
	bool nameless; /* symbols and lines of source at its addresses are those of other code */
	struct board_cost cost; /* the sum of its places */
	unsigned first, count; /* the range of its places */
};

/* The profile: functions by descending cycles, and the places of each by pc. */
struct board_profile {
	struct board_function *functions;
	struct board_place *places;
	unsigned function_count, place_count;
};

/* Return the name of a cause of cycles, from 0, and a sentence on it; NULL after the last. */
const char *board_cause_name(unsigned cause);
const char *board_cause_meaning(unsigned cause);

/* Returns the name of a mode: "M", "S", "U", "VS", "VU"; NULL after the last. */
const char *board_mode_name(unsigned mode);

/*
 * Begins to count cycles by mode, and with by_place by place, also those of later models. Returns 0
 * or -ENOMEM.
 */
int board_count_cycles(struct board *board, bool by_place);

/*
 * Gets a hart's counts of events in a mode since reset, indexed as board_event_name(): the events
 * of the counters, enabled or not, except cycles, their causes, and instructions.
 */
void board_mode_events(struct board *board, unsigned hart, unsigned mode, u64 *events);

/* Get a hart's counts in a mode; all harts' by place, freed by the caller. Returns 0 or -ENOMEM. */
void board_mode_cost(struct board *board, unsigned hart, unsigned mode, struct board_cost *cost);
int board_profile(struct board *board, struct board_profile *profile);
void board_profile_free(struct board_profile *profile);

/* A step of an instruction in a pipeline; BOARD_BEGINS belongs to no instruction. */
enum board_stage {
	BOARD_BEGINS, /* the model restarts, in cycle 0 */
	BOARD_FETCHED, BOARD_DECODED, BOARD_WAITS_ISSUE, BOARD_EXECUTES, BOARD_ACCESSES,
	BOARD_COMPLETE, /* and waiting for older instructions */
	/* The instruction retired or was flushed. The cycle before was its last in the pipeline. */
	BOARD_LEFT, BOARD_FLUSHED,
};

struct board_step {
	struct board *board;
	unsigned hart;
	enum board_stage stage;
	u64 id; /* of the instruction: numbered from 0 in the order of BOARD_FETCHED */
	u64 cycle; /* at least the cycle of the last BOARD_FETCHED */
	u64 pc;
	u64 named; /* the address by which symbols name it; odd: none does */
	bool known; /* `raw` is what was executed; otherwise what is at pc now, or 0 */
	u32 raw;
};

typedef void board_step_fn(void *ctx, const struct board_step *step);

/*
 * Reports each step of each instruction; must be called once, before the machine runs. Returns 0,
 * -ENOMEM, or -ENOTSUP if the core has no pipeline.
 */
int board_watch_pipeline(struct board *board, board_step_fn *step, void *ctx);

/*
 * A core that differs from the board's in one parameter, which has the next number or another word.
 */
struct board_core_step {
	const char *name, *unit, *meaning; /* those of the parameter */
	char from_text[24], to_text[24];
	u64 from, to, min, max;
	bool is_number; /* other numbers are possible, too: it is neither a size nor a word */
};

#define BOARD_CORE_STEPS_MAX 512

/* Lists at most `most` such cores. Returns how many; 0 if no core times the board. */
int board_core_steps(const struct board *board, struct board_core_step *steps, unsigned most);

/* Statistics of a hart's memoised simulation. */
struct board_memo {
	u64 records, traces; /* instructions and traces replayed from the memo */
	u64 stepped; /* traces that were simulated and recorded */
	u64 states, bytes; /* in the memo now */
	u64 dropped; /* how often it was full and was cleared */
};

/* Gets the statistics. Returns false if its kind of model has no memo. */
bool board_memo(struct board *board, unsigned hart, struct board_memo *memo);

/* Returns whether --timing-check found a difference; `text` describes the first one. */
bool board_timing_difference(struct board *board, char *text, size_t size);

/* Prints the parameters of config->timing's core, one per line. Returns 0, or -1 with *error. */
int board_core_help(const struct board_config *config, void *file, struct board_error *error);

/* Calls `print` for each parameter of that core, with its unit, or its words separated by bars. */
void board_core_parameters(const struct board_config *config,
			   void (*print)(void *ctx, const char *name, const char *unit), void *ctx);

/* Returns all cycles of a hart since reset, and the core's name, or NULL if there is none. */
u64 board_hart_cycles(struct board *board, unsigned hart);
const char *board_core(struct board *board);

/* Returns the bytes of RAM that the core does not cache, according to its parameters. */
u64 board_uncached(const struct board *board);

/*
 * Executes the monitor's command `timing`: with NULL it prints to file, a FILE *, what is timed,
 * and the cycles so far; "none" ends the region; the name of a core, as in --timing, begins one.
 */
void board_timing_command(struct board *board, const char *text, void *file);

/* Disassembles an instruction, whether it is in memory now or not. */
void board_place_text(struct board *board, const struct board_place *at, char *text, size_t size);

#endif
