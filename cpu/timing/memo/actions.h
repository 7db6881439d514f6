/* SPDX-License-Identifier: MIT */
/*
 * How a model with a memo (replay.h) asks what is outside of its pipeline: tables, predictors,
 * TLBs, and how addresses of data are related. While a piece of program is written down, the
 * pipeline has tokens in place of such addresses, each a place in a table; all that it asks goes
 * through here, and so does what it tells its host. A core has a pointer to one meanwhile, else
 * NULL, and then has the addresses themselves.
 */
#ifndef CPU_TIMING_MEMO_ACTIONS_H
#define CPU_TIMING_MEMO_ACTIONS_H

#include "cpu/timing/memo/memo_log.h"
#include "cpu/timing/memo/retired.h"
#include "cpu/timing/memo/token.h"
#include "cpu/timing/model.h"

/* Questions that any kind may ask; its own, and effects, are numbered from ASK_OWN on. */
enum {
	ASK_SAME = MEMO_END + 1, /* which of places `b` are as place `which` is under mask `a` */
	ASK_BITS, /* of address `a`: those under mask `b` */
	ASK_OWN,
};

#define ASKER_PLACES_RELATED 64 /* of which it can be asked how they are related */
#define ASKER_COUNTS_MAX (4 * TIMING_EVENTS)

struct asker {
	void *core; /* the kind's; of what is asked */
	const struct timing_host *host; /* the core's */
	struct memo_tape tape; /* ctx of its answer() is the asker */
	u64 *place; /* one of the two */
	u64 places_of[2][ASKER_PLACES];
	unsigned places; /* in use */
	struct told told; /* what the host was told meanwhile */
	u64 begin; /* the cycle in which that began */
	/* Events meanwhile (retired.h), and what was counted until then. */
	u32 counts[ASKER_COUNTS_MAX];
	unsigned counts_count;
	bool entered; /* another mode */
	u64 counted[TIMING_EVENTS];
	/* Which record of a piece is the last that was taken, from 1; and of a run (run.h). */
	unsigned taken;
	const struct timing_run *run; /* NULL: no run is told of */
	unsigned base; /* instructions of it before the piece */
	const struct timing_record *records; /* of the piece; NULL: it is a run as a whole */
};

/* Where a token stands for; any other address is itself. */
static inline u64 asker_resolve(const struct asker *asker, u64 address)
{
	if (!asker || !asker_is_token(address))
		return address;
	return asker->place[asker_token_place(address)];
}

/*
 * The answer to a question of what is being written down, or what has an effect done (its answer
 * is 0). MEMO_ALWAYS: while a piece lasts the answer is the same, and it is asked once. MEMO_LASTS:
 * it is the same while recall->version is, which only what is marked with MEMO_CHANGES changes.
 */
u64 asker_ask(struct asker *asker, const struct memo_question *question);

/* What is stepped now is not to be kept: it did what nobody can write down. */
static inline void asker_refuse(struct asker *asker)
{
	if (asker)
		asker->tape.refused = true;
}

/*
 * Which of `count` others are `address` under `mask`: a bit for each. And the address's bits under
 * a mask. The asker may be NULL.
 */
u32 asker_same(struct asker *asker, u64 mask, u64 address, const u64 *others, unsigned count);
u64 asker_bits(struct asker *asker, u64 address, u64 mask);

/* The model has had so many records of the piece: memory is as with their stores. */
void asker_reach(struct asker *asker, unsigned taken);

/* The operands a and b, as they are, of the record of the piece with this number, from 1. */
const u64 *asker_operands(const struct asker *asker, unsigned which);

/*
 * A record left, in this cycle since `begin`; or so many cycles were spent on something. In the
 * order in which the host is told, and in its place.
 */
static inline void asker_tell(struct asker *asker, unsigned what, u64 cycles)
{
	told_add(&asker->told, what, cycles);
}

/*
 * Add to the list what the tally counted since this was said, but for the cycle. And what left in
 * this cycle has changed the mode: a list's next number is the cycle since `begin`.
 */
#define ASKER_COUNT_MODE 0xff /* above it, the mode */
void asker_count(struct asker *asker, const struct timing_tally *tally);
void asker_enter(struct asker *asker, const struct timing_tally *tally);

/* The answers to ASK_SAME and ASK_BITS, for an answer function. */
static ALWAYS_INLINE u64 asker_answer(const struct asker *asker,
				      const struct memo_question *question)
{
	u64 address, same = 0;

	if (question->kind == ASK_BITS)
		return asker_resolve(asker, question->a) & question->b;
	address = asker->place[question->which];
	for (u64 left = question->b; left; left &= left - 1) {
		unsigned place = (unsigned)__builtin_ctzll(left);

		same |= (u64)!((asker->place[place] ^ address) & question->a) << place;
	}
	return same;
}

/*
 * Ask all along a piece. A kind's `follow` is this with its own answer function, which is meant to
 * be inlined here.
 */
static ALWAYS_INLINE struct memo_leaf *asker_follow(struct asker *asker,
						    const struct memo_piece *piece,
						    memo_answer *answer, const u64 *version)
{
	return memo_follow(piece, &asker->tape, answer, asker, version);
}

#endif
