/* SPDX-License-Identifier: MIT */
/* What the files of replay.h share. */
#ifndef CPU_TIMING_MEMO_REPLAY_PARTS_H
#define CPU_TIMING_MEMO_REPLAY_PARTS_H

#include "cpu/timing/memo/replay.h"

#include <string.h>

#define RECALL_RUN_MAX 64 /* records, for a run that is a piece as a whole */
#define RECALL_RECORDS_MAX MAX(RECALL_RUN_MAX, MEMO_PIECE_MAX + TIMING_SHADOWS_MAX)

static inline bool recall_touches_memory(const struct timing_record *record)
{
	return (record->flags & (TIMING_LOAD | TIMING_STORE)) != 0;
}

/* Find out which state of the memo the core is in, if it can be one. */
void recall_enter(struct recall *recall);

/* The core's registers as in the state where it is, with tokens for addresses. */
void recall_restore(struct recall *recall);

/* It is in the state behind a leaf: places of addresses are numbered as there. */
static ALWAYS_INLINE void recall_arrive(struct recall *recall, struct memo_leaf *leaf)
{
	struct asker *asker = &recall->asker;
	const u64 *from = asker->place;
	u64 *to = asker->places_of[from == asker->places_of[0]];

	for (unsigned n = 0; n < leaf->moves; n++)
		to[n] = from[leaf->move[n]];
	asker->place = to;
	asker->places = leaf->moves;
	recall->at = leaf->node;
	recall->leaf = leaf;
	recall->settled = false;
}

/* The host hears what came of a piece; events are counted up to each change of mode in it. */
void recall_tell(struct recall *recall, struct memo_leaf *leaf);
void recall_count_through(struct recall *recall, const struct memo_leaf *leaf);

/* A piece of so many records went this way. */
static ALWAYS_INLINE void recall_apply(struct recall *recall, struct memo_leaf *leaf,
				       unsigned records)
{
	const struct timing_host *host = recall->asker.host;
	struct recall_progress *now = &recall->now;

	if (likely(leaf->left && host->listens && !*host->listens))
		recall->departed = leaf;
	else
		recall_tell(recall, leaf);
	if (unlikely(leaf->enters)) {
		recall_count_through(recall, leaf);
	} else if (!leaf->taken++) {
		leaf->touched = recall->touched;
		recall->touched = leaf;
	}
	if (leaf->left) {
		now->left += leaf->left;
		now->last = now->cycle + leaf->last;
		recall->tally->count[TIMING_CYCLES] = now->last;
	}
	now->end += records;
	now->cycle += leaf->cycles;
	recall_arrive(recall, leaf);
	recall->memo.stats.followed++;
	recall->memo.stats.records += records;
}

/* All that the memo has is gone; the core is at hand. */
void recall_drop(struct recall *recall);

/*
 * Two operands of a record that have places: the addresses of a memory operand, or values that the
 * core does nothing with but ask. NULL: it has none.
 */
static inline const u64 *recall_placed(const struct recall *recall,
				       const struct timing_record *record)
{
	if (recall_touches_memory(record))
		return &record->va; /* and pa */
	if (recall->kind->passes && recall->kind->passes(record->op, record->raw))
		return &record->a; /* and b */
	return NULL;
}

/* The n-th two, behind what has places. */
static inline void recall_place(struct recall *recall, unsigned n, const u64 *values)
{
	memcpy(&recall->asker.place[recall->asker.places + 2 * n], values, 2 * sizeof(*values));
}

/*
 * Step a piece, some answers of which may be known, and write down how it goes. Its operands have
 * their places. NULL: it has no room in the memo, and is stepped for itself.
 */
void recall_write_down(struct recall *recall, struct memo_piece *piece,
		       const struct timing_record *records, unsigned count);

/* Follow a piece whose operands have their places, if the way that it goes is known. */
static inline bool recall_follow(struct recall *recall, const struct memo_piece *piece)
{
	struct memo_leaf *leaf;

	recall->asker.tape.known_count = 0;
	if (!piece || !piece->first)
		return false;
	leaf = recall->kind->follow(recall, piece);
	if (leaf)
		recall_apply(recall, leaf, piece->count);
	return leaf;
}

#endif
