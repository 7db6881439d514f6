/* SPDX-License-Identifier: MIT */
/* Performs actions (actions.h): inline functions, for callers that do so often. */
#ifndef CPU_TIMING_INORDER_PERFORM_H
#define CPU_TIMING_INORDER_PERFORM_H

#include "cpu/timing/inorder/state.h"

/*
 * Notes the instruction that the trace has reached. Must be called before anything that may read
 * memory.
 */
static ALWAYS_INLINE void inorder_actions_take(struct inorder_actions *actions,
					       const struct memo_action *op)
{
	actions->consumed = (u8)(op->b >> INORDER_ACTION_CONSUMED_SHIFT);
}

/* Returns the operand that the action names. */
static ALWAYS_INLINE struct inorder_access access_of(const struct inorder_actions *actions,
						     const struct memo_action *op)
{
	return (struct inorder_access){
		.address = &actions->operand[op->which], .what = (u32)op->a | actions->translated,
	};
}

/*
 * Predicts a jump. Executed branches are most frequent, then executed jumps, then those of a wrong
 * path.
 */
static ALWAYS_INLINE u64 perform_jump(struct inorder_actions *actions, const struct memo_action *op,
				      u64 cycle)
{
	struct inorder_front *front = &actions->core->front;

	inorder_front_catch_up(front, cycle);
	if (likely(op->kind == INORDER_ACTION_BRANCH))
		return inorder_front_branch(front, op, cycle);
	if (op->kind == INORDER_ACTION_JUMP)
		return inorder_front_jump(front, op, cycle);
	return inorder_front_predict(front, op, op->a);
}

static ALWAYS_INLINE u64 perform_load(struct inorder_actions *actions, const struct memo_action *op,
				      u64 cycle)
{
	struct inorder_data *data = &actions->core->data;
	const struct inorder_access access = access_of(actions, op);
	u64 quick = inorder_data_quick(data, access, cycle);

	if (quick)
		return quick;
	inorder_actions_take(actions, op);
	return inorder_data_load(data, access, cycle);
}

static ALWAYS_INLINE u64 perform_store(struct inorder_actions *actions,
				       const struct memo_action *op, u64 cycle)
{
	u64 retires = cycle + (u64)((s64)op->a >> INORDER_STORE_RETIRES);

	inorder_actions_take(actions, op);
	return inorder_data_store(&actions->core->data, access_of(actions, op), cycle, retires);
}

/* Performs the rest of the actions, which are less frequent. */
u64 inorder_perform_rest(struct inorder_actions *actions, const struct memo_action *op, u64 cycle);

static ALWAYS_INLINE u64 inorder_perform_inline(void *ctx, const struct memo_action *op)
{
	struct inorder_actions *actions = ctx;
	u64 cycle = actions->begin + (u64)(s64)(s32)op->b;

	if (op->kind == INORDER_ACTION_LOAD)
		return perform_load(actions, op, cycle);
	if (op->kind == INORDER_ACTION_STORE)
		return perform_store(actions, op, cycle);
	if (op->kind <= INORDER_ACTION_LAST_JUMP)
		return perform_jump(actions, op, cycle);
	return inorder_perform_rest(actions, op, cycle);
}

#endif
