/* SPDX-License-Identifier: MIT */
/* Makes traces of runs that have not been met in this state; see replay_along.h. */
#include "cpu/timing/memo/replay_along.h"

/*
 * Returns whether an instruction has two operands that have places, like replay_placed for a
 * record.
 */
static bool is_placed(const struct replay *replay, const struct timing_insn *insn)
{
	return insn->flags || (replay->kind->passes && replay->kind->passes(insn->op, insn->raw));
}

/*
 * Returns whether a run can be a trace as a whole. Counts its items, and those among them whose
 * operands have places.
 */
static bool replay_runs_fits(const struct replay *replay, const struct timing_run *run,
			     unsigned *places, unsigned *items)
{
	*places = *items = 0;
	if (run->count > REPLAY_RUN_MAX)
		return false;
	for (unsigned n = 0; n < run->count; n++) {
		const struct timing_insn *insn = &run->block->insn[n];

		if (replay->kind->steps(insn->op, 0) || (insn->flags && insn->size > 8))
			return false;
		*places += is_placed(replay, insn);
		*items += is_placed(replay, insn) || replay->kind->has_operands(insn->op);
	}
	return true;
}

static void fill_items(struct replay *replay, struct memo_trace *trace,
		       const struct timing_run *run)
{
	struct memo_item *place = trace->item, *value = trace->item + trace->places;
	u32 at = 0;

	for (unsigned n = 0; n < run->count; n++) {
		const struct timing_insn *insn = &run->block->insn[n];
		u32 which = n << REPLAY_ITEM_INSN;

		if (is_placed(replay, insn))
			*place++ = (struct memo_item){ at, which | (insn->flags != 0) };
		else if (replay->kind->has_operands(insn->op))
			*value++ = (struct memo_item){
				at, which | replay_operands(replay, run, n, at),
			};
		at += insn->words;
	}
}

/* Returns the trace, or NULL if the run cannot be a trace or the memo is full. */
struct memo_trace *replay_new_trace(struct replay *replay, const struct timing_run *run)
{
	unsigned places, items;
	struct memo_trace *trace;

	if (!replay_runs_fits(replay, run, &places, &items))
		return NULL;
	trace = memo_trace_add(&replay->memo, replay->at, items);
	if (!trace)
		return NULL;
	trace->code = replay_code(run);
	trace->pc = run->pc;
	trace->next_pc = timing_run_next_pc(run);
	trace->count = run->count;
	trace->places = (u16)places;
	fill_items(replay, trace, run);
	return trace;
}

void replay_new_chain(struct replay *replay, struct memo_trace *trace, const struct timing_run *run)
{
	struct timing_record records[REPLAY_RUN_MAX];
	const u64 *operand = run->operand;

	timing_run_records(run, 0, run->count, &operand, records);
	replay_record_trace(replay, trace, records, run->count);
}

void replay_run_records(struct replay *replay, const struct timing_run *run)
{
	const u64 *operand = run->operand;
	struct timing_record record;

	for (unsigned n = 0; n < run->count; n++) {
		timing_run_record(run, n, &operand, &record);
		replay->actions.base = n;
		if (replay_consume(replay, &record, 1))
			continue;
		actions_reach(&replay->actions, 1);
		replay->kind->step(replay, &record, 1);
	}
	replay->actions.base = 0;
}
