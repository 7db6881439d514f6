/* SPDX-License-Identifier: MIT */
/* Issue and retirement. See issue.h. */
#include "cpu/timing/inorder/issue.h"

#include "cpu/timing/tally.h"

#include <string.h>

static const u8 groups[INORDER_UNITS] = {
	[INORDER_ALU] = INORDER_GROUP_ALU,	  [INORDER_BRANCH] = INORDER_GROUP_OTHER,
	[INORDER_MUL] = INORDER_GROUP_OTHER,	  [INORDER_DIV] = INORDER_GROUP_OTHER,
	[INORDER_LOAD] = INORDER_GROUP_MEMORY,	  [INORDER_STORE] = INORDER_GROUP_MEMORY,
	[INORDER_AMO] = INORDER_GROUP_ALONE,	  [INORDER_FPU] = INORDER_GROUP_OTHER,
	[INORDER_FDIV] = INORDER_GROUP_OTHER,	  [INORDER_CSR] = INORDER_GROUP_ALONE,
	[INORDER_FENCE] = INORDER_GROUP_ALONE,	  [INORDER_FENCE_I] = INORDER_GROUP_ALONE,
	[INORDER_SFENCE] = INORDER_GROUP_ALONE,	  [INORDER_XRET] = INORDER_GROUP_ALONE,
	[INORDER_WAIT] = INORDER_GROUP_ALONE,	  [INORDER_ILLEGAL] = INORDER_GROUP_ALONE,
	[INORDER_VSET] = INORDER_GROUP_ALU,	  [INORDER_VECTOR] = INORDER_GROUP_OTHER,
};

void inorder_issue_reset(struct inorder_issue *issue, const struct inorder_params *params)
{
	memset(issue, 0, sizeof(*issue));
	issue->params = params;
}

u64 inorder_issue_pop(struct inorder_issue *issue, u64 fetched)
{
	const struct inorder_params *params = issue->params;
	u64 before = params->issue_width - 1;
	u64 pop = MAX(fetched + params->fetch_decode - 1, issue->popped[0]);

	pop = MAX(pop, MAX(issue->issued[before], issue->popped[before] + 1));
	issue->popped[1] = issue->popped[0];
	issue->popped[0] = pop;
	return pop;
}

/*
 * Returns the destination register, if its last result must be there before it is overwritten; else
 * 0.
 */
static u8 overwritten(const struct inorder_issue *issue, const struct inorder_uop *uop)
{
	return issue->params->issue_waw ? uop->rd : 0;
}

u64 inorder_issue_operands(const struct inorder_issue *issue, const struct inorder_uop *uop,
			   u64 cycle)
{
	const u64 *ready = issue->ready;
	u64 read = MAX(ready[uop->rs1], MAX(ready[uop->rs2], ready[uop->rs3]));

	return MAX(cycle, MAX(read, ready[overwritten(issue, uop)]));
}

/* Returns the register that an instruction waits for last, or 0 if all are ready in `cycle`. */
static u8 last_operand(const struct inorder_issue *issue, const struct inorder_uop *uop, u64 cycle)
{
	const u8 needs[] = { uop->rs1, uop->rs2, uop->rs3, overwritten(issue, uop) };
	u8 last = 0;

	for (unsigned n = 0; n < ARRAY_SIZE(needs); n++)
		if (issue->ready[needs[n]] > MAX(cycle, issue->ready[last]))
			last = needs[n];
	return last;
}

/*
 * Returns when the operands allow an instruction to be issued, `cycle` at the earliest. The ALU may
 * take an operand up to alu.late cycles after issue.
 */
static u64 wait_for_operands(const struct inorder_issue *issue, const struct inorder_uop *uop,
			     u64 cycle)
{
	bool late = uop->unit == INORDER_ALU || uop->unit == INORDER_BRANCH;
	u64 ready = inorder_issue_operands(issue, uop, 0);
	u64 slack = late ? MIN(ready, issue->params->alu_late) : 0;

	return MAX(cycle, ready - slack);
}

/* When a unit accepts another instruction, and the cause that it does not before. */
struct unit_state {
	u64 free;
	enum timing_cause cause;
};

