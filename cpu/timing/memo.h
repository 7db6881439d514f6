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

#include "bus/base.h"

#define MEMO_PIECE_MAX 24 /* records */
#define MEMO_TAPE_MAX 400 /* questions in a piece */

/* Of a record, what a model's times depend on beside what is asked. */
struct memo_item {
	u32 raw;
	u32 facts; /* the model's */
};

struct memo_leaf;

/* A question or what has an effect outside; `other`: the same, answered in another way. */
struct memo_op {
	u8 kind; /* MEMO_END or the model's */
	u8 which; /* the model's, like a and b */
	u64 a, b, answer;
	union {
		const struct memo_op *other;
		struct memo_leaf *leaf; /* of MEMO_END */
	};
};
#define MEMO_END 0

struct memo_piece {
	struct memo_piece *next; /* another one from the same state */
	struct memo_op *first;
	u64 pc, onward; /* where it begins, where it goes on */
	unsigned count;
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

struct memo_stats {
	u64 followed, grown; /* pieces taken from the memo; those stepped for it */
	u64 records; /* of those taken from it */
	u64 states, bytes; /* now */
	u64 dropped; /* times that all was given up for room */
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

/* Give up all: nodes, pieces and leaves are gone. */
void memo_drop(struct memo *memo);

/* Of a state, what is 0 costs nothing. NULL: the memo is full (as of what follows). */
struct memo_node *memo_node(struct memo *memo, const void *state);
void memo_unpack(const struct memo *memo, const struct memo_node *node, void *state);

/* A piece that is not there yet; the caller fills in items, pc and onward. */
struct memo_piece *memo_piece_add(struct memo *memo, struct memo_node *node, unsigned count);

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

typedef u64 memo_answer(void *ctx, const struct memo_op *op);

/*
 * The answer to a question of a piece that is being stepped. What is always answered in the same
 * way is asked once.
 */
u64 memo_ask(struct memo_tape *tape, struct memo_op op, bool always, memo_answer *answer,
	     void *ctx);

/*
 * Ask all along a piece. Its leaf; or NULL where an answer is new: then the tape knows all that
 * were given, that one included.
 */
static inline __attribute__((always_inline)) struct memo_leaf *
memo_follow(const struct memo_piece *piece, struct memo_tape *tape, memo_answer *answer, void *ctx)
{
	const struct memo_op *op = piece->first;

	for (unsigned n = 0; op; op++) {
		u64 got;

		if (op->kind == MEMO_END)
			return op->leaf;
		got = answer(ctx, op);
		tape->known[n++] = got;
		tape->known_count = n;
		while (op && op->answer != got)
			op = op->other;
		if (!op)
			break;
	}
	return NULL;
}

#endif
