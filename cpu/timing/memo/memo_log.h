/* SPDX-License-Identifier: MIT */
/* Asking along a piece of program: while it is stepped, or as it was when it was. See memo.h. */
#ifndef CPU_TIMING_MEMO_MEMO_LOG_H
#define CPU_TIMING_MEMO_MEMO_LOG_H

#include "cpu/timing/memo/memo.h"

#include <string.h>

/* Begin anew, with so many answers in `known`. */
static inline void memo_tape_begin(struct memo_tape *tape, unsigned known_count)
{
	tape->count = 0;
	tape->known_count = known_count;
	tape->refused = false;
	memset(tape->hashed, 0, sizeof(tape->hashed));
	memset(tape->latest, 0, sizeof(tape->latest));
}

/* The number, from 1, of the latest question that was the same; 0: none was. */
unsigned memo_tape_same(const struct memo_tape *tape, const struct memo_question *question);

/*
 * The answer to a question of a piece that is being stepped. What is always answered in the same
 * way is asked once.
 */
u64 memo_ask(struct memo_tape *tape, const struct memo_question *question, void *ctx);

/* The ways behind another answer to a question: the first. */
static inline struct memo_way *memo_way_other(const struct memo_step *step)
{
	s32 other = step->question.other;

	return other ? (struct memo_way *)((u64 *)step + other) : NULL;
}

static inline void memo_way_begin_with(struct memo_step *step, const struct memo_way *way)
{
	step->question.other = (s32)((const u64 *)way - (const u64 *)step);
}

/* The way behind an answer, which is the first of them from now on. NULL: it was never gone. */
static inline struct memo_way *memo_way_behind(struct memo_step *step, u64 answer)
{
	struct memo_way *first = memo_way_other(step), *way = first, *before = NULL;

	while (way && way->answer != answer) {
		before = way;
		way = way->beside;
	}
	if (way && before) {
		before->beside = way->beside;
		way->beside = first;
		memo_way_begin_with(step, way);
	}
	return way;
}

/* After so many turns, all answers up to the last one are known. */
void memo_tape_know(struct memo_tape *tape, unsigned turns);

/*
 * Are the answers that last as they are on this way? turn->index is that of the first one that is
 * not, or `count`; the steps before it end there.
 */
struct memo_step *memo_way_end(struct memo_way *way, const struct memo_tape *tape, void *ctx,
			       u64 version, struct memo_turn *turn);

/* Ask along a way from a step on. False: turn->index is that of the first answer that is new. */
struct memo_asking {
	const struct memo_tape *tape;
	memo_answer *answer; /* the tape's, to be inlined */
	void *ctx;
	u64 version; /* of answers that last */
};
static ALWAYS_INLINE bool memo_way_holds(struct memo_way *way, struct memo_step *step,
					 const struct memo_asking *asking, struct memo_turn *turn)
{
	const struct memo_step *end = way->step + way->steps;
	bool holds = true;

	if (unlikely(way->version != asking->version)) {
		end = memo_way_end(way, asking->tape, asking->ctx, asking->version, turn);
		holds = turn->index == way->count;
	}
	for (; step < end; step++) {
		u64 got = asking->answer(asking->ctx, &step->question);

		if (unlikely(got != step->answer)) {
			turn->step = step;
			turn->index = step->question.at.index;
			turn->got = got;
			return false;
		}
	}
	return holds;
}

/*
 * Ask all along a piece, with `version` that of answers that last; `answer` is tape->answer, to be
 * inlined. Its leaf; or NULL where an answer is new: then the tape knows all that were given, that
 * one included.
 */
static ALWAYS_INLINE struct memo_leaf *memo_follow(const struct memo_piece *piece,
						   struct memo_tape *tape, memo_answer *answer,
						   void *ctx, const u64 *version)
{
	struct memo_way *way = piece->first;
	struct memo_step *step = way->step;
	unsigned turns = 0;

	/* The version may be another one behind each. */
	while (!memo_way_holds(way, step,
			       &(struct memo_asking){ tape, answer, ctx, *version },
			       &tape->turn[turns])) {
		struct memo_turn *turn = &tape->turn[turns++];

		turn->way = way;
		way = memo_way_behind(turn->step, turn->got);
		if (!way) {
			memo_tape_know(tape, turns);
			return NULL;
		}
		/* The answer that it begins with is known. */
		step = way->step + (way->steps && !way->step->question.at.index);
	}
	return way->leaf;
}

#endif
