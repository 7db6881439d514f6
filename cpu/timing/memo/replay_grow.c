/* SPDX-License-Identifier: MIT */
/* A piece of program that is stepped, and goes into the memo. See replay.h. */
#include "cpu/timing/memo/replay_parts.h"

#include <string.h>

/* What came of it, but for the lists: `from` has what places were, `tail` what it says. */
static bool describe(struct recall *recall, const struct recall_progress *old,
		     struct memo_leaf *head, u64 *from, u32 *tail)
{
	const struct recall_progress now = recall->kind->progress(recall);
	struct asker *asker = &recall->asker;
	unsigned length = 0;

	*head = (struct memo_leaf){
		.moves = (u16)recall->kind->take(recall, from),
		.told = (u16)asker->told.count,
		.enters = asker->entered,
		.cycles = (u32)(now.cycle - old->cycle),
		.left = (u16)(now.left - old->left),
	};
	head->last = head->left ? (u32)(now.last - old->cycle) : 0;
	asker_count(asker, recall->tally);
	if (recall->seen && now.left == now.end &&
	    !told_counts(recall->seen->count, recall->tally->count, tail, TIMING_EVENTS,
			 &length))
		return false;
	head->counts = (u16)asker->counts_count;
	head->tail = (u16)length;
	if (asker->tape.refused || asker->told.overflown)
		return false;
	head->node = memo_node(&recall->memo, recall->key);
	return head->node;
}

/* The state behind the piece, and how it came there. NULL: there is no room. */
static struct memo_leaf *make_leaf(struct recall *recall, const struct recall_progress *old)
{
	struct memo_leaf head, *leaf;
	const struct asker *asker = &recall->asker;
	u32 tail[TIMING_EVENTS], *list;
	u64 from[ASKER_PLACES];

	if (!describe(recall, old, &head, from, tail))
		return NULL;
	leaf = memo_leaf_add(&recall->memo, &head);
	if (!leaf)
		return NULL;
	for (unsigned n = 0; n < head.moves; n++)
		leaf->move[n] = (u16)asker_token_place(from[n]);
	list = leaf->list;
	memcpy(list, asker->told.list, head.told * sizeof(*list));
	memcpy(list + head.told, asker->counts, head.counts * sizeof(*list));
	memcpy(list + head.told + head.counts, tail, head.tail * sizeof(*list));
	return leaf;
}

/* Where an access that failed would have gone is not known: 0 stays 0. */
static void tokenize(const struct recall *recall, struct timing_record *record, unsigned *place)
{
	bool memory = recall_touches_memory(record);
	u64 first = asker_token(*place), second = asker_token(*place + 1);

	if (!recall_placed(recall, record))
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

/* Records go in with tokens for addresses, numbered as their places. */
static void step_piece(struct recall *recall, const struct timing_record *records, unsigned count)
{
	struct timing_record tokens[RECALL_RECORDS_MAX];
	unsigned place = recall->asker.places;

	for (unsigned n = 0; n < count; n++) {
		tokens[n] = records[n];
		tokenize(recall, &tokens[n], &place);
	}
	recall->asker.places = place;
	for (unsigned n = 0, group; n < count; n += group) {
		group = MIN(1u + records[n].shadows, count - n);
		recall->asker.taken = n + group;
		asker_reach(&recall->asker, n + group);
		recall->kind->step(recall, &tokens[n], group);
	}
}

/* The core goes on by itself. */
static void leave_memo(struct recall *recall, const struct timing_record *records, unsigned count)
{
	recall->kind->resolve(recall);
	if (recall->kind->replace)
		recall->kind->replace(recall, records, count);
	if (recall->memo.full)
		recall_drop(recall);
	recall_reset(recall);
}

void recall_write_down(struct recall *recall, struct memo_piece *piece,
		       const struct timing_record *records, unsigned count)
{
	const struct recall_kind *kind = recall->kind;
	struct asker *asker = &recall->asker;
	const struct recall_progress before = recall->now;
	struct memo_leaf *leaf = NULL;

	recall_count(recall);
	recall_restore(recall);
	asker->told.count = asker->counts_count = 0;
	asker->told.overflown = false;
	asker->entered = false;
	memcpy(asker->counted, recall->tally->count, sizeof(asker->counted));
	asker->begin = before.cycle;
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
