/* SPDX-License-Identifier: MIT */
/* Performs actions, by calling the units that they concern. See actions.h. */
#include "cpu/timing/inorder/actions.h"

#include "cpu/timing/inorder/perform.h"
#include "cpu/timing/inorder/vector/requests.h"

/* Performs SFENCE.VMA and the other instructions that invalidate TLB entries. */
static void inorder_actions_forget(struct inorder_mmu *mmu, u64 kind, const u64 *operand)
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

static u64 perform_data(struct inorder_actions *actions, const struct memo_action *op, u64 cycle)
{
	struct inorder_data *data = &actions->core->data;
	const struct inorder_access access = access_of(actions, op);

	inorder_actions_take(actions, op);
	switch (op->kind) {
	case INORDER_ACTION_ATOMIC:
		return inorder_data_atomic(data, access, cycle);
	case INORDER_ACTION_PLACE:
		return inorder_data_place(data, access, cycle);
	default:
		return inorder_data_in_memory(data, access, cycle);
	}
}

/* Performs the actions about fetched words and code, and the one that empties the cache. */
static u64 perform_fetch(struct inorder_actions *actions, const struct memo_action *op, u64 cycle)
{
	struct inorder_front *front = &actions->core->front;

	inorder_actions_take(actions, op);
	switch (op->kind) {
	case INORDER_ACTION_HELD:
		return inorder_front_held(front, op->a);
	case INORDER_ACTION_CODE:
		return inorder_front_held_code(front, op->a);
	case INORDER_ACTION_WORD:
		return inorder_front_word(front, op->a, cycle);
	case INORDER_ACTION_WRONG_PATH_WORD:
		return inorder_front_wrong_path_word(front, op->a, cycle,
						     cycle + (op->b >> INORDER_ACTION_MORE_SHIFT));
	case INORDER_ACTION_WRONG_PATH_CODE:
		return inorder_front_code(front, op->a);
	default:
		inorder_front_clear(front);
		return 0;
	}
}

static u64 perform_mmu(struct inorder_actions *actions, const struct memo_action *op)
{
	struct inorder_mmu *mmu = &actions->core->mmu;
	const u64 *operand = &actions->operand[op->which];

	if (op->kind == INORDER_ACTION_FORGET)
		inorder_actions_forget(mmu, op->a, operand);
	else
		inorder_mmu_write_csr(mmu, (u16)op->a, operand[0]);
	return 0;
}

/* The index of vl among the operands of a vector access, which are va, pa, vl, stride and vtype. */
#define VECTOR_VALUES 2

static u64 perform_vector(struct inorder_actions *actions, const struct memo_action *op, u64 cycle)
{
	struct inorder *core = actions->core;
	const u64 *operand = &actions->operand[op->which], *values = operand + VECTOR_VALUES;
	const struct inorder_uop *uop = inorder_decode(&core->decoder, (u32)op->a);
	struct inorder_vector_reach reach;

	inorder_actions_take(actions, op);
	reach = inorder_vector_reach_of(core->params, &uop->insn, values);
	return inorder_data_vector(&core->data,
				   &(struct inorder_vector_access){
					   .reach = reach,
					   .va = operand[0],
					   .pa = operand[1],
					   .translated = actions->translated,
					   .spread = op->a >> INORDER_VECTOR_SPREAD,
				   },
				   cycle);
}

u64 inorder_perform_rest(struct inorder_actions *actions, const struct memo_action *op, u64 cycle)
{
	struct inorder *core = actions->core;

	switch (op->kind) {
	case INORDER_ACTION_ATOMIC:
	case INORDER_ACTION_PLACE:
	case INORDER_ACTION_IN_MEMORY:
		return perform_data(actions, op, cycle);
	case INORDER_ACTION_DRAIN:
		return inorder_data_drain(&core->data, cycle);
	case INORDER_ACTION_STEPS:
		return inorder_issue_steps(core->params, inorder_decode(&core->decoder, (u32)op->a),
					   &actions->operand[op->which]);
	case INORDER_ACTION_VECTOR:
		return (u32)actions->operand[op->which] |
		       (actions->operand[op->which + 2] & UINT8_MAX) << 32;
	case INORDER_ACTION_VECTOR_ACCESS:
		return perform_vector(actions, op, cycle);
	case INORDER_ACTION_FORGET:
	case INORDER_ACTION_TABLES:
		return perform_mmu(actions, op);
	default:
		return perform_fetch(actions, op, cycle);
	}
}

u64 inorder_perform(void *ctx, const struct memo_action *op)
{
	return inorder_perform_inline(ctx, op);
}

u64 inorder_do(struct inorder_actions *actions, const struct inorder_action *action)
{
	const struct memo_action op = {
		.kind = (u8)action->kind,
		.which = action->which,
		.how = action->how,
		.a = action->a,
		.b = (action->cycle ? (u32)(action->cycle - actions->begin) : 0) |
		     (u64)(u8)actions->consumed << INORDER_ACTION_CONSUMED_SHIFT |
		     action->more << INORDER_ACTION_MORE_SHIFT,
	};

	return actions->recording ? memo_log_do(&actions->log, &op, actions) :
				    inorder_perform(actions, &op);
}

bool inorder_actions_read(void *ctx, u64 pa, void *data, size_t size)
{
	struct inorder *core = ctx;
	const struct timing_host *host = &core->host;
	struct inorder_actions *actions = &core->actions;
	unsigned consumed = actions->base + actions->consumed;

	if (actions->run && host->reached && consumed != actions->reached)
		host->reached(host->ctx, actions->run, consumed);
	actions->reached = consumed;
	return host->read(host->ctx, pa, data, size);
}

bool inorder_actions_watch(void *ctx, u64 pa, size_t size)
{
	const struct timing_host *host = &((struct inorder *)ctx)->host;

	return host->watch_code && host->watch_code(host->ctx, pa, size);
}
