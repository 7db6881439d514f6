/* SPDX-License-Identifier: MIT */
/* A model with a memo: where it is, and how it gets there. See recall.h. */
#include "cpu/timing/recall_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Bytes for states, pieces and what came of them. */
#define MEMO_SIZE (64u << 20)

int recall_init(struct recall *recall)
{
	/* Whole words are compared. */
	size_t size = align_up(recall->kind->key_size, 8);

	recall->key = calloc(1, size);
	return recall->key ? memo_init(&recall->memo, size, MEMO_SIZE) : -ENOMEM;
}

void recall_free(struct recall *recall)
{
	memo_free(&recall->memo);
	free(recall->key);
}

void recall_reset(struct recall *recall)
{
	recall->at = NULL;
	recall->leaf = NULL;
	recall->settled = true;
}

void recall_restore(struct recall *recall)
{
	memo_unpack(&recall->memo, recall->at, recall->key);
	recall->kind->put(recall);
}

/* What had been counted when the last record left, if it is the last of all. */
static void restore_seen(struct recall *recall)
{
	struct recall_progress progress = recall->kind->progress(recall);
	const struct memo_leaf *leaf = recall->leaf;
	const u32 *tail;

	if (!recall->seen || !leaf || progress.left != progress.end)
		return;
	*recall->seen = *recall->tally;
	tail = leaf->data + leaf->moves + leaf->told + leaf->counts;
	for (unsigned n = 0; n < leaf->tail; n++)
		recall->seen->count[tail[n] & (BIT(RECALL_COUNT_SHIFT) - 1)] -=
			tail[n] >> RECALL_COUNT_SHIFT;
}

void recall_settle(struct recall *recall)
{
	if (recall->settled)
		return;
	recall_restore(recall);
	recall->kind->resolve(recall);
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

void recall_arrive(struct recall *recall, const struct memo_leaf *leaf)
{
	struct asker *asker = &recall->asker;
	u64 place[ASKER_PLACES];

	for (unsigned n = 0; n < leaf->moves; n++)
		place[n] = asker->place[leaf->data[n]];
	memcpy(asker->place, place, leaf->moves * sizeof(place[0]));
	asker->places = leaf->moves;
	recall->at = leaf->node;
	recall->leaf = leaf;
	recall->settled = false;
}

static void tell(const struct recall *recall, const struct memo_leaf *leaf,
		 const struct recall_progress *from)
{
	const struct timing_host *host = recall->asker.host;
	const u32 *told = leaf->data + leaf->moves;
	u64 record = from->left;

	if ((!host->commit && !host->spend) || (host->listens && !*host->listens))
		return;
	for (unsigned n = 0; n < leaf->told; n++) {
		unsigned what = told[n] & (BIT(ASKER_TOLD_SHIFT) - 1);
		u64 cycles = told[n] >> ASKER_TOLD_SHIFT;

		if (what != ASKER_TOLD_LEFT && host->spend)
			host->spend(host->ctx, what, cycles);
		if (what == ASKER_TOLD_LEFT && host->commit)
			host->commit(host->ctx, record, from->cycle + cycles);
		record += what == ASKER_TOLD_LEFT;
	}
}

static void count(struct timing_tally *tally, const struct memo_leaf *leaf)
{
	const u32 *counts = leaf->data + leaf->moves + leaf->told;

	for (unsigned n = 0; n < leaf->counts; n++)
		tally->count[counts[n] & (BIT(RECALL_COUNT_SHIFT) - 1)] +=
			counts[n] >> RECALL_COUNT_SHIFT;
}

void recall_apply(struct recall *recall, const struct memo_leaf *leaf, unsigned records)
{
	struct recall_progress from = recall->kind->progress(recall), to = from;

	tell(recall, leaf, &from);
	count(recall->tally, leaf);
	to.end += records;
	to.cycle += leaf->cycles;
	if (leaf->left) {
		to.left += leaf->left;
		to.last = from.cycle + leaf->last;
		recall->tally->count[TIMING_CYCLES] = to.last;
	}
	recall->kind->pass(recall, &to);
	recall_arrive(recall, leaf);
	recall->memo.stats.followed++;
	recall->memo.stats.records += records;
}

/* Versions of answers that last are counted in 32 bits. */
static void look_at_version(struct recall *recall)
{
	if (!recall->version || (u32)(*recall->version >> 32) == recall->versions)
		return;
	recall->versions = (u32)(*recall->version >> 32);
	recall_leave(recall);
	memo_drop(&recall->memo);
}

void recall_enter(struct recall *recall)
{
	look_at_version(recall);
	if (recall->at || recall->off || !recall->kind->exists(recall))
		return;
	recall->asker.places = recall->kind->take(recall, recall->asker.place);
	recall->at = memo_node(&recall->memo, recall->key);
	recall->leaf = NULL;
	recall->kind->look(recall);
	if (!recall->at)
		memo_drop(&recall->memo);
}
