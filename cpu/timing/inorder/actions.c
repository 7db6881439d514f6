/* SPDX-License-Identifier: MIT */
/* Questions and who answers them. See actions.h. */
#include "cpu/timing/inorder/actions.h"

#include "cpu/timing/inorder/answer.h"

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

static u64 answer_data(struct inorder_asker *asker, const struct memo_question *op, u64 cycle)
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

/* Of words and code; and what changes them. */
static u64 answer_fetch(struct inorder_asker *asker, const struct memo_question *op, u64 cycle)
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

static u64 answer_mmu(struct inorder_asker *asker, const struct memo_question *op)
{
	struct inorder_mmu *mmu = &asker->core->mmu;
	const u64 *operand = &asker->operand[op->which];

	if (op->kind == INORDER_ASK_FORGET)
		forget(mmu, op->a, operand);
	else
		inorder_mmu_take_tables(mmu, (u16)op->a, operand[0]);
	return 0;
}

u64 inorder_answer_rest(struct inorder_asker *asker, const struct memo_question *op, u64 cycle)
{
	struct inorder *core = asker->core;

	switch (op->kind) {
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

u64 inorder_answer(void *ctx, const struct memo_question *op)
{
	return inorder_answer_inline(ctx, op);
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
