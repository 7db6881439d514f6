/* SPDX-License-Identifier: MIT */
/*
 * A timing model consumes records of a hart's execution, and computes the cycle in which a core
 * would have done it. It lags: it times an instruction once it knows those that follow. It has
 * caches, predictors and TLBs of its own, and only reads bytes of memory from its host. It never
 * changes the hart's execution.
 */
#ifndef CPU_TIMING_MODEL_H
#define CPU_TIMING_MODEL_H

#include "cpu/hart/pmp_state.h"
#include "cpu/timing/host.h"
#include "cpu/timing/stages.h"
#include "cpu/timing/tally.h"

struct memo_stats;
struct state;
struct timing_core;
struct timing_model;
struct timing_run;

/* Returns whether models of a core have a memo: only then could stepping everything differ. */
bool timing_has_memo(const struct timing_core *core);

/*
 * Makes a model of a core; timing_reset must be called first. The core's description and the host's
 * isa must outlive the model. Returns NULL when out of memory.
 */
struct timing_model *timing_create(const struct timing_core *core, const struct timing_host *host);
void timing_free(struct timing_model *model);

/* Resets the model: its caches are empty, and in the first cycle it fetches from `pc`. */
void timing_reset(struct timing_model *model, u64 pc);

/*
 * The state in which a model begins in the middle of a run; must be given right after timing_reset.
 * Without it the hart is in machine mode, without translation and PMP. satp is that of HS-mode,
 * even if V is 1.
 */
struct timing_context {
	u64 satp, vsatp, hgatp;
	struct pmp pmp;
	u8 after; /* enum timing_after */
	/* The core has done what it does only after power-on, such as to clear its caches' tags. */
	bool running;
};
void timing_enter(struct timing_model *model, const struct timing_context *context);

/* Consumes records in program order, at most TIMING_BATCH at once. */
#define TIMING_BATCH 1024
void timing_consume(struct timing_model *model, const struct timing_record *records,
		    unsigned count);

/* Returns the number of shadows of a trap that the model uses; it is given no more than these. */
unsigned timing_shadows(const struct timing_model *model);

/*
 * timing_takes_runs returns whether the model takes runs of blocks (run.h) instead of their
 * records. Runs are adjacent in memory.
 */
bool timing_takes_runs(const struct timing_model *model);
void timing_consume_runs(struct timing_model *model, const struct timing_run *run,
			 const struct timing_run *end);

/*
 * Returns the cycle since reset in which the last consumed record retires, the value that the
 * record would read from the cycle counter. It never decreases. The call changes nothing, and is
 * allowed after any record.
 */
u64 timing_cycles(struct timing_model *model);

/*
 * Returns, at little cost, a cycle by which the last consumed record has retired, if what is in
 * flight takes no longer than timing_most() on average. It is at least timing_cycles().
 */
u64 timing_cycles_bound(struct timing_model *model);

/*
 * Returns the average cycles of an instruction where everything goes wrong, in code without FENCE.I
 * and SFENCE.VMA: these empty caches and TLBs, and take longer the larger those are. For a model
 * that adds up prices it holds with them, too. A vector has at most `elements` elements.
 */
u64 timing_most(const struct timing_core *core, u64 elements);

/* Returns whether the model uses instructions that the host finds by lookahead. */
bool timing_looks_ahead(const struct timing_model *model);

/*
 * Counts the instructions ahead (host.lookahead) that retire before `cycle`, as far as they can be
 * known. Returns true if these are all of them, so that the next one retires in `cycle` or later.
 */
bool timing_retire_before(struct timing_model *model, u64 cycle, unsigned *count);

/*
 * Called when an interrupt is raised in `cycle`, and nothing after the last consumed record retires
 * before that cycle. Returns how many of the instructions ahead (host.lookahead) retire before the
 * interrupt is taken. Neither this nor timing_retire_before changes later results of the model.
 */
unsigned timing_retire_until(struct timing_model *model, u64 cycle);

/*
 * Reads the events up to timing_cycles(), as event counters show them to the last consumed
 * instruction. It changes nothing.
 */
void timing_events(struct timing_model *model, struct timing_counts *counts);

/*
 * Reads the events up to the cycle that the model has reached by itself: no more than
 * timing_events() reads, without cost, and just as reproducible.
 */
void timing_events_so_far(struct timing_model *model, struct timing_counts *counts);

/*
 * Retires all instructions in flight, and reports them to the host. The model must be reset before
 * it is used again.
 */
void timing_finish(struct timing_model *model);

/* Returns the mode in which the next record is fetched. */
enum timing_mode timing_mode(const struct timing_model *model);

/*
 * Sets, after a reset, the mode and flags of the first instruction (enum timing_after), if they are
 * not those of machine mode.
 */
void timing_begin_in(struct timing_model *model, u8 after);

/* Lets the hart sleep for `cycles`, or longer, after its last instruction. */
void timing_wake(struct timing_model *model, u64 cycles);

/* Returns the statistics of the memo (memo.h), or NULL if the model has none. */
const struct memo_stats *timing_memo(const struct timing_model *model);

/*
 * Reports each step of each instruction from the next timing_reset on; cannot be undone. A watched
 * model may be slower. Returns 0, -ENOMEM, or -ENOTSUP if it has no pipeline.
 */
int timing_watch(struct timing_model *model, const struct timing_viewer *viewer);

/*
 * Replays nothing from now on: when a record retires, model->tally then has exactly the events that
 * happened up to then.
 */
void timing_step_all(struct timing_model *model);

/* Registers the model's state as part `name` of the machine. */
void timing_register_state(struct timing_model *model, struct state *state, const char *name);

#endif
