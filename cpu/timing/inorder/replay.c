/* SPDX-License-Identifier: MIT */
/* Replays traces, and steps and records new ones. See replay.h. */
#include "cpu/timing/inorder/replay.h"

#include "cpu/timing/inorder/perform.h"
#include "cpu/timing/memo/memo_find.h"
#include "cpu/timing/units/coherence.h"

#include <string.h>

/* Indexes of a record's operands, in the same order as in a run: addresses, then values. */
enum { OPERAND_VA, OPERAND_PA, OPERAND_A, OPERAND_B, OPERAND_C, OPERANDS };

/* The number of items that describe a record, which is all of it except addresses and values. */
#define RECORD_ITEMS 2
#define ITEM_AFTER 16
#define ITEM_SIZE 24
#define ITEM_CAUSE 16

int inorder_replay_init(struct inorder_replay *replay, struct inorder *core)
{
	unsigned harts = coherence_harts(core->host.coherence);

	replay->core = core;
	core->actions.log.perform = inorder_perform;
	return memo_init(&replay->memo, sizeof(replay->key), memo_share(harts));
}

void inorder_replay_free(struct inorder_replay *replay)
{
	memo_free(&replay->memo);
}

static void inorder_replay_detach(struct inorder_replay *replay)
{
	replay->at = NULL;
	replay->outcome = NULL;
	replay->synchronized = true;
}

void inorder_replay_reset(struct inorder_replay *replay)
{
	/*
	 * Replays that were not counted yet belong to the time before the reset, and are forgotten.
	 */
	for (; replay->touched; replay->touched = replay->touched->touched)
		replay->touched->replays = 0;
	replay->unreported = false;
	inorder_replay_detach(replay);
}

/* Reports the last retirement to a host that does not listen to each of them. */
static void inorder_replay_report_last(struct inorder_replay *replay)
{
	const struct inorder *core = replay->core;

	if (replay->unreported && core->host.commit)
		core->host.commit(core->host.ctx, core->records - 1, core->issue.last);
	replay->unreported = false;
}

void inorder_replay_count(struct inorder_replay *replay)
{
	u64 *count = replay->core->model.tally.count;
	struct memo_outcome *outcome;

	inorder_replay_report_last(replay);
	while ((outcome = replay->touched) != NULL) {
		retired_count(count, outcome->list + outcome->retired, outcome->counts,
			      outcome->replays);
		replay->touched = outcome->touched;
		outcome->replays = 0;
	}
}

/* Sets the core's timestamps to those of its state in the memo. */
static void inorder_replay_restore(struct inorder_replay *replay)
{
	inorder_replay_count(replay);
	if (replay->synchronized)
		return;
	memo_unpack(&replay->memo, replay->at, &replay->key);
	inorder_key_put(&replay->key, replay->core, replay->base);
	replay->synchronized = true;
}

void inorder_replay_synchronize(struct inorder_replay *replay)
{
	inorder_replay_restore(replay);
	inorder_replay_detach(replay);
}

void inorder_replay_show(struct inorder_replay *replay)
{
	inorder_replay_synchronize(replay);
	if (inorder_key_take(&replay->key, replay->core))
		inorder_key_put(&replay->key, replay->core, inorder_key_base(replay->core));
}

static void inorder_replay_drop(struct inorder_replay *replay)
{
	inorder_replay_count(replay);
	memo_drop(&replay->memo);
}

/* Finds out which state of the memo the core is in, or adds it. */
static ALWAYS_INLINE void inorder_replay_enter(struct inorder_replay *replay)
{
	const struct inorder *core = replay->core;

	if (replay->at || replay->off || !inorder_key_take(&replay->key, core))
		return;
	replay->base = inorder_key_base(core);
	replay->at = memo_node(&replay->memo, &replay->key);
	if (!replay->at)
		inorder_replay_drop(replay);
}

/* A trace that is being consumed. `operand` points to its first operand. */
struct trace {
	const struct timing_run *run; /* NULL: the trace is one record */
	const struct timing_record *record;
	const u64 *operand;
	u16 access; /* TIMING_TRANSLATED or 0; other flags are ignored */
	u64 pc, next_pc;
	unsigned count;
	u8 after;
};