/*
 * Returns the state of a unit that may share a result port with the ALU; `own` is when the unit
 * itself is free.
 */
static struct unit_state shared_port(const struct inorder_issue *issue, u64 own)
{
	u64 free = MAX(own, issue->shared);

	if (!issue->params->alu_shared)
		return (struct unit_state){ own, CPI_MULDIV };
	return issue->csr > free ? (struct unit_state){ issue->csr, CPI_FENCE } :
				   (struct unit_state){ free, CPI_MULDIV };
}

static struct unit_state unit_of(const struct inorder_issue *issue, const struct inorder_uop *uop)
{
	bool one = issue->params->mul_divides;

	switch (uop->unit) {
	case INORDER_MUL:
		return shared_port(issue, MAX(issue->mul, one ? issue->div : 0));
	case INORDER_DIV:
		return shared_port(issue, MAX(issue->div, one ? issue->mul : 0));
	case INORDER_FDIV:
		return (struct unit_state){ issue->fdiv, CPI_FP };
	case INORDER_ALU:
	case INORDER_BRANCH:
	case INORDER_CSR:
		return shared_port(issue, issue->params->alu_shared ? issue->behind_mul : 0);
	default:
		return (struct unit_state){ 0, CPI_ISSUE };
	}
}

/* Returns whether an instruction of the group may be issued together with those issued last. */
static bool goes_with(const struct inorder_issue *issue, u8 group)
{
	const struct inorder_params *params = issue->params;
	const u64 limits[INORDER_GROUPS] = {
		params->pair_alu, params->pair_memory, params->pair_other, 0,
	};

	return issue->issuing < params->issue_width && issue->together[group] < limits[group] &&
	       !issue->together[INORDER_GROUP_ALONE] &&
	       (params->pair_behind_branch || !issue->branching);
}

/*
 * Returns the first cycle in which an instruction may be issued after the ones before it: in order,
 * and when the window has a free slot.
 */
static u64 earliest_issue(const struct inorder_issue *issue)
{
	const u64 window = issue->params->issue_window;
	u64 cycle = MAX(issue->popped[0] + 1, issue->issued[0]);

	if (!window || issue->count < window)
		return cycle;
	return MAX(cycle, issue->retired[(issue->count - window) % INORDER_WINDOW_MAX] + 1);
}

/*
 * Issues an instruction of the group in `cycle`, or a cycle later if it cannot join those that were
 * issued in that cycle. Returns which cycle it is.
 */
static u64 join(struct inorder_issue *issue, u8 group, u64 cycle)
{
	if (cycle == issue->issued[0] && !goes_with(issue, group))
		cycle++;
	if (cycle != issue->issued[0]) {
		issue->issuing = 0;
		issue->branching = false;
		memset(issue->together, 0, sizeof(issue->together));
	}
	issue->issuing++;
	issue->together[group]++;
	issue->issued[1] = issue->issued[0];
	issue->issued[0] = cycle;
	return cycle;
}

struct inorder_place inorder_issue_place(struct inorder_issue *issue, const struct inorder_uop *uop,
					 u64 room)
{
	const struct unit_state unit = unit_of(issue, uop);
	struct inorder_place place = { .follows = earliest_issue(issue), .busy = (u8)unit.cause };

	place.room = MAX(place.follows, room);
	place.operands = wait_for_operands(issue, uop, place.room);
	place.reader = last_operand(issue, uop, place.room);
	place.unit = MAX(place.operands, unit.free);
	place.issued = join(issue, groups[uop->unit], place.unit);
	issue->branching |= uop->unit == INORDER_BRANCH;
	return place;
}

/* Returns an operand of a division, extended to 64 bits. */
static u64 inorder_issue_extend(const struct inorder_uop *uop, u64 value)
{
	if (!uop->is_word)
		return value;
	return uop->is_signed ? (u64)(s64)(s32)value : (u32)value;
}

/*
 * Returns the number of bits of the quotient that take a step. It is negative if the divisor is
 * longer than the dividend, or if either is 0.
 */
