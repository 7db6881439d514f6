/* SPDX-License-Identifier: MIT */
/* Which piece goes on from a state. See memo.h. */
#ifndef CPU_TIMING_MEMO_FIND_H
#define CPU_TIMING_MEMO_FIND_H

#include "cpu/timing/memo.h"

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

/*
 * The piece that matches, of those that go on from a state. Behind a leaf it is most often the one
 * that came last in one of two cases, which tell apart how a branch at its end turned out; of all,
 * what came last comes next, and what lies too far back is forgotten. NULL: there is none.
 */
typedef bool memo_matches(const struct memo_piece *piece, const void *ctx);
static ALWAYS_INLINE struct memo_piece *memo_find(struct memo_node *node, struct memo_leaf *leaf,
						  bool which, memo_matches *matches,
						  const void *ctx)
{
	struct memo_piece *piece = leaf ? leaf->next[which] : NULL, **link;
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
		leaf->next[which] = piece;
	return piece;
}

#endif