static ALWAYS_INLINE void inorder_replay_begin(struct inorder_replay *replay,
					       const struct trace *trace)
{
	struct inorder_actions *actions = &replay->core->actions;

	actions->operand = trace->operand;
	actions->pc = trace->pc;
	actions->next_pc = trace->next_pc;
	actions->translated = (u64)(trace->access & TIMING_TRANSLATED) *
			      (INORDER_ACCESS_TRANSLATED / TIMING_TRANSLATED);
	actions->begin = replay->at ? replay->base : inorder_key_base(replay->core);
	actions->log.known_count = 0;
}

/* Notes whether watched code has changed. It never changes while records or runs are consumed. */
static void look_at_code(struct inorder *core)
{
	const u64 *changes = core->host.code_changes;

	if (changes && *changes != core->actions.code_changes) {
		core->actions.code_changes = *changes;
		inorder_mmu_fetch_changed(&core->mmu);
	}
}

static void step_run(struct inorder *core, const struct timing_run *run)
{
	struct inorder_actions *actions = &core->actions;
	const u64 *operand = run->operand;
	struct timing_record record;

	for (unsigned n = 0; n < run->count; n++) {
		actions->memory = actions->values = (unsigned)(operand - run->operand);
		actions->consumed = n + 1;
		timing_run_record(run, n, &operand, &record);
		inorder_step(core, &record);
	}
}

static void inorder_replay_step(struct inorder *core, const struct trace *trace)
{
	struct inorder_actions *actions = &core->actions;

	if (trace->run) {
		step_run(core, trace->run);
		return;
	}
	actions->memory = OPERAND_VA;
	actions->values = OPERAND_A;
	actions->consumed = 1;
	inorder_step(core, trace->record);
}

static bool inorder_replay_listens(const struct inorder_replay *replay)
{
	const struct timing_host *host = &replay->core->host;

	return !host->listens || *host->listens;
}

/* Reports the list of a trace to the host, as if the trace had been stepped. */
static ALWAYS_INLINE void inorder_replay_report(struct inorder_replay *replay, const u32 *list,
						unsigned count)
{
	const struct inorder *core = replay->core;

	/* No cycles are attributed after the last retirement, so only that has to be reported. */
	if (!inorder_replay_listens(replay)) {
		replay->unreported = true;
		return;
	}
	inorder_replay_report_last(replay);
	retired_pass_on(list, count, &core->host, core->records, core->actions.begin);
}

/* Changes the mode after a record. In a run it does not change. */
static void change_mode(struct inorder_replay *replay, u8 after)
{
	struct timing_tally *tally = &replay->core->model.tally;

	replay->core->mmu.after = after;
	if (timing_mode_of(after) == tally->mode)
		return;
	inorder_replay_count(replay);
	timing_tally_enter(tally, timing_mode_of(after));
}

static ALWAYS_INLINE void pass_time(struct inorder_replay *replay, const struct trace *trace,
				    u64 last)
{
	struct inorder *core = replay->core;

	core->issue.last = core->model.tally.count[TIMING_CYCLES] = last;
	core->records += trace->count;
	if (!trace->run)
		change_mode(replay, trace->after);
}

/* Counts a replay of an outcome. Its events are added up later. */
static ALWAYS_INLINE void inorder_replay_touch(struct inorder_replay *replay,
					       struct memo_outcome *outcome)
{
	if (outcome->replays++)
		return;
	outcome->touched = replay->touched;
	replay->touched = outcome;
}

static ALWAYS_INLINE void inorder_replay_apply(struct inorder_replay *replay,
					       struct memo_outcome *outcome,
					       const struct trace *trace)
{
	inorder_replay_report(replay, outcome->list, outcome->retired);
	inorder_replay_touch(replay, outcome);
	pass_time(replay, trace, replay->base + outcome->last);
	replay->base += outcome->cycles;
	replay->at = outcome->node;
	replay->outcome = outcome;
	replay->synchronized = false;
}

/*
 * Makes the outcome of the trace, and adds the state after it. Returns NULL if the trace cannot be
 * stored.
 */
static struct memo_outcome *inorder_replay_make_outcome(struct inorder_replay *replay, u64 base)
{
	static const u64 none[TIMING_EVENTS];
	const struct inorder *core = replay->core;
	const struct retired *retired = &core->report.list;
	struct memo_outcome head = { .retired = (u16)retired->count }, *outcome;
	u32 counts[TIMING_EVENTS];
	unsigned length;

