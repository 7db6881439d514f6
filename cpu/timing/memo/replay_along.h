/* SPDX-License-Identifier: MIT */
/*
 * Replays runs (run.h) that were recorded before. The code that each trace needs is inlined here
 * into a function of the kind, with the kind's function for actions. A block's id identifies its
 * instructions. Of its operands only addresses are read, and values on which divisions depend.
 */
#ifndef CPU_TIMING_MEMO_REPLAY_ALONG_H
#define CPU_TIMING_MEMO_REPLAY_ALONG_H

#include "cpu/timing/memo/memo_find.h"
#include "cpu/timing/memo/replay_trace.h"

/*
 * The facts of an item: the index of an instruction, and in the bits below it a number on which the
 * time of its division depends; or for a place, whether it is a memory operand.
 */
#define REPLAY_ITEM_INSN 8
#define REPLAY_ITEM_OPERANDS (BIT(REPLAY_ITEM_INSN) - 1)

/* Bits above the block's id, which never gets so large: enum timing_after, TIMING_TRANSLATED. */
#define REPLAY_CODE_AFTER 56
#define REPLAY_CODE_TRANSLATED 62

/*
 * Returns a number that identifies a run's instructions, and the mode and flags that they run in.
 */
static ALWAYS_INLINE u64 replay_code(const struct timing_run *run)
{
	bool translated = run->access & TIMING_TRANSLATED;

	return run->block->id | (u64)run->after << REPLAY_CODE_AFTER |
	       (u64)translated << REPLAY_CODE_TRANSLATED;
}

static ALWAYS_INLINE u32 replay_operands(struct replay *replay, const struct timing_run *run,
					 unsigned insn, unsigned at)
{
	return replay->kind->operands(replay, run->block->insn[insn].raw, &run->operand[at]);
}

struct replay_wanted {
	struct replay *replay;
	const struct timing_run *run;
};

static ALWAYS_INLINE bool replay_matches(const struct memo_trace *trace, const void *ctx)
{
	const struct replay_wanted *wanted = ctx;
	const struct timing_run *run = wanted->run;

	if (trace->next_pc != timing_run_next_pc(run) || trace->code != replay_code(run) ||
	    trace->pc != run->pc || trace->count != run->count)
		return false;
	for (unsigned n = trace->places; n < trace->items; n++) {
		const struct memo_item *item = &trace->item[n];
		unsigned insn = item->facts >> REPLAY_ITEM_INSN;

		if (replay_operands(wanted->replay, run, insn, item->raw) !=
		    (item->facts & REPLAY_ITEM_OPERANDS))
			return false;
	}
	return true;
}

/*
 * Sets the places of the operands. Returns false if the physical address of a memory operand is not
 * known.
 */
static ALWAYS_INLINE bool replay_place_operands(struct replay *replay,
						const struct memo_trace *trace,
						const struct timing_run *run)
{
	bool good = true;

	for (unsigned n = 0; n < trace->places; n++) {
		const struct memo_item *item = &trace->item[n];
		const u64 *operand = &run->operand[item->raw];

		replay_place(replay, n, operand);
		good &= operand[1] || !(item->facts & REPLAY_ITEM_OPERANDS);
	}
	return good;
}

/* Makes the trace of a new run (replay_runs.c). Returns it, or NULL. */
struct memo_trace *replay_new_trace(struct replay *replay, const struct timing_run *run);
/* Steps the trace. Its operands are in their places, and its known results in the log. */
void replay_new_chain(struct replay *replay, struct memo_trace *trace,
		      const struct timing_run *run);
/* Consumes a run that cannot be a trace, record by record: the core may have to step it. */
void replay_run_records(struct replay *replay, const struct timing_run *run);

static ALWAYS_INLINE struct memo_trace *replay_trace(struct replay *replay,
						     const struct timing_run *run)
{
	const struct replay_wanted wanted = { replay, run };
	struct memo_trace *trace;

	if (unlikely(!replay->at))
		replay_enter(replay);
	if (unlikely(!replay->at))
		return NULL;
	trace = memo_find(replay->at, replay->outcome, memo_guess(run->next, run->count),
			  replay_matches, &wanted);
	if (unlikely(!trace))
		trace = replay_new_trace(replay, run);
	return trace && replay_place_operands(replay, trace, run) ? trace : NULL;
}

/* A kind's timing_kind.runs calls this with the kind's function for actions. */
static ALWAYS_INLINE void replay_along(struct replay *replay, const struct timing_run *run,
				       const struct timing_run *end, memo_perform *perform)
{
	for (; run != end; run = timing_run_next(run)) {
		struct memo_outcome *outcome = NULL;
		struct memo_trace *trace;

		replay->actions.run = run;
		trace = replay_trace(replay, run);
		if (unlikely(!trace)) {
			replay_run_records(replay, run);
			continue;
		}
		replay->actions.log.known_count = 0;
		if (likely(trace->first))
			outcome = actions_follow(&replay->actions, trace, perform, replay->version);
		if (likely(outcome))
			replay_apply(replay, outcome, run->count);
		else
			replay_new_chain(replay, trace, run);
	}
	replay->actions.run = NULL;
}

#endif
