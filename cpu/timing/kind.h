/* SPDX-License-Identifier: MIT */
/* The functions that each kind of timing model provides, and the table of all kinds. */
#ifndef CPU_TIMING_KIND_H
#define CPU_TIMING_KIND_H

#include "cpu/timing/core.h"
#include "cpu/timing/model.h"
#include "cpu/timing/price.h"
#include "cpu/timing/tally.h"

/*
 * The functions are those of model.h. They get the model that create() returned, whose first member
 * is a struct timing_model. The first parameter of every kind is core.clock.
 */
struct timing_kind {
	const char *name;
	const struct timing_param *params;
	unsigned count;
	/*
	 * A group of parameters that a core file may omit completely: the core then lacks this
	 * unit, and the parameters have the values of the table. May be NULL.
	 */
	const char *lacks;
	/* Returns a sentence about parameters that contradict each other, or NULL. May be NULL. */
	const char *(*contradiction)(const u64 *values);
	/*
	 * Cores of the kind have no hypervisor extension: the model takes each satp for that of the
	 * only address space, and walks its tables where the root is in physical memory.
	 */
	bool one_stage;
	/* timing_vlen(); NULL: cores of the kind have no vector unit */
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
	 * The first four return the price of an instruction, of each element of a vector
	 * instruction, the additional price of a taken branch, and the price of a trap. `add` adds
	 * sums of prices. Only kinds that merely add up prices have these functions; for others
	 * they are NULL.
	 */
	u32 (*price)(const u64 *values, const struct timing_insn *insn);
	u32 (*price_element)(const u64 *values, const struct timing_insn *insn);
	u32 (*price_taken)(const u64 *values);
	u32 (*price_trap)(const u64 *values);
	void (*add)(struct timing_model *model, const struct timing_sums *sums);
	u64 (*cycles)(struct timing_model *model);
	/* timing_cycles_bound(), where NULL means that `cycles` is called; and timing_most() */
	u64 (*cycles_bound)(struct timing_model *model);
	u64 (*most)(const u64 *values, u64 elements);
	/* timing_retire_before() and _until(); NULL if the model does not look ahead */
	bool (*retire_before)(struct timing_model *model, u64 cycle, unsigned *count);
	unsigned (*retire_until)(struct timing_model *model, u64 cycle);
	/*
	 * Returns the counts up to the cycle that cycles() returned, which has just been called.
	 * NULL: they are in model->tally.
	 */
	const struct timing_tally *(*tally)(struct timing_model *model);
	void (*wake)(struct timing_model *model, u64 cycles);
	/* Brings model->tally up to date; NULL: it always is */
	void (*add_up)(struct timing_model *model);
	/* NULL: the model never has instructions in flight */
	void (*finish)(struct timing_model *model);
	/* timing_memo(); NULL: the kind has no memo */
	const struct memo_stats *(*memo)(const struct timing_model *model);
	/* NULL: the kind has no pipeline to watch */
	int (*watch)(struct timing_model *model, const struct timing_viewer *viewer);
	void (*step_all)(struct timing_model *model); /* NULL: the kind has no memo */
	void (*register_state)(struct timing_model *model, struct state *state, const char *name);
};

struct timing_model {
	const struct timing_kind *kind;
	struct timing_tally tally; /* the model's counts until now; model.c resets them */
	unsigned shadows; /* how many shadows of a trap the model uses; create() sets it */
};

/*
 * The most cache misses in a row that an instruction waits for: two page walks, its code and its
 * data.
 */
#define TIMING_MISSES_MOST 8

#define TIMING_CLOCK 0 /* index of core.clock */

/* PARAM for the table of a kind's parameters: it makes an entry from a row of params.def. */
#define TIMING_PARAM(group, name, value, min, max, unit, source)                                   \
	{ #group "." #name, value, min, max, unit, source },

/*
 * Checks that a kind's table and its struct, which are made from the same rows, have the same
 * number of parameters, and that core.clock is the first.
 */
#define TIMING_PARAMS_CHECK(table, numbers, clock)                                                 \
	_Static_assert(ARRAY_SIZE(table) <= TIMING_PARAMS_MAX, "a core holds all of them");        \
	_Static_assert(ARRAY_SIZE(table) == (numbers), "as many, and each a u64");                 \
	_Static_assert((clock) == TIMING_CLOCK, "the clock comes first")

/* all kinds, ended by NULL */
extern const struct timing_kind *const timing_kinds[];
extern const struct timing_kind timing_simple, timing_cva6, timing_c906, timing_inorder;
/* the kind that replaces a core's own if the core is `checked` (memo/check.h) */
extern const struct timing_kind timing_checked;

#endif
