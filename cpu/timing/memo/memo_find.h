/* SPDX-License-Identifier: MIT */
/* Which piece goes on from a state. See memo.h. */
#ifndef CPU_TIMING_MEMO_MEMO_FIND_H
#define CPU_TIMING_MEMO_MEMO_FIND_H

#include "cpu/timing/memo/memo.h"

/* Of a state; where code is decoded anew all the time, pieces of old code never come again. */
#define MEMO_PIECES_MAX 64u

/* The piece at *link is the first of its state's from now on: what came last comes next. */
static inline void memo_piece_first(struct memo_node *node, struct memo_piece **link)
{
	struct memo_piece *piece = *link;

	if (link == &node->pieces)
		return;
	*link = piece->next;
	piece->next = node->pieces;
	node->pieces = piece;
}

/* Where a piece goes on, and behind how many records, tells how its branches turned out. */
static ALWAYS_INLINE unsigned memo_guess(u64 onward, unsigned count)
{
	return (onward >> 1 ^ onward >> 3 ^ count) % MEMO_GUESSES;
}

/*
 * The piece that matches, of those that go on from a state. Behind a leaf it is most often the one
 * that came last where the guess was the same (memo_guess); of all, what came last comes next, and
 * what lies too far back is forgotten. NULL: there is none.
 */
typedef bool memo_matches(const struct memo_piece *piece, const void *ctx);
static ALWAYS_INLINE struct memo_piece *memo_find(struct memo_node *node, struct memo_leaf *leaf,
						  unsigned guess, memo_matches *matches,
						  const void *ctx)
{
	struct memo_piece *piece = leaf ? leaf->next[guess] : NULL, **link;
	unsigned others = 0;

	if (piece && matches(piece, ctx))
		return piece;
	for (link = &node->pieces; (piece = *link) != NULL; link = &piece->next) {
		if (matches(piece, ctx))
			break;
		if (++others == MEMO_PIECES_MAX)
			piece->next = NULL;
	}
	if (!piece)
		return NULL;
	memo_piece_first(node, link);
	if (leaf)
		leaf->next[guess] = piece;
	return piece;
}

#endif
