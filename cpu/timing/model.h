/* SPDX-License-Identifier: MIT */
/*
 * A timing model consumes records of what a hart did, and tells in which cycle a core would have
 * done it. It lags behind: it times an instruction when it knows those that follow. It has caches,
 * predictors and TLBs of its own, and only reads bytes of memory from its host. It never changes
 * what the hart does.
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

/*
 * Returns whether models of a core have a memo, so that stepping everything could give other
 * results.
 */
bool timing_has_memo(const struct timing_core *core);

/*
 * Make a model of a core; timing_reset must be called first. The core's description and the host's
 * isa must outlive the model. Return NULL when out of memory.
 */
struct timing_model *timing_create(const struct timing_core *core, const struct timing_host *host);
void timing_free(struct timing_model *model);

/* Reset the model: its caches are empty, and it is in the first cycle, about to fetch from `pc`. */
void timing_reset(struct timing_model *model, u64 pc);

/*
 * The state in which a model begins in the middle of a machine's run; must be given right after
 * timing_reset. Without it the hart is in machine mode, without translation and PMP. satp is that
 * of HS-mode, even if V is 1.
 */
struct timing_context {
	u64 satp, vsatp, hgatp;
	struct pmp pmp;
	u8 after; /* enum timing_after */
};
void timing_enter(struct timing_model *model, const struct timing_context *context);

/* Consume records in program order, at most TIMING_BATCH at once. */
#define TIMING_BATCH 1024
void timing_consume(struct timing_model *model, const struct timing_record *records,
		    unsigned count);

/* Returns how many shadows of a trap the model uses; more are not given to it. */
unsigned timing_shadows(const struct timing_model *model);

/*
 * timing_takes_runs returns whether the model takes runs of blocks (run.h) instead of their
 * records. Runs follow each other in memory.
 */
bool timing_takes_runs(const struct timing_model *model);
void timing_consume_runs(struct timing_model *model, const struct timing_run *run,
			 const struct timing_run *end);

/*
 * Returns the cycle since reset in which the last consumed record retires, which is what it would
 * read from the cycle counter. It never decreases. The call changes nothing, and is allowed after
 * any record.
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
 * that adds up prices it holds with them, too. Vectors have at most `elements` elements.
 */
u64 timing_most(const struct timing_core *core, u64 elements);

/* Returns whether the model uses instructions that the host finds by lookahead. */
bool timing_looks_ahead(const struct timing_model *model);

/*
 * Count the instructions ahead (host.lookahead) that retire before `cycle`, as far as they can be
 * known. Return true if these are all of them, so that the next one retires in `cycle` or later.
 */
bool timing_retire_before(struct timing_model *model, u64 cycle, unsigned *count);

/*
 * An interrupt is raised in `cycle`, and nothing after the last consumed record retires before that
 * cycle. Return how many of the instructions ahead (host.lookahead) retire before the interrupt is
 * taken. Neither this nor timing_retire_before changes later results of the model.
 */
unsigned timing_retire_until(struct timing_model *model, u64 cycle);

/*
 * Read the events up to timing_cycles(), as event counters show them to the last consumed
 * instruction. It changes nothing.
 */
void timing_events(struct timing_model *model, struct timing_counts *counts);

/*
 * Read the events up to the cycle that the model has reached by itself: no more than
 * timing_events() reads, without cost, and just as reproducible.
 */
void timing_events_so_far(struct timing_model *model, struct timing_counts *counts);

/*
 * Retire all instructions in flight, and report them to the host. The model must be reset before it
 * is used again.
 */
void timing_finish(struct timing_model *model);

/* Returns the mode in which the next record is fetched. */
enum timing_mode timing_mode(const struct timing_model *model);

/*
 * After a reset, set what the first instruction runs in (enum timing_after), if it is not machine
 * mode.
 */
void timing_begin_in(struct timing_model *model, u8 after);

/* Let the hart sleep for `cycles`, or longer, after its last instruction. */
void timing_wake(struct timing_model *model, u64 cycles);

/* Returns how much was replayed from the memo (memo.h), or NULL if the model has none. */
const struct memo_stats *timing_memo(const struct timing_model *model);

/*
 * Report each step of each instruction from the next timing_reset on; cannot be undone. A watched
 * model may be slower. Return 0, -ENOMEM, or -ENOTSUP if it has no pipeline.
 */
int timing_watch(struct timing_model *model, const struct timing_viewer *viewer);

/*
 * Replay nothing from now on: when a record retires, model->tally then has exactly the events that
 * happened up to then.
 */
void timing_step_all(struct timing_model *model);

/* Register the model's state as part `name` of the machine. */
void timing_register_state(struct timing_model *model, struct state *state, const char *name);

#endif
