/* SPDX-License-Identifier: MIT */
/* What the files actions*.c share: how actions are put into numbers. See actions.h. */
#ifndef CPU_TIMING_C906_ACTIONS_PARTS_H
#define CPU_TIMING_C906_ACTIONS_PARTS_H

#include "cpu/timing/c906/actions.h"

/* Beside a mode, a level, a size, which are below. */
#define REACH_SHIFT 8
#define OF_FETCH BIT(8)
#define WANTED BIT(9)
#define WALK_REACHED 8 /* above what is walked for, the record that is reached */
#define CHANGES_MAX 10 /* of the predictor of branches, in an action; */
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

#define ACTION(...) ((struct memo_action){ __VA_ARGS__ })

/* What was asked before in the same trace, and would be answered the same; or NULL. */
const struct memo_op *c906_action_before(const struct memo_log *log,
					 const struct memo_action *action);

/* The answer to an action that is written down, if it was not before. */
u64 c906_write_down(struct actions *actions, const struct memo_action *action);

/* To one about predictors: actions_predict.c. Of branches it is places that say which counters. */
u64 c906_perform_bht(const struct c906_env *env, struct actions *actions,
		     const struct memo_action *action);
u64 c906_perform_branch(const struct c906_env *env, const struct memo_action *action);

/* The latest record that the model has had: memory is as with its stores. */
static inline u8 reached(const struct c906_env *env)
{
	return env->actions ? (u8)env->actions->taken : 0;
}

/* New places, for what an answer puts there; the first one's token. */
u64 c906_take_places(struct actions *actions, unsigned count);

/* As c906_action_stream, with addresses. */
int c906_choose_stream(const struct c906_env *env, u64 *va, u64 *pa);

/* Where the addresses of an action are: behind a token; an address that is 0 has no place. */
static inline u64 c906_actions_place_of(u64 address)
{
	assert(!address || actions_is_token(address));
	return address ? actions_token_place(address) : NO_PLACE;
}

static inline u64 both_places(u64 a, u64 b)
{
	return c906_actions_place_of(a) | c906_actions_place_of(b) << PLACE_BITS;
}

/* What is never put into it is 0. */
static ALWAYS_INLINE u64 placed(const struct actions *actions, u64 place)
{
	return actions->place[(u8)place];
}

static ALWAYS_INLINE u64 placed_next(const struct actions *actions, u64 places)
{
	return placed(actions, places >> PLACE_BITS);
}

#endif
