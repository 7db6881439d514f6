/* SPDX-License-Identifier: MIT */
/* Kinds of timing models: what each has to provide, and the table of all. */
#ifndef CPU_TIMING_KIND_H
#define CPU_TIMING_KIND_H

#include "cpu/timing/core.h"
#include "cpu/timing/model.h"
#include "cpu/timing/run.h"
#include "cpu/timing/tally.h"

/*
 * The functions are those of model.h, by the model that create() returned; its first member is a
 * struct timing_model. Every kind's first parameter is core.clock.
 */
struct timing_kind {
	const char *name;
	const struct timing_param *params;
	unsigned count;
	/* What contradicts what, or NULL when nothing does. May be NULL. */
	const char *(*contradiction)(const u64 *values);
	struct timing_model *(*create)(const struct timing_core *core,
				       const struct timing_host *host);
	void (*free)(struct timing_model *model);
	void (*reset)(struct timing_model *model, u64 pc);
	/* NULL: nothing depends on it. */
	void (*enter)(struct timing_model *model, const struct timing_context *context);
	void (*consume)(struct timing_model *model, const struct timing_record *records,
			unsigned count);
	/* NULL: it takes records alone. */
	void (*runs)(struct timing_model *model, const struct timing_run *run,
		     const struct timing_run *end);
	/* Of a kind that only adds up prices: that of an instruction, and sums of them. Or NULL. */
	u32 (*price)(const u64 *values, const struct timing_insn *insn);
	void (*add)(struct timing_model *model, const struct timing_sums *sums);
	u64 (*cycles)(struct timing_model *model);
	/* As timing_by() and timing_most(); by NULL: as cycles. */
	u64 (*by)(struct timing_model *model);
	u64 (*most)(const u64 *values);
	/* NULL, both: it cannot tell. */
	bool (*before)(struct timing_model *model, u64 cycle, unsigned *count);
	unsigned (*behind)(struct timing_model *model, u64 cycle);
	/*
	 * What has been counted until the cycle that cycles() tells, which has just been asked.
	 * NULL: model->tally is it.
	 */
	const struct timing_tally *(*tally)(struct timing_model *model);
	void (*wake)(struct timing_model *model, u64 cycles);
	/* Have all in model->tally that was counted. NULL: it always is. */
	void (*add_up)(struct timing_model *model);
	/* NULL: nothing is ever under way. */
	void (*finish)(struct timing_model *model);
	/* What it takes from what it has met before. NULL: it has no use for that. */
	const struct memo_stats *(*memo)(const struct timing_model *model);
	/* NULL: it has no pipeline to look at. */
	int (*watch)(struct timing_model *model, const struct timing_viewer *viewer);
	void (*step_all)(struct timing_model *model); /* NULL: it has no memo */
	void (*register_state)(struct timing_model *model, struct state *state, const char *name);
};

struct timing_model {
	const struct timing_kind *kind;
	struct timing_tally tally; /* what the model has counted until now; model.c resets it */
	unsigned shadows; /* of a trap, how many it has a use for: create() says */
};

/* Misses of caches behind each other that an instruction waits for: two walks, code and data. */
#define TIMING_MISSES_MOST 8

#define TIMING_CLOCK 0 /* index of core.clock */

/* A row of a kind's params.def in its table: what PARAM is where that is made. */
#define TIMING_PARAM(group, name, value, min, max, unit, source)                                   \
	{ #group "." #name, value, min, max, unit, source },

/* Of the table: what else is made of the same rows has so many, and the clock in this place. */
#define TIMING_PARAMS_CHECK(table, numbers, clock)                                                 \
	_Static_assert(ARRAY_SIZE(table) <= TIMING_PARAMS_MAX, "a core holds all of them");        \
	_Static_assert(ARRAY_SIZE(table) == (numbers), "as many, and each a u64");                 \
	_Static_assert((clock) == TIMING_CLOCK, "the clock comes first")

/* All kinds, ended by NULL. */
extern const struct timing_kind *const timing_kinds[];
extern const struct timing_kind timing_simple, timing_cva6, timing_c906, timing_inorder;
/* The one that is created in their place for a core that is `checked` (memo/check.h). */
extern const struct timing_kind timing_checked;

#endif