static int quotient_bits(const struct inorder_uop *uop, u64 a, u64 b)
{
	if (!b || !a)
		return -1;
	/* A negative number is as long as its complement; as a dividend it has one bit more. */
	if (uop->is_signed && a >> 63)
		a = ~a << 1 | 1;
	if (uop->is_signed && b >> 63)
		b = ~b;
	return b ? __builtin_clzll(b) - __builtin_clzll(a) : -1;
}

static u64 highest_one(u64 value)
{
	return value ? 63 - (u64)__builtin_clzll(value) : 0;
}

/*
 * The most steps of a division by wrapped_steps(). One by 0, or one that begins at position 0,
 * takes as many as one that begins at position 1.
 */
#define WRAPPED_MOST 62

/*
 * Returns the steps of a division as in Rocket (Multiplier.scala, eOutPos): the position at which
 * it begins is computed in 6 bits, so that it wraps if the divisor is the longer number.
 */
static u64 wrapped_steps(u64 a, u64 b)
{
	u64 steps = bits(highest_one(a) - highest_one(b), 0, 6);

	return b ? MIN(steps, WRAPPED_MOST) : WRAPPED_MOST;
}

/*
 * Returns the number of negations: one of the operands, before the division, and one of its result.
 */
static u64 negations(const struct inorder_uop *uop, u64 a, u64 b)
{
	bool minus_a = uop->is_signed && a >> 63, minus_b = uop->is_signed && b >> 63;
	bool result = uop->is_high ? minus_a : b && minus_a != minus_b;

	return (u64)(minus_a || minus_b) + result;
}

static u64 magnitude_of(const struct inorder_uop *uop, u64 value)
{
	return uop->is_signed && value >> 63 ? -value : value;
}

static u64 inorder_issue_divide(const struct inorder_params *params, const struct inorder_uop *uop,
				const u64 operand[2])
{
	u64 a = inorder_issue_extend(uop, operand[0]), b = inorder_issue_extend(uop, operand[1]);
	u64 steps = uop->is_word ? 32 : 64, extra = params->div_sign * negations(uop, a, b);
	int length = quotient_bits(uop, a, b);

	if (length < 0 && params->div_early)
		return params->div_early + extra;
	if (params->div_steps == INORDER_STEPS_SIGNIFICANT)
		steps = (u64)MAX(length, 0);
	else if (params->div_steps == INORDER_STEPS_WRAPPED)
		steps = wrapped_steps(magnitude_of(uop, a), magnitude_of(uop, b));
	return params->div_latency + (steps + params->div_bits - 1) / params->div_bits + extra;
}

/*
 * Returns the steps of a multiplication, in addition to its latency. One of which only the low half
 * is wanted may end early: in the step that finds that the rest of the first factor is 0, but with
 * 64 bits not in the first step (Multiplier.scala, eOut).
 */
static u64 inorder_issue_multiply(const struct inorder_params *params,
				  const struct inorder_uop *uop, u64 a)
{
	u64 factor = uop->is_word ? (u32)a : a, length = uop->is_word ? 32 : 64;
	u64 width = params->mul_bits, all, used;

	if (!width)
		return 0;
	all = (length + width - 1) / width;
	if (!params->mul_early || uop->is_high)
		return all;
	used = factor ? highest_one(factor) / width + 1 : 0;
	return MIN(MAX(used, uop->is_word ? 0 : 1) + 1, all);
}

/* Returns whether a value is 0, infinity or NaN, or a negative operand of a root. */
static bool is_special(u64 value, bool is_double, bool is_root)
{
	u64 exponent = is_double ? bits(value, 52, 11) : bits(value, 23, 8);
	u64 sign = is_double ? value >> 63 : bits(value, 31, 1);
	u64 magnitude = is_double ? value << 1 : (u32)(value << 1);

	return exponent == (is_double ? 0x7ff : 0xff) || !magnitude || (is_root && sign);
}

