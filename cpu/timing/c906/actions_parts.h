/* SPDX-License-Identifier: MIT */
/* What the files actions*.c share: how questions are put into numbers. See actions.h. */
#ifndef CPU_TIMING_C906_ACTIONS_PARTS_H
#define CPU_TIMING_C906_ACTIONS_PARTS_H

#include "cpu/timing/c906/actions.h"

/* Beside a mode, a level, a size, which are below. */
#define REACH_SHIFT 8
#define OF_FETCH BIT(8)
#define WANTED BIT(9)
#define WALK_REACHED 8 /* above what is walked for, the record that is reached */
#define CHANGES_MAX 10 /* of the predictor of branches, in a question; */
#define RESOLVED_MAX 7 /* branches that they resolve */
#define GUESSES BIT(63) /* beside their places: the next branch's counter is wanted */
#define BTB_PC 32 /* above a target */
/* Places, which are what tokens say, in one number; and what is beside them. */
#define PLACE_BITS 8
#define PLACES (BIT(PLACE_BITS) - 1)
#define NO_PLACE PLACES
#define PLACES_A_CYCLE 16 /* more are not taken in one */
#define PLACES_AT_ONCE 7 /* and NO_PLACE behind them */
#define MISSED BIT(2 * PLACE_BITS) /* beside two of them */

#define QUESTION(...) ((struct memo_question){ __VA_ARGS__ })

/* What was asked before in the same piece, and would be answered the same; or NULL. */
const struct memo_op *c906_asked_before(const struct memo_tape *tape,
					const struct memo_question *question);

/* The answer to a question that is written down, if it was not before. */
u64 c906_write_down(struct asker *asker, const struct memo_question *question);

/* To one about predictors: actions_predict.c. Of branches it is places that say which counters. */
u64 c906_answer_bht(const struct c906_env *env, struct asker *asker,
		    const struct memo_question *question);
u64 c906_answer_branch(const struct c906_env *env, const struct memo_question *question);

/* The latest record that the model has had: memory is as with its stores. */
static inline u8 reached(const struct c906_env *env)
{
	return env->asker ? (u8)env->asker->taken : 0;
}

/* New places, for what an answer puts there; the first one's token. */
u64 c906_take_places(struct asker *asker, unsigned count);

/* As c906_ask_stream, with addresses. */
int c906_choose_stream(const struct c906_env *env, u64 *va, u64 *pa);

/* Where the addresses of a question are: behind a token; an address that is 0 has no place. */
static inline u64 place_of(u64 address)
{
	assert(!address || asker_is_token(address));
	return address ? asker_token_place(address) : NO_PLACE;
}

static inline u64 both_places(u64 a, u64 b)
{
	return place_of(a) | place_of(b) << PLACE_BITS;
}

/* What is never put into it is 0. */
static ALWAYS_INLINE u64 placed(const struct asker *asker, u64 place)
{
	return asker->place[(u8)place];
}

static ALWAYS_INLINE u64 placed_next(const struct asker *asker, u64 places)
{
	return placed(asker, places >> PLACE_BITS);
}

#endif