	if (retired->overflown ||
	    !retired_counts(none, replay->tally.count, counts, TIMING_EVENTS, &length))
		return NULL;
	head.counts = (u16)length;
	if (!inorder_key_take(&replay->key, core))
		return NULL;
	head.cycles = (u32)(inorder_key_base(core) - base);
	head.last = (u32)(core->issue.last - base);
	head.node = memo_node(&replay->memo, &replay->key);
	outcome = memo_outcome_add(&replay->memo, &head);
	if (!head.node || !outcome)
		return NULL;
	memcpy(outcome->list, retired->list, head.retired * sizeof(u32));
	memcpy(outcome->list + head.retired, counts, head.counts * sizeof(u32));
	return outcome;
}

/* Reports and counts a trace that is not stored in the memo. The core is then in no state of it. */
static void inorder_replay_leave(struct inorder_replay *replay, const struct trace *trace)
{
	struct inorder *core = replay->core;

	inorder_replay_report(replay, core->report.list.list, core->report.list.count);
	for (unsigned event = 0; event < TIMING_EVENTS; event++)
		core->model.tally.count[event] += replay->tally.count[event];
	pass_time(replay, trace, core->issue.last);
	inorder_replay_count(replay);
	if (replay->memo.full)
		inorder_replay_drop(replay);
	inorder_replay_detach(replay);
}

/* Steps a trace and records it. Some results of its actions may be known already. */
static NOINLINE void inorder_replay_record_trace(struct inorder_replay *replay,
						 struct memo_trace *memo, const struct trace *trace)
{
	struct inorder *core = replay->core;
	struct inorder_report *report = &core->report;
	struct memo_log *log = &core->actions.log;
	u64 records = core->records;
	struct memo_outcome *outcome = NULL;

	inorder_replay_restore(replay);
	memset(replay->tally.count, 0, sizeof(replay->tally.count));
	replay->tally.mode = core->model.tally.mode;
	report->tally = &replay->tally;
	report->host = NULL;
	report->list.count = 0;
	report->list.overflown = false;
	memo_log_begin(log, log->known_count);
	core->actions.recording = true;
	inorder_replay_step(core, trace);
	core->actions.recording = false;
	report->host = &core->host;
	report->tally = &core->model.tally;
	core->records = records;
	replay->memo.stats.grown++;
	if (memo && !log->refused)
		outcome = inorder_replay_make_outcome(replay, replay->base);
	if (outcome && memo_grow(&replay->memo, memo, log, outcome))
		inorder_replay_apply(replay, outcome, trace);
	else
		inorder_replay_leave(replay, trace);
}

/*
 * Replays a trace. Returns false if it was not met in this state, or a result of its actions is
 * new.
 */
static ALWAYS_INLINE bool inorder_replay_follow(struct inorder_replay *replay,
						const struct memo_trace *memo,
						const struct trace *trace)
{
	struct inorder_actions *actions = &replay->core->actions;
	struct memo_outcome *outcome;

	if (!memo || !memo->first)
		return false;
	outcome = memo_follow(memo, &actions->log, inorder_perform_inline, actions,
			      &actions->core->mmu.fetch_version);
	if (!outcome)
		return false;
	inorder_replay_apply(replay, outcome, trace);
	replay->memo.stats.followed++;
	replay->memo.stats.records += trace->count;
	return true;
}

static void inorder_replay_describe(const struct timing_record *record,
				    struct memo_item item[RECORD_ITEMS])
{
	item[0] = (struct memo_item){
		record->raw, record->flags | (u32)record->after << ITEM_AFTER |
				     (u32)record->size << ITEM_SIZE,
	};
	item[1] = (struct memo_item){
		record->op | (u32)record->cause << ITEM_CAUSE, record->shadows,
	};
}

static bool is_of_record(const struct memo_trace *memo, const void *ctx)
{
	const struct timing_record *record = ctx;
	struct memo_item item[RECORD_ITEMS];

	if (memo->code || memo->pc != record->pc || memo->next_pc != record->next)
		return false;
	inorder_replay_describe(record, item);
	return !memcmp(memo->item, item, sizeof(item));
}

