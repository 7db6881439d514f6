/* SPDX-License-Identifier: MIT */
/* Questions and who answers them. See asked.h. */
#include "cpu/timing/inorder/asked.h"

#include "cpu/timing/inorder/state.h"

/* What is at the operand that the question names. */
static ALWAYS_INLINE struct inorder_access access_of(const struct inorder_asker *asker,
						     const struct memo_question *op)
{
	return (struct inorder_access){
		.va = asker->operand[op->which], .pa = asker->operand[op->which + 1],
		.size = (u8)(op->a & INORDER_ACCESS_SIZE),
		.guest = op->a & INORDER_ACCESS_GUEST, .store = op->a & INORDER_ACCESS_STORE,
		.traps = op->a & INORDER_ACCESS_TRAPS, .translated = asker->translated,
	};
}

/* SFENCE.VMA and its like. */
static void forget(struct inorder_asker *asker, const struct memo_question *op)
{
	struct inorder_mmu *mmu = &asker->core->mmu;
	const u64 *operand = &asker->operand[op->which];
	bool guest = op->a & INORDER_FORGET_GUEST || mmu->after & TIMING_VIRTUAL;
	const struct inorder_forget what = {
		.va = operand[0],
		.space = guest ? inorder_mmu_guest_space(mmu, operand[1]) : (u16)operand[1],
		.all = op->a & INORDER_FORGET_SECOND || !(op->a & INORDER_FORGET_VA),
		.spaces = op->a & INORDER_FORGET_SECOND || !(op->a & INORDER_FORGET_ASID),
	};

	inorder_mmu_forget(mmu, &what);
}

static ALWAYS_INLINE u64 answer_data(struct inorder_asker *asker,
				     const struct memo_question *op, u64 cycle)
{
	struct inorder_data *data = &asker->core->data;
	const struct inorder_access access = access_of(asker, op);

	switch (op->kind) {
	case INORDER_ASK_LOAD:
		return inorder_data_load(data, &access, cycle);
	case INORDER_ASK_ATOMIC:
		return inorder_data_atomic(data, &access, cycle);
	case INORDER_ASK_STORE:
		return inorder_data_store(data, &access, cycle);
	case INORDER_ASK_RETIRE:
		return inorder_data_retire(data, &access, cycle);
	default:
		return inorder_data_in_memory(data, &access, cycle);
	}
}

static ALWAYS_INLINE u64 answer_front(struct inorder_front *front,
				      const struct memo_question *op, u64 cycle)
{
	u64 more = op->b >> INORDER_ASK_MORE_SHIFT;

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
	case INORDER_ASK_LEARN:
		inorder_front_teach(front, op->which, op->a, cycle);
		return 0;
	case INORDER_ASK_KNOWN:
		return inorder_front_knows(front, op->a);
	case INORDER_ASK_EMPTY:
		inorder_front_clear(front);
		return 0;
	default:
		if (op->kind == INORDER_ASK_GUESS)
			inorder_front_ask_about(front, op->a);
		return inorder_front_predict(front, op, cycle);
	}
}

static ALWAYS_INLINE u64 answer(void *ctx, const struct memo_question *op)
{
	struct inorder_asker *asker = ctx;
	struct inorder *core = asker->core;
	u64 cycle = asker->begin + (u64)(s64)(s32)op->b;

	asker->taken = (u8)(op->b >> INORDER_ASK_TAKEN_SHIFT);
	switch (op->kind) {
	case INORDER_ASK_LOAD:
	case INORDER_ASK_ATOMIC:
	case INORDER_ASK_STORE:
	case INORDER_ASK_RETIRE:
	case INORDER_ASK_IN_MEMORY:
		return answer_data(asker, op, cycle);
	case INORDER_ASK_DRAIN:
		return inorder_data_drain(&core->data, cycle);
	case INORDER_ASK_STEPS:
		return inorder_issue_steps(core->params, inorder_decode(&core->decoder, (u32)op->a),
					   &asker->operand[op->which]);
	case INORDER_ASK_FORGET:
		forget(asker, op);
		return 0;
	case INORDER_ASK_TABLES:
		inorder_mmu_take_tables(&core->mmu, (u16)op->a, asker->operand[op->which]);
		return 0;
	default:
		return answer_front(&core->front, op, cycle);
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
