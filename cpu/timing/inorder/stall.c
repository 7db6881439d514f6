/* SPDX-License-Identifier: MIT */
/* Causes of cycles. See stall.h. */
#include "cpu/timing/inorder/stall.h"

static enum timing_cause own_cause(const struct inorder_life *life)
{
	switch (life->uop->unit) {
	case INORDER_MUL:
	case INORDER_DIV:
		return SPENT_MULDIV;
	case INORDER_FPU:
	case INORDER_FDIV:
		return SPENT_FP;
	case INORDER_LOAD:
		return life->access;
	case INORDER_STORE:
	case INORDER_AMO:
		return SPENT_STORES;
	case INORDER_ALU:
	case INORDER_BRANCH:
		return SPENT_ISSUE;
	default:
		return SPENT_FENCE;
	}
}

void inorder_spend(struct inorder_told *told, enum timing_cause cause, u64 cycles)
{
	timing_count_spent(told->tally, cause, cycles);
	if (!told->host)
		told_add(&told->list, cause, cycles);
	else if (told->host->spend)
		told->host->spend(told->host->ctx, cause, cycles);
}

void inorder_blame(struct inorder_blame *blame, struct inorder_told *told,
		   const struct inorder_life *life)
{
	struct timing_tally *tally = told->tally;
	u64 left = life->retired - life->before, after = life->retired - life->issued;
	enum timing_cause own = own_cause(life);
	enum timing_cause waited = SPENT_ISSUE;
	u64 cycles;

	if (life->uop->rd)
		blame->causes[life->uop->rd] = (u8)own;
	if (blame->reader)
		waited = blame->causes[blame->reader];
	if (!left)
		return;
	/* The one in which it retires. */
	inorder_spend(told, SPENT_ISSUE, 1);
	left--;
	cycles = MIN(after - MIN(after, life->quick), left);
	if (cycles)
		inorder_spend(told, own, cycles);
	left -= cycles;
	tally->count[TIMING_STALL_BACK] += cycles;
	cycles = MIN(life->issued - MIN(life->issued, life->popped + 1), left);
	if (cycles)
		inorder_spend(told, waited, cycles);
	left -= cycles;
	tally->count[TIMING_STALL_BACK] += cycles;
	if (left)
		inorder_spend(told, life->fetch, left);
	tally->count[TIMING_STALL_FRONT] += left;
}
