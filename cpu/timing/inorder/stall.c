/* SPDX-License-Identifier: MIT */
/* Attributes stalled cycles to causes. See stall.h. */
#include "cpu/timing/inorder/stall.h"

#include <string.h>

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
 * Attributes the cycles that the instruction took after its issue, and in which another would have
 * retired: those of a page walk come first. Returns how many of `left` remain.
 */
static u64 attribute_own(struct inorder_report *report, const struct inorder_life *life,
			 enum timing_cause own, u64 left)
{
	u64 after = life->retired - life->place->issued, cycles = after - MIN(after, life->quick);
	/* Without a walk, a result is there in the cycle after issue. */
	u64 walks = life->walked - MIN(life->walked, life->place->issued + 1);

	walks = MIN(walks, cycles);
	left = attribute(report, own, cycles - walks, left);
	return attribute(report, CPI_TLB, walks, left);
}

/* Returns whether a wait for any register may be one for a page walk. */
static bool knows_walks(const struct inorder_stall *stall)
{
	u32 walkers;

	static_assert(sizeof(walkers) == sizeof(stall->walkers), "they are compared at once");
	memcpy(&walkers, stall->walkers, sizeof(walkers));
	return walkers;
}

/* Notes until when a wait for the register is one for a page walk; 0: it is none. */
static NOINLINE void note_walk(struct inorder_stall *stall, u8 reg, u64 until)
{
	for (unsigned n = 0; n < INORDER_WALKS; n++)
		if (stall->walkers[n] == reg)
			stall->walkers[n] = 0;
	if (!until)
		return;
	for (unsigned n = INORDER_WALKS - 1; n > 0; n--) {
		stall->walkers[n] = stall->walkers[n - 1];
		stall->walked[n] = stall->walked[n - 1];
	}
	stall->walkers[0] = reg;
	stall->walked[0] = until;
}

/*
 * Attributes the cycles that the instruction waited for its last operand: those of a page walk come
 * first. Returns how many of `left` remain.
 */
static u64 attribute_operand(const struct inorder_stall *stall, struct inorder_report *report,
			     const struct inorder_place *place, u64 left)
{
	u64 walked = place->room;

	for (unsigned n = 0; knows_walks(stall) && place->reader && n < INORDER_WALKS; n++)
		if (stall->walkers[n] == place->reader)
			walked = MIN(MAX(walked, stall->walked[n]), place->operands);
	left = attribute(report, stall->causes[place->reader], place->operands - walked, left);
	return attribute(report, CPI_TLB, walked - place->room, left);
}

/*
 * Attributes the cycles that the instruction waited before its issue, the latest first. Returns how
 * many of `left` remain.
 */
static u64 attribute_issue(const struct inorder_stall *stall, struct inorder_report *report,
			   const struct inorder_life *life, u64 left)
{
	const struct inorder_place *place = life->place;

	if (!left)
		return 0;
	left = attribute(report, CPI_ISSUE, place->issued - place->unit, left);
	left = attribute(report, place->busy, place->unit - place->operands, left);
	left = attribute_operand(stall, report, place, left);
	left = attribute(report, life->room, place->room - place->follows, left);
	return attribute(report, CPI_ISSUE, place->follows - (life->popped + 1), left);
}

void inorder_stall_retire(struct inorder_stall *stall, struct inorder_report *report,
			  const struct inorder_life *life)
{
	struct timing_tally *tally = report->tally;
	u64 all = life->retired - life->before, left;
	enum timing_cause own = own_cause(life);

	if (all) {
		/* One cycle is that in which the instruction retires. */
		left = attribute(report, CPI_ISSUE, 1, all);
		left = attribute_own(report, life, own, left);
		left = attribute_issue(stall, report, life, left);
		attribute(report, life->fetch, left, left);
		tally->count[TIMING_STALL_BACK] += all - 1 - left;
		tally->count[TIMING_STALL_FRONT] += left;
	}
	/*
	 * This comes last, because the instruction may have waited for the register's previous
	 * value.
	 */
	if (life->uop->rd) {
		stall->causes[life->uop->rd] = (u8)own;
		if (unlikely(life->walked || knows_walks(stall)))
			note_walk(stall, life->uop->rd, life->walked);
	}
}
