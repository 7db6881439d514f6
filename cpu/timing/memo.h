/* SPDX-License-Identifier: MIT */
/*
 * What a model has met before, so that it need not be stepped again: a graph of states, joined by
 * pieces of program. A state is bytes without times and addresses of data; what a piece does from
 * there depends on what is outside of it (caches, predictors, TLBs), so while it is stepped each
 * question about that is written down with its answer. Following a piece asks them afresh; where an
 * answer is another one, a branch grows. Of what is asked the memo knows nothing.
 */
#ifndef CPU_TIMING_MEMO_H
#define CPU_TIMING_MEMO_H

#include "cpu/timing/memo_question.h"
#include "cpu/timing/memo_stats.h"

#define MEMO_PIECE_MAX 24 /* records */
#define MEMO_TAPE_MAX 400 /* questions in a piece */

/* Of a record or an operand, what a model's times depend on beside what is asked. */
struct memo_item {
	u32 raw; /* both are the model's */
	u32 facts;
};

struct memo_leaf;

/* A question with its answer; `other`: the same, answered in another way. */
struct memo_op {
	struct memo_question question; /* of kind MEMO_END: none, but a leaf */
	u32 version; /* of the latest answer, if it lasts; a matter of speed */
	u64 answer;
	union {
		struct memo_op *other;
		struct memo_leaf *leaf; /* of MEMO_END */
	};
};

struct memo_piece {
	struct memo_piece *next; /* another one from the same state */
	struct memo_op *first;
	u64 pc, onward; /* where it begins, where it goes on */
	u64 code; /* a number that stands for its instructions; 0: the items do */
	unsigned count; /* of records */
	unsigned items;
	struct memo_item item[];
};

struct memo_node {
	struct memo_node *next; /* in its bucket */
	struct memo_piece *pieces;
	u64 hash;
	u32 size; /* of the state, packed */
	u8 packed[];
};

/* What came of a piece, along one way of answers; lists are in `data`. */
struct memo_leaf {
	struct memo_node *node; /* the state behind it */
	u32 cycles; /* that it took */
	u32 last; /* in which cycle of them a record left at last */
	u16 left; /* records */
	u16 moves, told, counts, tail; /* lengths of the lists */
	u32 data[];
};

/* A piece being stepped: answers that are known already, then those that are found. */
struct memo_tape {
	struct memo_op op[MEMO_TAPE_MAX];
	u64 known[MEMO_TAPE_MAX];
	unsigned count, known_count;
	bool refused; /* it cannot be kept */
};

struct memo {
	size_t state_size, size, used;
	u8 *arena;
	u8 *scratch; /* a packed state */
	struct memo_node **buckets;
	bool full;
	struct memo_stats stats;
};

/* States of `state_size` bytes, in `size` bytes at most. 0 or -ENOMEM. */
int memo_init(struct memo *memo, size_t state_size, size_t size);
void memo_free(struct memo *memo);
void memo_drop(struct memo *memo); /* all: nodes, pieces and leaves are gone */

/* Of a state, what is 0 costs nothing. NULL: the memo is full (as of what follows). */
struct memo_node *memo_node(struct memo *memo, const void *state);
void memo_unpack(const struct memo *memo, const struct memo_node *node, void *state);

/* A piece that is not there yet; the caller fills in what it is. */
struct memo_piece *memo_piece_add(struct memo *memo, struct memo_node *node, unsigned items);

/* Room for a leaf and its lists. */
struct memo_leaf *memo_leaf_add(struct memo *memo, unsigned numbers);

/* Put the tape's way through a piece, and what came of it, into the memo. */
bool memo_grow(struct memo *memo, struct memo_piece *piece, const struct memo_tape *tape,
	       struct memo_leaf *leaf);

/* Begin anew, with so many answers in `known`. */
static inline void memo_tape_begin(struct memo_tape *tape, unsigned known_count)
{
	tape->count = 0;
	tape->known_count = known_count;
	tape->refused = false;
}

/*
 * The answer to a question of a piece that is being stepped. What is always answered in the same
 * way is asked once.
 */
u64 memo_ask(struct memo_tape *tape, const struct memo_question *question, memo_answer *answer,
	     void *ctx);

/*
 * Ask all along a piece, with *version that of answers that last. Its leaf; or NULL where an answer
 * is new: then the tape knows all that were given, that one included.
 */
static ALWAYS_INLINE struct memo_leaf *memo_follow(const struct memo_piece *piece,
						   struct memo_tape *tape, memo_answer *answer,
						   void *ctx, const u64 *version)
{
	struct memo_op *op = piece->first;
	unsigned n = 0;

	for (; op; op++) {
		u64 got = op->answer;

		if (op->question.kind == MEMO_END)
			return op->leaf;
		if (!(op->question.how & MEMO_LASTS) || op->version != (u32)*version)
			got = answer(ctx, &op->question);
		tape->known[n++] = got;
		while (op && op->answer != got)
			op = op->other;
		if (op && op->question.how & MEMO_LASTS)
			op->version = (u32)*version;
		if (!op)
			break;
	}
	tape->known_count = n;
	return NULL;
}

#endif
