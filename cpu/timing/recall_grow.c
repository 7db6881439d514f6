/* SPDX-License-Identifier: MIT */
/* A piece of program that is stepped, and goes into the memo. See recall.h. */
#include "cpu/timing/recall_parts.h"

#include <string.h>

/* What was at hand before a piece was stepped. */
struct before {
	struct recall_progress progress;
	u64 count[TIMING_EVENTS];
};

/* Events that were counted between two tallies, but for the cycle. False: too many. */
static bool list_counts(const u64 *from, const u64 *to, u32 *list, u16 *length)
{
	*length = 0;
	for (unsigned event = 0; event < TIMING_EVENTS; event++) {
		u64 count = to[event] - from[event];

		if (!count || event == TIMING_CYCLES)
			continue;
		if (count > RECALL_COUNT_MAX)
			return false;
		list[(*length)++] = (u32)(count << RECALL_COUNT_SHIFT | event);
	}
	return true;
}

/* What came of it, but for the lists: `from` has what places were, `counts` events and tail. */
static bool describe(struct recall *recall, const struct before *before, struct memo_leaf *head,
		     u64 *from, u32 *counts)
{
	const struct recall_progress now = recall->kind->progress(recall), *old = &before->progress;

	*head = (struct memo_leaf){
		.moves = (u16)recall->kind->take(recall, from),
		.told = (u16)recall->asker.told_count,
		.cycles = (u32)(now.cycle - old->cycle),
		.left = (u16)(now.left - old->left),
	};
	head->last = head->left ? (u32)(now.last - old->cycle) : 0;
	if (!list_counts(before->count, recall->tally->count, counts, &head->counts))
		return false;
	if (recall->seen && now.left == now.end &&
	    !list_counts(recall->seen->count, recall->tally->count, counts + head->counts,
			 &head->tail))
		return false;
	head->node = memo_node(&recall->memo, recall->key);
	return head->node;
}

/* The state behind the piece, and how it came there. NULL: there is no room. */
static struct memo_leaf *make_leaf(struct recall *recall, const struct before *before)
{
	struct memo_leaf head, *leaf;
	u32 counts[2 * TIMING_EVENTS];
	u64 from[ASKER_PLACES];

	if (!describe(recall, before, &head, from, counts))
		return NULL;
	leaf = memo_leaf_add(&recall->memo, &head);
	if (!leaf)
		return NULL;
	for (unsigned n = 0; n < head.moves; n++)
		leaf->move[n] = (u8)asker_token_place(from[n]);
	memcpy(leaf->list, recall->asker.told, head.told * sizeof(u32));
	memcpy(leaf->list + head.told, counts, (head.counts + head.tail) * sizeof(u32));
	return leaf;
}

/* Records go in with tokens for addresses, numbered as their places. */
static void step_piece(struct recall *recall, const struct timing_record *records, unsigned count)
{
	unsigned place = recall->asker.places;

	for (unsigned n = 0; n < count; n++)
		recall->asker.places += 2 * recall_touches_memory(&records[n]);
	for (unsigned n = 0; n < count; n++) {
		struct timing_record record = records[n];

		if (recall_touches_memory(&record)) {
			record.va = asker_token(place++);
			record.pa = asker_token(place++);
		}
		recall->asker.taken = n + 1;
		asker_reach(&recall->asker, n + 1);
		recall->kind->step(recall, &record);
	}
}

/* The core goes on by itself. */
static void leave_memo(struct recall *recall, const struct timing_record *records, unsigned count)
{
	recall->kind->resolve(recall);
	if (recall->kind->replace)
		recall->kind->replace(recall, records, count);
	recall_count(recall);
	if (recall->memo.full)
		recall_drop(recall);
	recall_reset(recall);
}

void recall_write_down(struct recall *recall, struct memo_piece *piece,
		       const struct timing_record *records, unsigned count)
{
	const struct recall_kind *kind = recall->kind;
	struct asker *asker = &recall->asker;
	struct before before = { .progress = recall->now };
	struct memo_leaf *leaf = NULL;

	memcpy(before.count, recall->tally->count, sizeof(before.count));
	recall_restore(recall);
	asker->told_count = 0;
	asker->begin = before.progress.cycle;
	memo_tape_begin(&asker->tape, asker->tape.known_count);
	kind->write_down(recall, true);
	step_piece(recall, records, count);
	kind->write_down(recall, false);
	recall->memo.stats.grown++;
	if (piece && !asker->tape.refused && kind->exists(recall))
		leaf = make_leaf(recall, &before);
	recall->now = kind->progress(recall);
	if (leaf && memo_grow(&recall->memo, piece, &asker->tape, leaf))
		recall_arrive(recall, leaf);
	else
		leave_memo(recall, records, count);
}
