/* SPDX-License-Identifier: MIT */
/* Questions and who answers them. See asked.h. */
#include "cpu/timing/inorder/asked.h"

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

static ALWAYS_INLINE u64 answer_data(struct inorder_asker *asker,
				     const struct memo_question *op, u64 cycle)
{
	struct inorder_data *data = &asker->core->data;
	const struct inorder_access access = access_of(asker, op);
	u64 retires;

	take(asker, op);
	switch (op->kind) {
	case INORDER_ASK_ATOMIC:
		return inorder_data_atomic(data, access, cycle);
	case INORDER_ASK_STORE:
		retires = cycle + (u64)((s64)op->a >> INORDER_STORE_RETIRES);
		return inorder_data_store(data, access, cycle, retires);
	case INORDER_ASK_PLACE:
		return inorder_data_place(data, access, cycle);
	case INORDER_ASK_IN_MEMORY:
		return inorder_data_in_memory(data, access, cycle);
	default:
		return inorder_data_load(data, access, cycle);
	}
}

static ALWAYS_INLINE u64 answer_load(struct inorder_asker *asker, const struct memo_question *op,
				     u64 cycle)
{
	const struct inorder_access access = access_of(asker, op);
	u64 quick = inorder_data_quick(&asker->core->data, access, cycle);

	return quick ? quick : answer_data(asker, op, cycle);
}

/* Of words and code; and what changes them. */
static ALWAYS_INLINE u64 answer_fetch(struct inorder_asker *asker,
				      const struct memo_question *op, u64 cycle)
{
	struct inorder_front *front = &asker->core->front;
	u64 more = op->b >> INORDER_ASK_MORE_SHIFT;

	take(asker, op);
	switch (op->kind) {
	case INORDER_ASK_HELD:
		return inorder_front_held(front, op->a);
	case INORDER_ASK_CODE:
		return inorder_front_held_code(front, op->a);
	case INORDER_ASK_WORD:
		return inorder_front_word(front, op->a, cycle);
	case INORDER_ASK_STRAY_WORD:
		return inorder_front_stray_word(front, op->a, cycle, cycle + more);
	case INORDER_ASK_STRAY_CODE:
		return inorder_front_code(front, op->a);
	default:
		inorder_front_clear(front);
		return 0;
	}
}

static ALWAYS_INLINE u64 answer_jump(struct inorder_front *front, const struct memo_question *op,
				     u64 cycle)
{
	inorder_front_catch_up(front, cycle);
	switch (op->kind) {
	case INORDER_ASK_BRANCH:
		return inorder_front_branch(front, op, cycle);
	case INORDER_ASK_JUMP:
		return inorder_front_jump(front, op, cycle);
	default:
		return inorder_front_predict(front, op, op->a);
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

static ALWAYS_INLINE u64 answer(void *ctx, const struct memo_question *op)
{
	struct inorder_asker *asker = ctx;
	struct inorder *core = asker->core;
	u64 cycle = asker->begin + (u64)(s64)(s32)op->b;

	switch (op->kind) {
	case INORDER_ASK_BRANCH:
	case INORDER_ASK_JUMP:
	case INORDER_ASK_GUESS:
		return answer_jump(&core->front, op, cycle);
	case INORDER_ASK_LOAD:
		return answer_load(asker, op, cycle);
	case INORDER_ASK_ATOMIC:
	case INORDER_ASK_STORE:
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

u64 inorder_answer(void *ctx, const struct memo_question *op)
{
	return answer(ctx, op);
}

u64 inorder_ask(struct inorder_asker *asker, const struct inorder_question *question)
{
	const struct memo_question op = {
		.kind = (u8)question->kind, .which = question->which, .how = question->how,
		.a = question->a,
		.b = (question->cycle ? (u32)(question->cycle - asker->begin) : 0) |
		     (u64)(u8)asker->taken << INORDER_ASK_TAKEN_SHIFT |
		     question->more << INORDER_ASK_MORE_SHIFT,
	};

	return asker->writes ? memo_ask(&asker->tape, &op, asker) : inorder_answer(asker, &op);
}

struct memo_leaf *inorder_follow(struct inorder_asker *asker, const struct memo_piece *piece)
{
	return memo_follow(piece, &asker->tape, answer, asker,
			   &asker->core->mmu.fetch_version);
}

bool inorder_asked_read(void *ctx, u64 pa, void *data, size_t size)
{
	struct inorder *core = ctx;
	const struct timing_host *host = &core->host;
	struct inorder_asker *asker = &core->asker;
	unsigned taken = asker->base + asker->taken;

	if (asker->run && host->reached && taken != asker->reached)
		host->reached(host->ctx, asker->run, taken);
	asker->reached = taken;
	return host->read(host->ctx, pa, data, size);
}

bool inorder_asked_watch(void *ctx, u64 pa, size_t size)
{
	const struct timing_host *host = &((struct inorder *)ctx)->host;

	return host->watch_code && host->watch_code(host->ctx, pa, size);
}
