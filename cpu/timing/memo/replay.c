/* SPDX-License-Identifier: MIT */
/* A model with a memo: where it is, and how it gets there. See replay.h. */
#include "cpu/timing/memo/replay_parts.h"
#include "cpu/timing/units/coherence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const u64 one_version = 1;

int recall_init(struct recall *recall)
{
	/* Whole words are compared. */
	size_t size = align_up(recall->kind->key_size, 8);
	unsigned harts = coherence_harts(recall->asker.host->coherence);

	if (!recall->version)
		recall->version = &one_version;
	recall->asker.place = recall->asker.places_of[0];
	recall->key = calloc(1, size);
	return recall->key ? memo_init(&recall->memo, size, memo_share(harts)) : -ENOMEM;
}

void recall_free(struct recall *recall)
{
	memo_free(&recall->memo);
	free(recall->key);
}

void recall_reset(struct recall *recall)
{
	/* What is not counted yet was of another life. */
	for (; recall->touched; recall->touched = recall->touched->touched)
		recall->touched->taken = 0;
	recall->at = NULL;
	recall->leaf = recall->departed = NULL;
	recall->settled = true;
}

/* What the host was told from the n-th on, `record` being the next to leave. */
static void tell_from(const struct recall *recall, const struct memo_leaf *leaf, unsigned n,
		      u64 record)
{
	told_pass_on(leaf->list + n, leaf->told - n, recall->asker.host, record,
		     recall->now.cycle);
}

/* The last departure, and what was spent behind it: more than that nobody wanted to know. */
static void tell_departed(struct recall *recall)
{
	const struct memo_leaf *leaf = recall->departed;
	const struct timing_host *host = recall->asker.host;
	unsigned behind;

	if (!leaf)
		return;
	recall->departed = NULL;
	for (behind = leaf->told; behind && told_what(leaf->list[behind - 1]) != TOLD_LEFT;)
		behind--;
	if (host->commit)
		host->commit(host->ctx, recall->now.left - 1, recall->now.last);
	tell_from(recall, leaf, behind, recall->now.left);
}

void recall_restore(struct recall *recall)
{
	tell_departed(recall);
	memo_unpack(&recall->memo, recall->at, recall->key);
	recall->kind->pass(recall, &recall->now);
	recall->kind->put(recall);
}

static void add_up(struct recall *recall)
{
	struct memo_leaf *leaf;

	while ((leaf = recall->touched) != NULL) {
		told_count(recall->tally->count, leaf->list + leaf->told, leaf->counts,
			   leaf->taken);
		recall->touched = leaf->touched;
		leaf->taken = 0;
	}
}

void recall_count(struct recall *recall)
{
	tell_departed(recall);
	add_up(recall);
}

void recall_drop(struct recall *recall)
{
	recall_count(recall);
	memo_drop(&recall->memo);
}

/* What had been counted when the last record left, if it is the last of all. */
static void restore_seen(struct recall *recall)
{
	const struct memo_leaf *leaf = recall->leaf;

	if (!recall->seen || !leaf || recall->now.left != recall->now.end)
		return;
	*recall->seen = *recall->tally;
	told_count(recall->seen->count, leaf->list + leaf->told + leaf->counts, leaf->tail,
		   UINT64_MAX);
}

void recall_settle(struct recall *recall)
{
	if (recall->settled)
		return;
	recall_restore(recall);
	recall->kind->resolve(recall);
	recall_count(recall);
	restore_seen(recall);
	recall->settled = true;
}

void recall_leave(struct recall *recall)
{
	recall_settle(recall);
	recall_reset(recall);
}

void recall_stop(struct recall *recall)
{
	recall_leave(recall);
	recall->off = true;
}

void recall_tell(struct recall *recall, struct memo_leaf *leaf)
{
	tell_departed(recall);
	tell_from(recall, leaf, 0, recall->now.left);
}

void recall_count_through(struct recall *recall, const struct memo_leaf *leaf)
{
	const u32 *counts = leaf->list + leaf->told;
	struct timing_tally *tally = recall->tally;

	add_up(recall);
	for (unsigned n = 0; n < leaf->counts; n++) {
		if (told_event(counts[n]) != ASKER_COUNT_MODE) {
			told_count(tally->count, &counts[n], 1, 1);
			continue;
		}
		tally->count[TIMING_CYCLES] = recall->now.cycle + counts[n + 1];
		timing_tally_enter(tally, counts[n++] >> TOLD_COUNT_SHIFT);
	}
}

void recall_enter(struct recall *recall)
{
	if (recall->at || recall->off || !recall->kind->exists(recall))
		return;
	recall->asker.places = recall->kind->take(recall, recall->asker.place);
	recall->at = memo_node(&recall->memo, recall->key);
	recall->leaf = NULL;
	recall->now = recall->kind->progress(recall);
	if (!recall->at)
		recall_drop(recall);
}
