/* SPDX-License-Identifier: MIT */
/* Who answers which question (actions.h): for who asks often, to be inlined. */
#ifndef CPU_TIMING_INORDER_ANSWER_H
#define CPU_TIMING_INORDER_ANSWER_H

#include "cpu/timing/inorder/state.h"

/* Before anything that may read memory. */
static ALWAYS_INLINE void take(struct inorder_asker *asker, const struct memo_question *op)
{
	asker->taken = (u8)(op->b >> INORDER_ASK_TAKEN_SHIFT);
}

/* What is at the operand that the question names. */
static ALWAYS_INLINE struct inorder_access access_of(const struct inorder_asker *asker,
						     const struct memo_question *op)
{
	return (struct inorder_access){
		.address = &asker->operand[op->which], .what = (u32)op->a | asker->translated,
	};
}

/* Of branches that are done, most often; of jumps that are; of what is on a wrong path. */
static ALWAYS_INLINE u64 answer_jump(struct inorder_asker *asker, const struct memo_question *op,
				     u64 cycle)
{
	struct inorder_front *front = &asker->core->front;

	inorder_front_catch_up(front, cycle);
	if (likely(op->kind == INORDER_ASK_BRANCH))
		return inorder_front_branch(front, op, cycle);
	if (op->kind == INORDER_ASK_JUMP)
		return inorder_front_jump(front, op, cycle);
	return inorder_front_predict(front, op, op->a);
}

static ALWAYS_INLINE u64 answer_load(struct inorder_asker *asker, const struct memo_question *op,
				     u64 cycle)
{
	struct inorder_data *data = &asker->core->data;
	const struct inorder_access access = access_of(asker, op);
	u64 quick = inorder_data_quick(data, access, cycle);

	if (quick)
		return quick;
	take(asker, op);
	return inorder_data_load(data, access, cycle);
}

static ALWAYS_INLINE u64 answer_store(struct inorder_asker *asker, const struct memo_question *op,
				      u64 cycle)
{
	u64 retires = cycle + (u64)((s64)op->a >> INORDER_STORE_RETIRES);

	take(asker, op);
	return inorder_data_store(&asker->core->data, access_of(asker, op), cycle, retires);
}

/* What is asked less often. */
u64 inorder_answer_rest(struct inorder_asker *asker, const struct memo_question *op, u64 cycle);

static ALWAYS_INLINE u64 inorder_answer_inline(void *ctx, const struct memo_question *op)
{
	struct inorder_asker *asker = ctx;
	u64 cycle = asker->begin + (u64)(s64)(s32)op->b;

	if (op->kind == INORDER_ASK_LOAD)
		return answer_load(asker, op, cycle);
	if (op->kind == INORDER_ASK_STORE)
		return answer_store(asker, op, cycle);
	if (op->kind <= INORDER_ASK_LAST_JUMP)
		return answer_jump(asker, op, cycle);
	return inorder_answer_rest(asker, op, cycle);
}

#endif
