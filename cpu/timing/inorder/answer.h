/* SPDX-License-Identifier: MIT */
/* Who answers which question (asked.h): for who asks often, to be inlined. */
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

/* SFENCE.VMA and its like. */
static void forget(struct inorder_mmu *mmu, u64 kind, const u64 *operand)
{
	bool guest = kind & INORDER_FORGET_GUEST || mmu->after & TIMING_VIRTUAL;
	const struct inorder_forget what = {
		.va = operand[0],
		.space = guest ? inorder_mmu_guest_space(mmu, operand[1]) : (u16)operand[1],
		.all = kind & INORDER_FORGET_SECOND || !(kind & INORDER_FORGET_VA),
		.spaces = kind & INORDER_FORGET_SECOND || !(kind & INORDER_FORGET_ASID),
	};

	inorder_mmu_forget(mmu, &what);
}

static ALWAYS_INLINE u64 answer_data(struct inorder_asker *asker, const struct memo_question *op,
				     u64 cycle)
{
	struct inorder_data *data = &asker->core->data;
	const struct inorder_access access = access_of(asker, op);

	take(asker, op);
	switch (op->kind) {
	case INORDER_ASK_ATOMIC:
		return inorder_data_atomic(data, access, cycle);
	case INORDER_ASK_PLACE:
		return inorder_data_place(data, access, cycle);
	default:
		return inorder_data_in_memory(data, access, cycle);
	}
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

/* Of words and code; and what changes them. */
static ALWAYS_INLINE u64 answer_fetch(struct inorder_asker *asker,
				      const struct memo_question *op, u64 cycle)
{
	struct inorder_front *front = &asker->core->front;

	take(asker, op);
	switch (op->kind) {
	case INORDER_ASK_HELD:
		return inorder_front_held(front, op->a);
	case INORDER_ASK_CODE:
		return inorder_front_held_code(front, op->a);
	case INORDER_ASK_WORD:
		return inorder_front_word(front, op->a, cycle);
	case INORDER_ASK_STRAY_WORD:
		return inorder_front_stray_word(front, op->a, cycle,
						cycle + (op->b >> INORDER_ASK_MORE_SHIFT));
	case INORDER_ASK_STRAY_CODE:
		return inorder_front_code(front, op->a);
	default:
		inorder_front_clear(front);
		return 0;
	}
}

static ALWAYS_INLINE u64 answer_mmu(struct inorder_asker *asker, const struct memo_question *op)
{
	struct inorder_mmu *mmu = &asker->core->mmu;
	const u64 *operand = &asker->operand[op->which];

	if (op->kind == INORDER_ASK_FORGET)
		forget(mmu, op->a, operand);
	else
		inorder_mmu_take_tables(mmu, (u16)op->a, operand[0]);
	return 0;
}

static ALWAYS_INLINE u64 inorder_answer_inline(void *ctx, const struct memo_question *op)
{
	struct inorder_asker *asker = ctx;
	struct inorder *core = asker->core;
	u64 cycle = asker->begin + (u64)(s64)(s32)op->b;

	switch (op->kind) {
	case INORDER_ASK_BRANCH:
		inorder_front_catch_up(&core->front, cycle);
		return inorder_front_branch(&core->front, op, cycle);
	case INORDER_ASK_JUMP:
		inorder_front_catch_up(&core->front, cycle);
		return inorder_front_jump(&core->front, op, cycle);
	case INORDER_ASK_GUESS:
		inorder_front_catch_up(&core->front, cycle);
		return inorder_front_predict(&core->front, op, op->a);
	case INORDER_ASK_LOAD:
		return answer_load(asker, op, cycle);
	case INORDER_ASK_STORE:
		return answer_store(asker, op, cycle);
	case INORDER_ASK_ATOMIC:
	case INORDER_ASK_PLACE:
	case INORDER_ASK_IN_MEMORY:
		return answer_data(asker, op, cycle);
	case INORDER_ASK_DRAIN:
		return inorder_data_drain(&core->data, cycle);
	case INORDER_ASK_STEPS:
		return inorder_issue_steps(core->params, inorder_decode(&core->decoder, (u32)op->a),
					   &asker->operand[op->which]);
	case INORDER_ASK_FORGET:
	case INORDER_ASK_TABLES:
		return answer_mmu(asker, op);
	default:
		return answer_fetch(asker, op, cycle);
	}
}

#endif
