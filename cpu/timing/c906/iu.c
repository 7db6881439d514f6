/* SPDX-License-Identifier: MIT */
/* C906's multiplier (aq_iu_mul.v) and divider (aq_iu_div.v). See core.h. */
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/core.h"

#define PASSES 4 /* passes of a multiplication with an operand of more than 32 bits */

/* Returns whether a value consists of 32 bits and a sign. */
static bool fits_word(u64 value, bool is_signed)
{
	return !(value >> 32) || (is_signed && value >> 32 == 0xffffffff);
}

u8 c906_passes(const struct c906_uop *uop, const u64 *operands)
{
	bool short_a = uop->is_word || fits_word(operands[0], uop->signed_a);
	bool short_b = uop->is_word || fits_word(operands[1], uop->signed_b);

	return short_a && short_b ? 1 : PASSES;
}

/*
 * Returns whether the divider keeps the multiplication before this one from the port, and so blocks
 * all stages of the multiplier.
 */
static bool c906_iu_is_blocked(const struct c906_iu *iu)
{
	return iu->mul2.valid && iu->mul3.valid && iu->mul3.last && iu->div >= C906_DIV_CORRECT;
}

static void c906_iu_multiply(struct c906_core *core, struct c906_wires *wires)
{
	struct c906_ex1 *ex1 = &core->pipe.ex1;

	/*
	 * Passes after the first one wait until the stages after EX1 advance (aq_iu_mul.v,
	 * mul_next_state).
	 */
	if (ex1->pass && c906_iu_is_blocked(&core->pipe.iu)) {
		wires->stalls = true;
		return;
	}
	wires->multiplies = true;
	if (ex1->facts > 1 && ++ex1->pass < ex1->facts) {
		wires->stalls = true;
		return;
	}
	wires->last_pass = wires->completes = true;
}

void c906_iu_execute(struct c906_core *core, struct c906_wires *wires)
{
	if (core->pipe.ex1.uop.unit == C906_MUL) {
		c906_iu_multiply(core, wires);
		return;
	}
	wires->divides = wires->completes = true;
}

/*
 * Decides which result uses the port of the register file: first that of EX1, then the divider's,
 * then the multiplier's. Even a result that is killed in EX1 keeps the others away (aq_rtu_rbus.v,
 * rbus_ex1_wb_dp).
 */
void c906_iu_results(const struct c906_core *core, struct c906_wires *wires)
{
	const struct c906_iu *iu = &core->pipe.iu;
	bool divided = iu->div >= C906_DIV_CORRECT, multiplied = iu->mul3.valid && iu->mul3.last;
	bool ex1 = wires->requests_port || wires->csr_result;

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

static u64 c906_iu_extend(u64 value, unsigned how)
{
	if (!(how & C906_DIV_WORD))
		return value;
	return how & C906_DIV_SIGNED ? (u64)sext(value, 32) : bits(value, 0, 32);
}

static u64 c906_iu_magnitude(u64 value, unsigned how)
{
	return how & C906_DIV_SIGNED && value >> 63 ? -value : value;
}

/*
 * Returns the number of steps of a division. Each computes two bits of the quotient, beginning at
 * the difference of the highest ones of dividend and divisor.
 */
static u8 c906_iu_steps_of(u64 a, u64 b)
{
	int longer = __builtin_clzll(b) - __builtin_clzll(a);

	return longer < 0 ? 1 : (u8)((longer + 2) / 2);
}

static bool is_special(u64 a, u64 b, unsigned how)
{
	u64 lowest = how & C906_DIV_WORD ? (u64)sext(BIT(31), 32) : BIT(63);

	return !a || !b || (how & C906_DIV_SIGNED && b == UINT64_MAX && a == lowest);
}

u8 c906_divide(struct c906_divided *last, unsigned how, u64 a, u64 b)
{
	const struct c906_divided now = {
		.kept = true,
		.how = (u8)how,
		.a = c906_iu_extend(a, how),
		.b = c906_iu_extend(b, how),
	};
	bool known = last->kept && last->how == now.how && last->a == now.a && last->b == now.b;

	*last = now;
	if (known || is_special(now.a, now.b, how))
		return 0;
	return c906_iu_steps_of(c906_iu_magnitude(now.a, how), c906_iu_magnitude(now.b, how));
}

static void start_division(struct c906_core *core)
{
	const struct c906_ex1 *ex1 = &core->pipe.ex1;
	const struct timing_record *record = c906_record(&core->records, ex1->number);
	struct c906_iu *iu = &core->pipe.iu;

	iu->reg = ex1->uop.rd;
	iu->steps = c906_action_division(&core->env, &ex1->uop, record->a, record->b);
	iu->div = iu->steps ? C906_DIV_START : C906_DIV_RESULT;
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
	step_multiplier(&core->pipe.iu, wires, core->pipe.ex1.uop.rd);
	step_divider(&core->pipe.iu, wires->divider_writes);
	if (wires->divides)
		start_division(core);
}
