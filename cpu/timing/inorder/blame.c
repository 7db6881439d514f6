/* SPDX-License-Identifier: MIT */
/* Causes of cycles. See blame.h. */
#include "cpu/timing/inorder/blame.h"

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

static u64 spend(const struct timing_host *host, enum timing_cause cause, u64 cycles, u64 left)
{
	cycles = MIN(cycles, left);
	if (cycles)
		host->spend(host->ctx, cause, cycles);
	return left - cycles;
}

void inorder_blame(struct inorder_blame *blame, const struct timing_host *host,
		   const struct inorder_life *life)
{
	u64 left = life->retired - life->before, after = life->retired - life->issued;
	enum timing_cause own = own_cause(life);

	if (life->uop->rd)
		blame->causes[life->uop->rd] = (u8)own;
	if (!host->spend)
		return;
	/* The one in which it retires. */
	left = spend(host, SPENT_ISSUE, 1, left);
	if (!left)
		return;
	left = spend(host, own, after - MIN(after, life->quick), left);
	left = spend(host, blame->reader ? blame->causes[blame->reader] : SPENT_ISSUE,
		     life->issued - MIN(life->issued, life->popped + 1), left);
	spend(host, life->fetch, left, left);
}