static u64 divide_fp(const struct inorder_params *params, const struct inorder_uop *uop,
		     const u64 operand[2])
{
	bool special = is_special(operand[0], uop->is_double, uop->is_root) ||
		       (!uop->is_root && is_special(operand[1], uop->is_double, false));

	if (special && params->fpu_special)
		return params->fpu_special;
	return uop->is_double ? params->fpu_div64 : params->fpu_div32;
}

bool inorder_issue_has_steps(const struct inorder_params *params, const struct inorder_uop *uop)
{
	return uop->unit == INORDER_DIV || uop->unit == INORDER_FDIV ||
	       (uop->unit == INORDER_MUL && params->mul_bits);
}

u64 inorder_issue_steps(const struct inorder_params *params, const struct inorder_uop *uop,
			const u64 operand[2])
{
	switch (uop->unit) {
	case INORDER_MUL:
		return inorder_issue_multiply(params, uop, operand[0]);
	case INORDER_DIV:
		return inorder_issue_divide(params, uop, operand);
	case INORDER_FDIV:
		return divide_fp(params, uop, operand);
	default:
		return 0;
	}
}

/*
 * Returns when the FPU has a result. If one instruction is issued a cycle, there is one result a
 * cycle.
 */
static u64 inorder_issue_compute(struct inorder_issue *issue, const struct inorder_uop *uop,
				 u64 cycle)
{
	const struct inorder_params *params = issue->params;
	const u64 latency[] = {
		[INORDER_ADD32] = params->fpu_add32, [INORDER_ADD64] = params->fpu_add64,
		[INORDER_COMPARE] = params->fpu_compare, [INORDER_CONVERT] = params->fpu_convert,
	};
	u64 result = cycle + latency[uop->fp];

	issue->fp_result = result + (result == issue->fp_result && params->issue_width == 1);
	return issue->fp_result;
}

u64 inorder_issue_execute(struct inorder_issue *issue, const struct inorder_uop *uop, u64 steps,
			  u64 cycle)
{
	const struct inorder_params *params = issue->params;

	switch (uop->unit) {
	case INORDER_ALU:
	case INORDER_BRANCH:
	case INORDER_VSET:
		return inorder_issue_operands(issue, uop, cycle) + params->alu_latency;
	case INORDER_MUL:
		issue->mul = cycle + params->mul_interval + steps;
		issue->behind_mul = cycle + params->mul_latency + steps;
		return issue->behind_mul;
	case INORDER_DIV:
		issue->div = cycle + steps;
		issue->shared = issue->div + 1;
		return issue->div;
	case INORDER_FPU:
		return inorder_issue_compute(issue, uop, cycle);
	case INORDER_FDIV:
		issue->fdiv = cycle + MAX(steps, params->fpu_drain + 1) - params->fpu_drain;
		issue->fp_result = cycle + steps;
		return issue->fp_result;
	default:
		return cycle + 1;
	}
}

void inorder_issue_hold(struct inorder_issue *issue, u64 cycle)
{
	issue->issued[0] = MAX(issue->issued[0], cycle);
}

u64 inorder_issue_done(const struct inorder_issue *issue, u64 cycle, u64 result)
{
	return (issue->params->issue_window ? result : cycle) + issue->params->issue_retire;
}

u64 inorder_issue_retire(struct inorder_issue *issue, u64 cycle)
{
	cycle = MAX(cycle, issue->last);
	if (cycle == issue->last && issue->retiring >= issue->params->issue_commit)
		cycle++;
	issue->retiring = cycle == issue->last ? issue->retiring + 1 : 1;
	issue->last = cycle;
	issue->retired[issue->count++ % INORDER_WINDOW_MAX] = cycle;
	/*
	 * Without a reorder buffer, an instruction that waits in a late stage blocks the stages
	 * before it.
	 */
	if (!issue->params->issue_window && cycle > issue->params->issue_retire)
		inorder_issue_hold(issue, cycle - issue->params->issue_retire);
	return cycle;
}

void inorder_issue_flush(struct inorder_issue *issue, u64 cycle)
{
	issue->popped[0] = MAX(issue->popped[0], cycle);
	issue->issued[0] = MAX(issue->issued[0], cycle);
	issue->shared = issue->csr = issue->behind_mul = issue->fdiv = 0;
}
