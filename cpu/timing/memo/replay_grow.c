/* SPDX-License-Identifier: MIT */
/* Stepping a trace and recording it in the memo. See replay.h. */
#include "cpu/timing/memo/replay_trace.h"

#include <string.h>

/*
 * Fills in an outcome except its lists. For each place of the new state, `from` gets the token that
 * the core has there; `tail` gets the list of that name. Returns false if the trace cannot be
 * stored.
 */
static bool replay_grow_describe(struct replay *replay, const struct replay_progress *old,
				 struct memo_outcome *head, u64 *from, u32 *tail)
{
	const struct replay_progress now = replay->kind->progress(replay);
	struct actions *actions = &replay->actions;
	unsigned length = 0;

	replay->keyed = NULL;
	*head = (struct memo_outcome){
		.places = (u16)replay->kind->take(replay, from),
		.retired = (u16)actions->retired.count,
		.enters = actions->entered,
		.cycles = (u32)(now.cycle - old->cycle),
		.records = (u16)(now.retired - old->retired),
	};
	head->last = head->records ? (u32)(now.last - old->cycle) : 0;
	actions_count(actions, replay->tally);
	if (replay->seen && now.retired == now.end &&
	    !retired_counts(replay->seen->count, replay->tally->count, tail, TIMING_EVENTS,
			    &length))
		return false;
	head->counts = (u16)actions->counts_count;
	head->tail = (u16)length;
	if (actions->log.refused || actions->retired.overflown)
		return false;
	head->node = memo_node(&replay->memo, replay->key);
	replay->keyed = head->node;
	return head->node;
}

/*
 * Makes the outcome of the trace, and adds the state after it. Returns NULL if the trace cannot be
 * stored.
 */
static struct memo_outcome *make_outcome(struct replay *replay, const struct replay_progress *old)
{
	struct memo_outcome head, *outcome;
	const struct actions *actions = &replay->actions;
	u32 tail[TIMING_EVENTS], *list;
	u64 from[ACTIONS_PLACES];

	if (!replay_grow_describe(replay, old, &head, from, tail))
		return NULL;
	outcome = memo_outcome_add(&replay->memo, &head);
	if (!outcome)
		return NULL;
	for (unsigned n = 0; n < head.places; n++)
		outcome->place[n] = (u16)actions_token_place(from[n]);
	list = outcome->list;
	memcpy(list, actions->retired.list, head.retired * sizeof(*list));
	memcpy(list + head.retired, actions->counts, head.counts * sizeof(*list));
	memcpy(list + head.retired + head.counts, tail, head.tail * sizeof(*list));
	return outcome;
}

/*
 * Replaces the addresses in a record by tokens. The physical address of an access that faulted is
 * not known, and stays 0.
 */
static void tokenize(const struct replay *replay, struct timing_record *record, unsigned *place)
{
	bool memory = replay_touches_memory(record);
	u64 first = actions_token(*place), second = actions_token(*place + 1);

	if (!replay_placed(replay, record))
		return;
	*place += 2;
	if (memory) {
		record->va = first;
		record->pa = record->pa ? second : 0;
	} else {
		record->a = first;
		record->b = second;
	}
}

/* Steps a trace. Its records get tokens in place of addresses, numbered like their places. */
static void step_trace(struct replay *replay, const struct timing_record *records, unsigned count)
{
	struct timing_record tokens[REPLAY_RECORDS_MAX];
	unsigned place = replay->actions.places;

	for (unsigned n = 0; n < count; n++) {
		tokens[n] = records[n];
		tokenize(replay, &tokens[n], &place);
	}
	replay->actions.places = place;
	for (unsigned n = 0, group; n < count; n += group) {
		group = MIN(1u + records[n].shadows, count - n);
		replay->actions.consumed = n + group;
		actions_reach(&replay->actions, n + group);
		replay->kind->step(replay, &tokens[n], group);
	}
}

/* Prepares the core for continuing without the memo. */
static void replay_grow_leave(struct replay *replay, const struct timing_record *records,
			      unsigned count)
{
	replay->kind->resolve(replay);
	if (replay->kind->replace)
		replay->kind->replace(replay, records, count);
	if (replay->memo.full)
		replay_drop(replay);
	replay_reset(replay);
}

void replay_record_trace(struct replay *replay, struct memo_trace *trace,
			 const struct timing_record *records, unsigned count)
{
	const struct replay_kind *kind = replay->kind;
	struct actions *actions = &replay->actions;
	const struct replay_progress before = replay->now;
	struct memo_outcome *outcome = NULL;

	replay_count(replay);
	replay_restore(replay);
	actions->retired.count = actions->counts_count = 0;
	actions->retired.overflown = false;
	actions->entered = false;
	memcpy(actions->counted, replay->tally->count, sizeof(actions->counted));
	actions->begin = before.cycle;
	memo_log_begin(&actions->log, actions->log.known_count);
	kind->record_actions(replay, true);
	step_trace(replay, records, count);
	kind->record_actions(replay, false);
	replay->memo.stats.grown++;
	if (trace && !actions->log.refused && kind->exists(replay))
		outcome = make_outcome(replay, &before);
	replay->now = kind->progress(replay);
	if (outcome && memo_grow(&replay->memo, trace, &actions->log, outcome))
		replay_arrive(replay, outcome);
	else
		replay_grow_leave(replay, records, count);
}
