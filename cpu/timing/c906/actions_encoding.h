/* SPDX-License-Identifier: MIT */
/*
 * The encoding of C906's actions as numbers, for the files that implement actions.h: actions.c
 * performs and encodes them; actions_data.c has those whose result is an address, or that use
 * several addresses, and actions_predict.c has those of the branch predictors.
 */
#ifndef CPU_TIMING_C906_ACTIONS_ENCODING_H
#define CPU_TIMING_C906_ACTIONS_ENCODING_H

#include "cpu/timing/c906/actions.h"

/* These bits are above a mode, a level or a size. */
#define REACH_SHIFT 8
#define OF_FETCH BIT(8)
#define WANTED BIT(9)
#define WALK_REACHED 8 /* above the kind of the walk: the record that is reached */
#define CHANGES_MAX 10 /* changes of the branch predictor in an action */
#define RESOLVED_MAX 7 /* branches that they resolve */
#define GUESSES BIT(63) /* above their places: the next branch's counter is wanted */
#define BTB_PC 32 /* the pc is above a target */
/* Several places, for which tokens stand, in one number, and the bits above them. */
#define PLACE_BITS 8
#define PLACES (BIT(PLACE_BITS) - 1)
#define NO_PLACE PLACES
#define PLACES_A_CYCLE 16 /* the most that are used in a cycle */
#define PLACES_AT_ONCE 7 /* with NO_PLACE after them */
#define MISSED BIT(2 * PLACE_BITS) /* above two places */

#define ACTION(...) ((struct memo_action){ __VA_ARGS__ })

/*
 * Returns the action's step if it was performed before in this trace, and its result still holds;
 * otherwise NULL.
 */
const struct memo_step *c906_action_before(const struct memo_log *log,
					   const struct memo_action *action);

/* Returns the result of an action that is recorded; it is performed if it was not before. */
u64 c906_log_action(struct actions *actions, const struct memo_action *action);

/*
 * Perform actions of predictors (actions_predict.c). The counters of branches are given by their
 * places.
 */
u64 c906_perform_bht(const struct c906_env *env, struct actions *actions,
		     const struct memo_action *action);
u64 c906_perform_branch(const struct c906_env *env, const struct memo_action *action);

/*
 * Returns the number of the latest record that the model has consumed: memory is as it was after
 * that record's stores.
 */
static inline u8 reached(const struct c906_env *env)
{
	return env->actions ? (u8)env->actions->consumed : 0;
}

/* Reserves places for addresses that are results. Returns the token of the first. */
u64 c906_reserve_places(struct actions *actions, unsigned count);

/* Has the same effect as c906_action_stream, with addresses. */
int c906_choose_stream(const struct c906_env *env, u64 *va, u64 *pa);

/* Returns the place of an address of an action, by its token; an address of 0 has none. */
static inline u64 c906_actions_place_of(u64 address)
{
	assert(!address || actions_is_token(address));
	return address ? actions_token_place(address) : NO_PLACE;
}

static inline u64 both_places(u64 a, u64 b)
{
	return c906_actions_place_of(a) | c906_actions_place_of(b) << PLACE_BITS;
}

/* Returns the address in a place; NO_PLACE always has 0. */
static ALWAYS_INLINE u64 placed(const struct actions *actions, u64 place)
{
	return actions->place[(u8)place];
}

static ALWAYS_INLINE u64 placed_next(const struct actions *actions, u64 places)
{
	return placed(actions, places >> PLACE_BITS);
}

#endif
