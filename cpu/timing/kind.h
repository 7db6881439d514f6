/* SPDX-License-Identifier: MIT */
/* The functions that each kind of timing model provides, and the table of all kinds. */
#ifndef CPU_TIMING_KIND_H
#define CPU_TIMING_KIND_H

#include "cpu/timing/core.h"
#include "cpu/timing/model.h"
#include "cpu/timing/price.h"
#include "cpu/timing/tally.h"

/*
 * The functions are those of model.h, called with the model that create() returned, whose first
 * member is a struct timing_model. Every kind's first parameter is core.clock.
 */
struct timing_kind {
	const char *name;
	const struct timing_param *params;
	unsigned count;
	/*
	 * The group of parameters that a core file may leave out altogether: they are then as in
	 * the table, and the core lacks the unit. May be NULL.
	 */
	const char *lacks;
	/*
	 * Returns a sentence that says which parameters contradict each other, or NULL when none
	 * do. May be NULL.
	 */
	const char *(*contradiction)(const u64 *values);
	/* timing_vlen(). NULL: cores of the kind have no vector unit */
	u64 (*vlen)(const u64 *values);
	struct timing_model *(*create)(const struct timing_core *core,
				       const struct timing_host *host);
	void (*free)(struct timing_model *model);
	void (*reset)(struct timing_model *model, u64 pc);
	/* NULL: nothing depends on the context */
	void (*enter)(struct timing_model *model, const struct timing_context *context);
	void (*consume)(struct timing_model *model, const struct timing_record *records,
			unsigned count);
	/* NULL: the kind takes records alone */
	void (*runs)(struct timing_model *model, const struct timing_run *run,
		     const struct timing_run *end);
	/*
	 * The prices of an instruction, of each element of a vector instruction and of a taken
	 * branch beside it, and of a trap; and adding sums of prices. Only a kind that does nothing
	 * but add up prices has these; others have NULL.
	 */
	u32 (*price)(const u64 *values, const struct timing_insn *insn);
	u32 (*price_element)(const u64 *values, const struct timing_insn *insn);
	u32 (*price_taken)(const u64 *values);
	u32 (*price_trap)(const u64 *values);
	void (*add)(struct timing_model *model, const struct timing_sums *sums);
	u64 (*cycles)(struct timing_model *model);
	/* timing_by() and timing_most(); where `by` is NULL, `cycles` takes its place. */
	u64 (*by)(struct timing_model *model);
	u64 (*most)(const u64 *values, u64 elements);
	/*
	 * timing_before() and timing_behind(); both are NULL where the model does not look ahead.
	 */
	bool (*before)(struct timing_model *model, u64 cycle, unsigned *count);
	unsigned (*behind)(struct timing_model *model, u64 cycle);
	/*
	 * Return what has been counted until the cycle that cycles() says, which has just been
	 * called. NULL: model->tally has it.
	 */
	const struct timing_tally *(*tally)(struct timing_model *model);
	void (*wake)(struct timing_model *model, u64 cycles);
	/* Bring model->tally up to date. NULL: it always is. */
	void (*add_up)(struct timing_model *model);
	/* NULL: the model has never instructions in flight */
	void (*finish)(struct timing_model *model);
	/* timing_memo(). NULL: the kind does not memoise. */
	const struct memo_stats *(*memo)(const struct timing_model *model);
	/* NULL: the kind has no pipeline to watch */
	int (*watch)(struct timing_model *model, const struct timing_viewer *viewer);
	void (*step_all)(struct timing_model *model); /* NULL: the kind has no memo */
	void (*register_state)(struct timing_model *model, struct state *state, const char *name);
};

struct timing_model {
	const struct timing_kind *kind;
	struct timing_tally tally; /* what the model has counted until now; model.c resets it */
	unsigned shadows; /* how many shadows of a trap the model has a use for; create() sets it */
};

/*
 * The most cache misses in a row that an instruction waits for: two page walks, its code and its
 * data.
 */
#define TIMING_MISSES_MOST 8

#define TIMING_CLOCK 0 /* index of core.clock */

/*
 * This is PARAM where a kind's table of parameters is made: it turns a row of params.def into one
 * of the table.
 */
#define TIMING_PARAM(group, name, value, min, max, unit, source)                                   \
	{ #group "." #name, value, min, max, unit, source },

/*
 * This checks that a table and the struct made of the same rows have as many numbers, and that
 * core.clock is the first of both.
 */
#define TIMING_PARAMS_CHECK(table, numbers, clock)                                                 \
	_Static_assert(ARRAY_SIZE(table) <= TIMING_PARAMS_MAX, "a core holds all of them");        \
	_Static_assert(ARRAY_SIZE(table) == (numbers), "as many, and each a u64");                 \
	_Static_assert((clock) == TIMING_CLOCK, "the clock comes first")

/* all kinds, ended by NULL */
extern const struct timing_kind *const timing_kinds[];
extern const struct timing_kind timing_simple, timing_cva6, timing_c906, timing_inorder;
/* the kind that is created in place of a core's own where the core is `checked` (memo/check.h) */
extern const struct timing_kind timing_checked;

#endif
