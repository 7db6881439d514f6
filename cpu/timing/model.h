/* SPDX-License-Identifier: MIT */
/*
 * A timing model consumes the records of what a hart did and says which cycle it is. It lags: an
 * instruction is timed once those behind it are known. It owns its caches, predictors and TLBs and
 * reads only bytes of memory from its host; it never changes what the hart does.
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

/* Returns whether models of a core have a memo, that is, whether stepping all could differ. */
bool timing_has_memo(const struct timing_core *core);

/*
 * Make a model of a core; timing_reset comes before anything else. The core's description and the
 * host's isa must outlive the model. Return NULL where there is no memory.
 */
struct timing_model *timing_create(const struct timing_core *core, const struct timing_host *host);
void timing_free(struct timing_model *model);

/* Reset the model: its caches are empty, and it is in the first cycle, about to fetch from `pc`. */
void timing_reset(struct timing_model *model, u64 pc);

/*
 * The context is what is in force where a model begins amid a run. It has to be given right after
 * timing_reset; without it the hart is in machine mode, nothing translated or protected. satp is
 * the one of HS-mode even where V is 1.
 */
struct timing_context {
	u64 satp, vsatp, hgatp;
	struct pmp pmp;
	u8 after; /* enum timing_after */
};
void timing_enter(struct timing_model *model, const struct timing_context *context);

/* Consume records in program order. `count` is at most TIMING_BATCH. */
#define TIMING_BATCH 1024
void timing_consume(struct timing_model *model, const struct timing_record *records,
		    unsigned count);

/* Returns how many shadows of a trap the model has a use for: no more of them are given to it. */
unsigned timing_shadows(const struct timing_model *model);

/*
 * Return whether the model takes runs of blocks (run.h) in place of their records. They are in a
 * row.
 */
bool timing_takes_runs(const struct timing_model *model);
void timing_consume_runs(struct timing_model *model, const struct timing_run *run,
			 const struct timing_run *end);

/*
 * Returns the cycle, since reset, in which the last record consumed retires: the value of the cycle
 * counter that this instruction reads. It never falls. The call changes nothing, and is allowed
 * after any record.
 */
u64 timing_cycles(struct timing_model *model);

/*
 * Returns the cycle by which the last record consumed has retired, provided that what is in flight
 * takes on average no longer than timing_most(): at least timing_cycles(), at next to no cost.
 */
u64 timing_by(struct timing_model *model);

/*
 * Returns the average cycles of an instruction in a sequence where all goes wrong and none is a
 * FENCE.I or SFENCE.VMA: those empty caches and TLBs, which takes as long as these are large. For a
 * model that adds up prices it holds without that exception. Vectors have that many elements at
 * most.
 */
u64 timing_most(const struct timing_core *core, u64 elements);

/* Returns whether the model times instructions that the host finds by looking ahead. */
bool timing_looks_ahead(const struct timing_model *model);

/*
 * Count the instructions ahead (host.lookahead) that retire before `cycle`: as many as can be
 * known, which may be none. Return true where these are all, and the next retires in it or later.
 */
bool timing_before(struct timing_model *model, u64 cycle, unsigned *count);

/*
 * An interrupt is raised in a cycle before which nothing behind the last record consumed retires:
 * return how many of those ahead (host.lookahead) retire before it is taken. Neither this nor
 * timing_before changes the model's later results.
 */
unsigned timing_behind(struct timing_model *model, u64 cycle);

/*
 * Read the events until timing_cycles(), as event counters show them to the same instruction.
 * Neither changes anything, and both see the same cycle.
 */
void timing_events(struct timing_model *model, struct timing_counts *counts);

/*
 * Read the events until the cycle that the model has come to by itself: no more of them than
 * timing_events() reads, at no cost, and just as reproducible.
 */
void timing_events_behind(struct timing_model *model, struct timing_counts *counts);

/*
 * Retire what is in flight, and report it to the host. The model has to be reset before it is given
 * or asked anything more.
 */
void timing_finish(struct timing_model *model);

/* Returns the mode in which the record was fetched that comes next. */
enum timing_mode timing_mode(const struct timing_model *model);

/*
 * After a reset, set what the first instruction runs in (enum timing_after), if not machine mode.
 */
void timing_begin_in(struct timing_model *model, u8 after);

/* Have the hart sleep for `cycles`, or longer, after its last instruction. */
void timing_wake(struct timing_model *model, u64 cycles);

/* Returns how much was replayed from the memo (memo.h), or NULL where the model has none. */
const struct memo_stats *timing_memo(const struct timing_model *model);

/*
 * Report each step of each instruction from the next timing_reset on; this is called once, and for
 * good. A model that is watched may be slower. Return 0, -ENOMEM, or -ENOTSUP where it has no
 * pipeline.
 */
int timing_watch(struct timing_model *model, const struct timing_viewer *viewer);

/*
 * Replay nothing any more: from then on model->tally has, when a record retires, exactly the events
 * that had happened by then.
 */
void timing_step_all(struct timing_model *model);

/* Register the model's state as part `name` of the machine. */
void timing_register_state(struct timing_model *model, struct state *state, const char *name);

#endif
