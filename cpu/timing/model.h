/* SPDX-License-Identifier: MIT */
/*
 * A timing model: consumes the records of what a hart did and says which cycle it is. It lags: an
 * instruction is timed once those behind it are known. It owns its caches, predictors and TLBs
 * and asks its host for bytes of memory alone; it never changes what the hart does.
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
 * A model of a core; timing_reset comes before anything else. The core's description and the
 * host's isa must outlive it. NULL: no memory.
 */
struct timing_model *timing_create(const struct timing_core *core, const struct timing_host *host);
void timing_free(struct timing_model *model);

/* Its caches empty, in the first cycle after reset, about to fetch from `pc`. */
void timing_reset(struct timing_model *model, u64 pc);

/*
 * What is in force where a core begins amid a run, to be told right after timing_reset; else that
 * is machine mode, and nothing is translated or protected. satp is that of the host where V is 1.
 */
struct timing_context {
	u64 satp, vsatp, hgatp;
	struct pmp pmp;
	u8 after; /* enum timing_after */
};
void timing_enter(struct timing_model *model, const struct timing_context *context);

/* Records in program order. `count` is at most TIMING_BATCH. */
#define TIMING_BATCH 1024
void timing_consume(struct timing_model *model, const struct timing_record *records,
		    unsigned count);

/* Of what a trap kept from being done, how many records can matter to it? At most so many come. */
unsigned timing_shadows(const struct timing_model *model);

/* Does it take runs of blocks (run.h) in place of their records? They follow each other. */
bool timing_takes_runs(const struct timing_model *model);
void timing_consume_runs(struct timing_model *model, const struct timing_run *run,
			 const struct timing_run *end);

/*
 * The cycle, since reset, in which the last record consumed leaves the pipeline: what the counter
 * of cycles shows to that instruction. Changes nothing: it may be asked at any record. Never less
 * than it was.
 */
u64 timing_cycles(struct timing_model *model);

/*
 * The cycle by which the last record consumed has left, if on the average none that is under way
 * takes longer than timing_most() says: no less than timing_cycles(), at next to no cost.
 */
u64 timing_by(struct timing_model *model);

/*
 * What an instruction of the core takes on the average of some in a row, where all goes wrong and
 * none is a FENCE.I or SFENCE.VMA: those empty caches and TLBs, which takes as long as these are
 * large. A model of prices has no such exception.
 */
u64 timing_most(const struct timing_core *core);

/* Does it tell what becomes of instructions that the host finds by looking ahead? */
bool timing_looks_ahead(const struct timing_model *model);

/*
 * How many of the instructions ahead (host.lookahead) leave before that cycle: as many as can be
 * told, which may be none. True: those are all, the next leaves in it or behind it.
 */
bool timing_before(struct timing_model *model, u64 cycle, unsigned *count);

/*
 * An interrupt is raised in a cycle that what follows the last record consumed does not leave
 * before: how many of those ahead (host.lookahead) leave before it is taken. Neither this nor
 * timing_before changes what the model tells.
 */
unsigned timing_behind(struct timing_model *model, u64 cycle);

/*
 * The events that happened until that cycle, as counters of them show to the same instruction. Both
 * change nothing, and see the same cycle.
 */
void timing_events(struct timing_model *model, struct timing_counts *counts);

/*
 * The events until the cycle that the model has come to by itself: no more than timing_events(), at
 * no cost, and no less reproducible.
 */
void timing_events_behind(struct timing_model *model, struct timing_counts *counts);

/*
 * What is under way leaves, and the host is told so. The model has to be reset before it is given
 * more or asked.
 */
void timing_finish(struct timing_model *model);

/* What it is given next was fetched in this mode. */
enum timing_mode timing_mode(const struct timing_model *model);

/* After a reset: what the first instruction runs in (enum timing_after), if not in machine mode. */
void timing_begin_in(struct timing_model *model, u8 after);

/* The hart sleeps for `cycles` after its last instruction, or as much longer. */
void timing_wake(struct timing_model *model, u64 cycles);

/* What was taken from what the model has met before (memo.h); NULL: nothing ever is. */
const struct memo_stats *timing_memo(const struct timing_model *model);

/*
 * Have each step of each instruction told from the next timing_reset on; once, and for good. A
 * model that is watched may be slower. 0, -ENOMEM, or -ENOTSUP: it has no pipeline.
 */
int timing_watch(struct timing_model *model, const struct timing_viewer *viewer);

/*
 * Have nothing taken from a memo any more: then what model->tally says when a record leaves is what
 * had happened by then, to the event.
 */
void timing_step_all(struct timing_model *model);

/* The model's state, as part `name` of the machine. */
void timing_register_state(struct timing_model *model, struct state *state, const char *name);

#endif
