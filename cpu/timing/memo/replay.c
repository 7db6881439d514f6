/* SPDX-License-Identifier: MIT */
/*
 * Keeps the state of the memo that a core is in, and moves the core from one state to the next. See
 * replay.h.
 */
#include "cpu/timing/memo/replay_trace.h"
#include "cpu/timing/units/coherence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const u64 one_version = 1;

int replay_init(struct replay *replay)
{
	/* Keys are compared by whole words. */
	size_t size = align_up(replay->kind->key_size, 8);
	unsigned harts = coherence_harts(replay->actions.host->coherence);

	if (!replay->version)
		replay->version = &one_version;
	replay->actions.place = replay->actions.places_of[0];
	replay->key = calloc(1, size);
	return replay->key ? memo_init(&replay->memo, size, memo_share(harts)) : -ENOMEM;
}

void replay_free(struct replay *replay)
{
	memo_free(&replay->memo);
	free(replay->key);
}

void replay_reset(struct replay *replay)
{
	/*
	 * Replays that were not counted yet belong to the time before the reset, and are forgotten.
	 */
	for (; replay->touched; replay->touched = replay->touched->touched)
		replay->touched->replays = 0;
	replay->at = NULL;
	replay->outcome = replay->unreported = NULL;
	replay->synchronized = true;
}

/* Reports an outcome's list to the host, from its n-th entry on; `record` is the next to retire. */
static void replay_report_from(const struct replay *replay, const struct memo_outcome *outcome,
			       unsigned n, u64 record)
{
	retired_pass_on(outcome->list + n, outcome->retired - n, replay->actions.host, record,
			replay->now.cycle);
}

/*
 * Reports the last retirement, and the cycles attributed after it, which is all that a host needs
 * that does not listen to each retirement.
 */
static void replay_report_last(struct replay *replay)
{
	const struct memo_outcome *outcome = replay->unreported;
	const struct timing_host *host = replay->actions.host;
	unsigned first;

	if (!outcome)
		return;
	replay->unreported = NULL;
	for (first = outcome->retired;
	     first && retired_what(outcome->list[first - 1]) != RETIRED_RECORD;)
		first--;
	if (host->commit)
		host->commit(host->ctx, replay->now.retired - 1, replay->now.last);
	replay_report_from(replay, outcome, first, replay->now.retired);
}

void replay_restore(struct replay *replay)
{
	replay_report_last(replay);
	/* If the core was stepped last, its key is still in replay->key. */
	if (replay->keyed != replay->at)
		memo_unpack(&replay->memo, replay->at, replay->key);
	replay->keyed = replay->at;
	replay->kind->pass(replay, &replay->now);
	replay->kind->put(replay);
}

static void replay_add_up(struct replay *replay)
{
	struct memo_outcome *outcome;

	while ((outcome = replay->touched) != NULL) {
		retired_count(replay->tally->count, outcome->list + outcome->retired,
			      outcome->counts, outcome->replays);
		replay->touched = outcome->touched;
		outcome->replays = 0;
	}
}

void replay_count(struct replay *replay)
{
	replay_report_last(replay);
	replay_add_up(replay);
}

void replay_drop(struct replay *replay)
{
	replay_count(replay);
	memo_drop(&replay->memo);
	replay->keyed = NULL;
}

/* Restores what had been counted when the last record retired, if no record is in flight. */
static void restore_seen(struct replay *replay)
{
	const struct memo_outcome *outcome = replay->outcome;

	if (!replay->seen || !outcome || replay->now.retired != replay->now.end)
		return;
	*replay->seen = *replay->tally;
	retired_count(replay->seen->count, outcome->list + outcome->retired + outcome->counts,
		      outcome->tail, UINT64_MAX);
}

void replay_synchronize(struct replay *replay)
{
	if (replay->synchronized)
		return;
	replay_restore(replay);
	replay->kind->resolve(replay);
	replay_count(replay);
	restore_seen(replay);
	replay->synchronized = true;
}

void replay_leave(struct replay *replay)
{
	replay_synchronize(replay);
	replay_reset(replay);
}

void replay_stop(struct replay *replay)
{
	replay_leave(replay);
	replay->off = true;
}

void replay_report(struct replay *replay, struct memo_outcome *outcome)
{
	replay_report_last(replay);
	replay_report_from(replay, outcome, 0, replay->now.retired);
}

void replay_count_through(struct replay *replay, const struct memo_outcome *outcome)
{
	const u32 *counts = outcome->list + outcome->retired;
	struct timing_tally *tally = replay->tally;

	replay_add_up(replay);
	for (unsigned n = 0; n < outcome->counts; n++) {
		if (retired_event(counts[n]) != ACTIONS_COUNT_MODE) {
			retired_count(tally->count, &counts[n], 1, 1);
			continue;
		}
		tally->count[TIMING_CYCLES] = replay->now.cycle + counts[n + 1];
		timing_tally_enter(tally, counts[n++] >> RETIRED_COUNT_SHIFT);
	}
}

void replay_enter(struct replay *replay)
{
	if (replay->at || replay->off || !replay->kind->exists(replay))
		return;
	replay->actions.places = replay->kind->take(replay, replay->actions.place);
	replay->at = memo_node(&replay->memo, replay->key);
	replay->keyed = replay->at;
	replay->outcome = NULL;
	replay->now = replay->kind->progress(replay);
	if (!replay->at)
		replay_drop(replay);
}
