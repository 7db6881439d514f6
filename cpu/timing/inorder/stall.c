/* SPDX-License-Identifier: MIT */
/* Attributes stalled cycles to causes. See stall.h. */
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

/*
 * Attributes `cycles` of the cycles in `left`, or all of them, to a cause. Returns how many remain.
 */
static u64 attribute(struct inorder_report *report, enum timing_cause cause, u64 cycles, u64 left)
{
	cycles = MIN(cycles, left);
	if (cycles)
		inorder_attribute(report, cause, cycles);
	return left - cycles;
}

/*
 * Attributes the cycles that the instruction waited before its issue, the latest first. Returns how
 * many of `left` remain.
 */
static u64 attribute_issue(const struct inorder_stall *stall, struct inorder_report *report,
			   const struct inorder_life *life, u64 left)
{
	const struct inorder_place *place = life->place;
	const struct {
		u64 from, until;
		u8 cause;
	} waits[] = {
		{ place->unit, place->issued, CPI_ISSUE },
		{ place->operands, place->unit, place->busy },
		{ place->room, place->operands, stall->causes[place->reader] },
		{ place->follows, place->room, (u8)life->room },
		{ life->popped + 1, place->follows, CPI_ISSUE },
	};

	for (unsigned n = 0; left && n < ARRAY_SIZE(waits); n++)
		left = attribute(report, waits[n].cause, waits[n].until - waits[n].from, left);
	return left;
}

void inorder_stall_retire(struct inorder_stall *stall, struct inorder_report *report,
			  const struct inorder_life *life)
{
	struct timing_tally *tally = report->tally;
	u64 all = life->retired - life->before, after = life->retired - life->place->issued, left;
	enum timing_cause own = own_cause(life);

	if (all) {
		/* One cycle is that in which the instruction retires. */
		left = attribute(report, CPI_ISSUE, 1, all);
		left = attribute(report, own, after - MIN(after, life->quick), left);
		left = attribute_issue(stall, report, life, left);
		attribute(report, life->fetch, left, left);
		tally->count[TIMING_STALL_BACK] += all - 1 - left;
		tally->count[TIMING_STALL_FRONT] += left;
	}
	/*
	 * This comes last, because the instruction may have waited for the register's previous
	 * value.
	 */
	if (life->uop->rd)
		stall->causes[life->uop->rd] = (u8)own;
}
