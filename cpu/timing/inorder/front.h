/* SPDX-License-Identifier: MIT */
/*
 * The front end, by timestamps: the cycle in which the word that contains an instruction is there,
 * and the address where fetch continues. A wrong prediction is followed until it is resolved.
 */
#ifndef CPU_TIMING_INORDER_FRONT_H
#define CPU_TIMING_INORDER_FRONT_H

#include "cpu/timing/inorder/actions.h"
#include "cpu/timing/inorder/btb.h"
#include "cpu/timing/inorder/cache.h"
#include "cpu/timing/inorder/decode.h"
#include "cpu/timing/inorder/updates.h"
#include "cpu/timing/inorder/memory.h"
#include "cpu/timing/inorder/mmu.h"
#include "cpu/timing/inorder/report.h"

/* The prediction of an instruction. */
struct inorder_guess {
	bool taken;
	u64 target;
	u64 bubbles; /* cycles that the jump costs fetch */
};

#define UNITS "cpu/timing/inorder/state/front.def"
#include "cpu/timing/fields/structs.inc"

/* A wrong path, or a path that is fetched until it is stopped. */
struct inorder_wrong_path {
	u64 pc; /* where it begins */
	u64 word, at; /* the word that is already there, or UINT64_MAX; and since when */
	u64 ask; /* the cycle in which the next word is requested */
	u64 until; /* the cycle in which fetch stops */
	u64 room; /* the number of instructions that the queue can take */
};

int inorder_front_init(struct inorder_front *front, const struct inorder_params *params);
void inorder_front_free(struct inorder_front *front);
void inorder_front_reset(struct inorder_front *front);

/* Empties the cache. */
void inorder_front_clear(struct inorder_front *front);

/* Returns the cycle in which the whole instruction is there and has a slot in the queue. */
u64 inorder_front_fetch(struct inorder_front *front, u64 pc, const struct inorder_uop *uop);

/* Called when the instruction has left the queue. `jump`: it had a slot among the jumps. */
void inorder_front_pop(struct inorder_front *front, u64 cycle, bool jump);

/*
 * Returns whether an instruction needs a slot among the jumps. A return needs one, whether its
 * target is known or not.
 */
static inline bool inorder_front_is_jump(const struct inorder_uop *uop,
					 const struct inorder_guess *guess)
{
	return guess->taken || uop->flow == INORDER_RETURN;
}

/* A jump or branch to be predicted. */
struct inorder_jump {
	u64 pc;
	const struct inorder_uop *uop;
	bool done; /* executed: neither on a wrong path, nor trapped */
	bool taken; /* if done: the branch is taken; and the cycle in which it is resolved */
	u64 known;
};

/*
 * Predicts a jump with the updates learnt before `cycle`; calls and returns change the return
 * stack. Executed jumps train the predictors when they are resolved.
 */
void inorder_front_guess(struct inorder_front *front, const struct inorder_jump *jump, u64 cycle,
			 struct inorder_guess *guess);

/*
 * Fetch continues elsewhere: inorder_front_follow at the predicted target, `bubbles` later than
 * without a jump; inorder_front_restart with an empty queue, requesting a word in `ask`.
 */
void inorder_front_follow(struct inorder_front *front, u64 bubbles);
void inorder_front_restart(struct inorder_front *front, u64 ask, enum timing_cause cause);

/* Returns the cycle in which the next word would be requested if fetch does not jump. */
u64 inorder_front_next(const struct inorder_front *front);

/* Follows a wrong path, and returns the cycle from which on the cache can be accessed again. */
u64 inorder_front_fetch_wrong_path(struct inorder_front *front,
				   const struct inorder_wrong_path *wrong);

/* These perform actions (actions.h). First those of words and code: */
u64 inorder_front_held(struct inorder_front *front, u64 va);
u64 inorder_front_held_code(struct inorder_front *front, u64 va);
u64 inorder_front_word(struct inorder_front *front, u64 va, u64 cycle);
u64 inorder_front_wrong_path_word(struct inorder_front *front, u64 va, u64 cycle, u64 until);
u64 inorder_front_code(struct inorder_front *front, u64 va);

/* Predict with the updates learnt before the cycle; executed jumps train the predictors later. */
u64 inorder_front_predict(struct inorder_front *front, const struct memo_action *op, u64 pc);
u64 inorder_front_branch(struct inorder_front *front, const struct memo_action *op, u64 cycle);
u64 inorder_front_jump(struct inorder_front *front, const struct memo_action *op, u64 cycle);

/* Trains the predictors with the first update. */
void inorder_front_learn(struct inorder_front *front);

/*
 * Trains the predictors with all updates known before the cycle; must be called before a prediction
 * in it.
 */
static ALWAYS_INLINE void inorder_front_catch_up(struct inorder_front *front, u64 cycle)
{
	while (inorder_updates_due(&front->updates, cycle))
		inorder_front_learn(front);
}

#endif
