/* SPDX-License-Identifier: MIT */
/* What tools ask of a machine whose harts are timed by a core: where the cycles went. */
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
	u64 causes[BOARD_CAUSES_MAX]; /* the cycles, by what they were spent on */
};

/* An instruction that was reached. */
struct board_place {
	u64 pc;
	u32 raw; /* 0: it could not be fetched */
	struct board_cost cost;
};

/* A function, or where there are no symbols a page of addresses; of all harts together. */
struct board_function {
	char name[80];
	struct board_cost cost; /* that of its places together */
	unsigned first, count; /* of its places */
};

/* Everything by place: the functions by cycles, most first, and of each its places by pc. */
struct board_profile {
	struct board_function *functions;
	struct board_place *places;
	unsigned function_count, place_count;
};

/* What cycles are spent on, by number from 0 on, and in a sentence; NULL behind the last. */
const char *board_cause_name(unsigned cause);
const char *board_cause_meaning(unsigned cause);

/* What instructions were fetched in: "M", "S", "U", "VS", "VU"; NULL behind the last. */
const char *board_mode_name(unsigned mode);

/*
 * Have it counted from now on, by mode and where asked for by place as well. 0 or -ENOMEM. Without
 * models it counts nothing.
 */
int board_count_cycles(struct board *board, bool by_place);

/*
 * Of a hart in a mode, since reset, by the numbers of board_event_name(): what its counters count,
 * be they asked or not, but for cycles, what they are spent on, and instructions.
 */
void board_mode_events(struct board *board, unsigned hart, unsigned mode, u64 *events);

/* What was counted: of a hart in a mode; and by place, 0 or -ENOMEM, for the caller to free. */
void board_mode_cost(struct board *board, unsigned hart, unsigned mode, struct board_cost *cost);
int board_profile(struct board *board, struct board_profile *profile);
void board_profile_free(struct board_profile *profile);

/* What an instruction in a pipeline begins in a cycle; but for the first, an instruction. */
enum board_stage {
	BOARD_BEGINS, /* the model begins anew, in cycle 0 */
	BOARD_FETCHED, BOARD_DECODED, BOARD_WAITS_ISSUE, BOARD_EXECUTES, BOARD_ACCESSES,
	BOARD_COMPLETE, /* and waits for older ones */
	BOARD_LEFT, BOARD_FLUSHED, /* done or not, it was there up to the cycle before */
};

struct board_step {
	struct board *board;
	unsigned hart;
	enum board_stage stage;
	u64 id; /* of the instruction: counted from 0 in the order of BOARD_FETCHED */
	u64 cycle; /* never before that of the last BOARD_FETCHED */
	u64 pc;
	bool known; /* the bits are those that were done; else those that are at pc now, or 0 */
	u32 raw;
};

typedef void board_step_fn(void *ctx, const struct board_step *step);

/*
 * Have each step of each instruction told; once, and before anything has run. 0, -ENOMEM, or
 * -ENOTSUP: the core has no pipeline that could be told of.
 */
int board_watch_pipeline(struct board *board, board_step_fn *step, void *ctx);

/* A core like the board's but for one value, which is next to what it was, or another word. */
struct board_core_step {
	const char *name, *unit, *meaning; /* of the parameter */
	char from_text[24], to_text[24];
	u64 from, to, min, max;
	bool is_number; /* that any other may follow; not a size or a word */
};

#define BOARD_CORE_STEPS_MAX 512

/* All there are, at most so many. How many; 0 when no core times the board. */
int board_core_steps(const struct board *board, struct board_core_step *steps, unsigned most);

/* What a hart's model took from what it had met before, and how large that is. */
struct board_memo {
	u64 records, pieces; /* instructions, and pieces of program, taken from it */
	u64 stepped; /* pieces that were stepped, to be met again */
	u64 states, bytes; /* that it has now */
	u64 dropped; /* times that it was full, and given up */
};

/* False: it is of no kind that has one. */
bool board_memo(struct board *board, unsigned hart, struct board_memo *memo);

/* Has --timing-check found one? Then the first, in a sentence. */
bool board_timing_difference(struct board *board, char *text, size_t size);

/* The parameters of the core that config->timing names, one a line. 0, or -1 with *error. */
int board_core_help(const struct board_config *config, void *file, struct board_error *error);

/* Tell each, with its unit, words with bars between them perhaps; none of what is no core. */
void board_core_parameters(const struct board_config *config,
			   void (*tell)(void *ctx, const char *name, const char *unit), void *ctx);

/* All cycles of a hart since reset, and the core as it was named, NULL without one. */
u64 board_hart_cycles(struct board *board, unsigned hart);
const char *board_core(struct board *board);

/*
 * Where a part of the run was asked for: what all harts took in its `count` regions. False: all of
 * the run is timed, or nothing.
 */
bool board_regions(struct board *board, u64 *count, struct board_cost *cost);

/*
 * The monitor's `timing`: NULL tells what is on and the cycles so far; "none" ends the region, a
 * core's name, as --timing takes it, begins one. Answers to file, a FILE *.
 */
void board_timing_command(struct board *board, const char *text, void *file);

/* An instruction as the assembler reads it, whether it is in memory now or not. */
void board_place_text(struct board *board, const struct board_place *place, char *text,
		      size_t size);

#endif
