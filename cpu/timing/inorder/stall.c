/* SPDX-License-Identifier: MIT */
/* Causes of stalled cycles. See stall.h. */
#include "cpu/timing/inorder/stall.h"

static enum timing_cause own_cause(const struct inorder_life *life)
{
	switch (life->uop->unit) {
	case INORDER_MUL:
	case INORDER_DIV:
		return CPI_MULDIV;
	case INORDER_FPU:
	case INORDER_FDIV:
		return CPI_FP;
	case INORDER_LOAD:
		return life->access;
	case INORDER_STORE:
	case INORDER_AMO:
		return CPI_STORES;
	case INORDER_ALU:
	case INORDER_BRANCH:
	case INORDER_VSET:
		return CPI_ISSUE;
	case INORDER_VECTOR:
		return CPI_VECTOR;
	default:
		return CPI_FENCE;
	}
}

void inorder_attribute(struct inorder_report *report, enum timing_cause cause, u64 cycles)
{
	timing_attribute(report->tally, cause, cycles);
	if (!report->host)
		retired_add(&report->list, cause, cycles);
	else if (report->host->attribute)
		report->host->attribute(report->host->ctx, cause, cycles);
}

void inorder_stall_retire(struct inorder_stall *stall, struct inorder_report *report,
			  const struct inorder_life *life)
{
	struct timing_tally *tally = report->tally;
	u64 left = life->retired - life->before, after = life->retired - life->issued;
	enum timing_cause own = own_cause(life);
	enum timing_cause waited = life->uop->unit == INORDER_VECTOR ? CPI_VECTOR : CPI_ISSUE;
	u64 cycles;

	if (life->uop->rd)
		stall->causes[life->uop->rd] = (u8)own;
	if (stall->reader)
		waited = stall->causes[stall->reader];
	if (!left)
		return;
	/* One cycle is that of its retirement. */
	inorder_attribute(report, CPI_ISSUE, 1);
	left--;
	cycles = MIN(after - MIN(after, life->quick), left);
	if (cycles)
		inorder_attribute(report, own, cycles);
	left -= cycles;
	tally->count[TIMING_STALL_BACK] += cycles;
	cycles = MIN(life->issued - MIN(life->issued, life->popped + 1), left);
	if (cycles)
		inorder_attribute(report, waited, cycles);
	left -= cycles;
	tally->count[TIMING_STALL_BACK] += cycles;
	if (left)
		inorder_attribute(report, life->fetch, left);
	tally->count[TIMING_STALL_FRONT] += left;
}