static struct memo_trace *find_record(struct inorder_replay *replay,
				      const struct timing_record *record)
{
	struct memo_trace *memo = memo_find(replay->at, replay->outcome, 0, is_of_record, record);

	if (memo)
		return memo;
	memo = memo_trace_add(&replay->memo, replay->at, RECORD_ITEMS);
	if (!memo)
		return NULL;
	memo->pc = record->pc;
	memo->next_pc = record->next;
	inorder_replay_describe(record, memo->item);
	return memo;
}

void inorder_replay_record(struct inorder_replay *replay, const struct timing_record *record)
{
	struct memo_trace *memo;
	const u64 operand[OPERANDS] = {
		record->va, record->pa, record->a, record->b, record->c,
	};
	const struct trace trace = {
		.record = record, .operand = operand, .after = record->after,
		.access = record->flags, .count = 1u + record->shadows,
		.pc = record->pc, .next_pc = record->next,
	};

	look_at_code(replay->core);
	inorder_replay_enter(replay);
	inorder_replay_begin(replay, &trace);
	if (!replay->at) {
		inorder_replay_step(replay->core, &trace);
		return;
	}
	memo = find_record(replay, record);
	if (!inorder_replay_follow(replay, memo, &trace))
		inorder_replay_record_trace(replay, memo, &trace);
}

static ALWAYS_INLINE bool is_of_run(const struct memo_trace *memo, const void *ctx)
{
	const struct timing_run *run = ctx;

	return memo->code == run->block->id && memo->pc == run->pc &&
	       memo->next_pc == timing_run_next_pc(run) && memo->count == run->count;
}

static ALWAYS_INLINE struct memo_trace *find_run(struct inorder_replay *replay,
						 const struct timing_run *run)
{
	struct memo_trace *memo = memo_find(replay->at, replay->outcome,
					    memo_guess(run->next, run->count), is_of_run, run);

	if (memo)
		return memo;
	memo = memo_trace_add(&replay->memo, replay->at, 0);
	if (!memo)
		return NULL;
	memo->code = run->block->id;
	memo->pc = run->pc;
	memo->next_pc = timing_run_next_pc(run);
	memo->count = run->count;
	return memo;
}

/* Consumes a run record by record, if the mode and flags of its records are not the core's. */
static void consume_records(struct inorder_replay *replay, const struct timing_run *run)
{
	const u64 *operand = run->operand;
	struct timing_record record;

	for (unsigned n = 0; n < run->count; n++) {
		timing_run_record(run, n, &operand, &record);
		replay->core->actions.base = n;
		inorder_replay_record(replay, &record);
	}
	replay->core->actions.base = 0;
}

static ALWAYS_INLINE struct trace trace_of(const struct timing_run *run)
{
	return (struct trace){
		.run = run, .operand = run->operand, .access = run->access,
		.pc = run->pc, .next_pc = run->next, .count = run->count, .after = run->after,
	};
}

/*
 * Steps a run that could not be replayed; `memo` may be NULL. This is a separate function so that
 * the caller keeps `trace` in registers.
 */
static NOINLINE void step_run_anew(struct inorder_replay *replay, struct memo_trace *memo,
				   const struct timing_run *run)
{
	const struct trace trace = trace_of(run);

	if (run->after != replay->core->mmu.after)
		consume_records(replay, run);
	else if (replay->at)
		inorder_replay_record_trace(replay, memo, &trace);
	else
		inorder_replay_step(replay->core, &trace);
}

static ALWAYS_INLINE void consume_run(struct inorder_replay *replay, const struct timing_run *run)
{
	const struct trace trace = trace_of(run);
	struct inorder *core = replay->core;
	struct memo_trace *memo = NULL;

	core->actions.run = run;
	core->actions.reached = 0;
	inorder_replay_enter(replay);
	inorder_replay_begin(replay, &trace);
	if (likely(replay->at && run->after == core->mmu.after)) {
		memo = find_run(replay, run);
		if (likely(inorder_replay_follow(replay, memo, &trace)))
			return;
	}
	step_run_anew(replay, memo, run);
}

void inorder_replay_runs(struct inorder_replay *replay, const struct timing_run *run,
			 const struct timing_run *end)
{
	look_at_code(replay->core);
	for (; run != end; run = timing_run_next(run))
		consume_run(replay, run);
	replay->core->actions.run = NULL;
}
