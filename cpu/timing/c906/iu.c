/* SPDX-License-Identifier: MIT */
/* C906's multiplier (aq_iu_mul.v) and divider (aq_iu_div.v). See core.h. */
#include "cpu/timing/c906/core.h"

#define PASSES 4 /* of a multiplication with an operand of more than 32 bits */

/* Do 32 bits of it and a sign say all? */
static bool fits_word(u64 value, bool is_signed)
{
	return !(value >> 32) || (is_signed && value >> 32 == 0xffffffff);
}

static bool takes_passes(const struct c906_uop *uop, const struct timing_record *record)
{
	if (uop->is_word)
		return false;
	return !fits_word(record->a, uop->signed_a) || !fits_word(record->b, uop->signed_b);
}

static void multiply(struct c906_core *core, struct c906_wires *wires)
{
	struct c906_ex1 *ex1 = &core->pipe.ex1;
	const struct timing_record *record = c906_record(&core->records, ex1->number);

	wires->multiplies = true;
	if (takes_passes(&ex1->uop, record) && ++ex1->pass < PASSES) {
		wires->stalls = true;
		return;
	}
	wires->last_pass = wires->completes = true;
}

void c906_iu_execute(struct c906_core *core, struct c906_wires *wires)
{
	if (core->pipe.ex1.uop.unit == C906_MUL) {
		multiply(core, wires);
		return;
	}
	wires->divides = wires->completes = true;
}

/*
 * Results of EX1 have the port of the file first, then the divider, then the multiplier; also what
 * EX1 kills keeps those away (aq_rtu_rbus.v, rbus_ex1_wb_dp).
 */
void c906_iu_results(const struct c906_core *core, struct c906_wires *wires)
{
	const struct c906_iu *iu = &core->pipe.iu;
	bool divided = iu->div >= C906_DIV_CORRECT, multiplied = iu->mul3.valid && iu->mul3.last;
	bool ex1 = wires->asks_port || wires->csr_result;

	wires->divider_writes = divided && !ex1;
	wires->multiplier_writes = multiplied && !ex1 && !divided;
	wires->product = multiplied ? iu->mul3.reg : 0;
	if (wires->result)
		wires->writes = wires->result;
	else if (wires->csr_result)
		wires->writes = core->pipe.ex1.uop.rd;
	else if (wires->divider_writes)
		wires->writes = iu->reg;
	else if (wires->multiplier_writes)
		wires->writes = iu->mul3.reg;
}

static u64 extend(u64 value, const struct c906_uop *uop)
{
	if (!uop->is_word)
		return value;
	return uop->is_signed ? (u64)sext(value, 32) : bits(value, 0, 32);
}

static u64 magnitude(u64 value, const struct c906_uop *uop)
{
	return uop->is_signed && value >> 63 ? -value : value;
}

/* Two bits of the quotient a step, from where dividend and divisor begin. */
static unsigned steps_of(u64 a, u64 b)
{
	int longer = __builtin_clzll(b) - __builtin_clzll(a);

	return longer < 0 ? 1 : (unsigned)(longer + 2) / 2;
}

static bool is_special(u64 a, u64 b, const struct c906_uop *uop)
{
	u64 lowest = uop->is_word ? (u64)sext(BIT(31), 32) : BIT(63);

	return !a || !b || (uop->is_signed && b == UINT64_MAX && a == lowest);
}

static void start_division(struct c906_iu *iu, const struct c906_ex1 *ex1,
			   const struct timing_record *record)
{
	const struct c906_uop *uop = &ex1->uop;
	u64 a = extend(record->a, uop), b = extend(record->b, uop);
	bool known = iu->kept && iu->a == a && iu->b == b &&
		     iu->kept_signed == uop->is_signed && iu->kept_word == uop->is_word;

	iu->reg = uop->rd;
	if (known || is_special(a, b, uop)) {
		iu->div = C906_DIV_RESULT;
	} else {
		iu->div = C906_DIV_START;
		iu->steps = (u8)steps_of(magnitude(a, uop), magnitude(b, uop));
	}
	iu->kept = true;
	iu->kept_signed = uop->is_signed;
	iu->kept_word = uop->is_word;
	iu->a = a;
	iu->b = b;
}

static void step_divider(struct c906_iu *iu, bool writes)
{
	if (iu->div >= C906_DIV_CORRECT && writes)
		iu->div = C906_DIV_IDLE;
	else if (iu->div == C906_DIV_START || iu->div == C906_DIV_ALIGN ||
		 iu->div == C906_DIV_CORRECT)
		iu->div++;
	else if (iu->div == C906_DIV_ITERATE && !--iu->steps)
		iu->div = C906_DIV_CORRECT;
}

static void step_multiplier(struct c906_iu *iu, const struct c906_wires *wires, u8 reg)
{
	if (wires->multiplier_writes || !iu->mul3.last)
		iu->mul3.valid = false;
	if (iu->mul2.valid && !iu->mul3.valid) {
		iu->mul3 = iu->mul2;
		iu->mul2.valid = false;
	}
	if (wires->multiplies && !iu->mul2.valid)
		iu->mul2 = (struct c906_mul_stage){ true, wires->last_pass, reg };
}

void c906_iu_step(struct c906_core *core, const struct c906_wires *wires)
{
	const struct c906_ex1 *ex1 = &core->pipe.ex1;

	step_multiplier(&core->pipe.iu, wires, ex1->uop.rd);
	step_divider(&core->pipe.iu, wires->divider_writes);
	if (wires->divides)
		start_division(&core->pipe.iu, ex1, c906_record(&core->records, ex1->number));
}
