/* SPDX-License-Identifier: MIT */
/*
 * The time of C906's divisions and square roots (aq_fdsu_scalar_ctrl.v): two bits of the result a
 * step, until nothing remains. See vpu.h.
 */
#include "cpu/timing/c906/vpu/float.h"
#include "cpu/timing/c906/vpu/vpu.h"

#define BITS_PER_STEP 2
#define FIRST_STEPS 2 /* steps before the first fraction bits */
#define ONE_STEP 1 /* steps if the operands' classes decide the result */
#define ENDLESS 0xff

static bool is_decided(const struct c906_float *number)
{
	return number->class == C906_ZERO || number->class == C906_INFINITE ||
	       number->class == C906_NAN;
}

/* Returns the fraction bits of numerator / denominator, or ENDLESS. */
static unsigned quotient_bits(u64 numerator, u64 denominator)
{
	unsigned twos = (unsigned)__builtin_ctzll(denominator);
	unsigned even = (unsigned)__builtin_ctzll(numerator);

	if (numerator % (denominator >> twos))
		return ENDLESS;
	return twos > even ? twos - even : 0;
}

static u64 integer_root(u64 square)
{
	u64 root = 0;

	for (int bit = 31; bit >= 0; bit--) {
		u64 next = root | BIT(bit);

		if (next * next <= square)
			root = next;
	}
	return root;
}

/* Returns the fraction bits of the square root of significand / 2^fraction, or ENDLESS. */
static unsigned root_bits(u64 significand, unsigned fraction)
{
	u64 square = significand << (fraction & 1), root = integer_root(square);
	unsigned half = (fraction + 1) / 2, even = (unsigned)__builtin_ctzll(root);

	if (root * root != square)
		return ENDLESS;
	return half > even ? half - even : 0;
}

static unsigned c906_fdsu_steps_of(unsigned fraction)
{
	return FIRST_STEPS + (fraction + BITS_PER_STEP - 1) / BITS_PER_STEP;
}

static unsigned division_bits(const struct c906_float *a, const struct c906_float *b, bool below)
{
	unsigned count = quotient_bits(a->significand << below, b->significand);

	return count == ENDLESS ? ENDLESS : count + below;
}

static unsigned c906_fdsu_divide(const struct c906_float *a, const struct c906_float *b,
				 const struct c906_format *format)
{
	bool below = a->significand < b->significand;
	s32 exponent = a->exponent - b->exponent - below;

	if (is_decided(b))
		return ONE_STEP;
	/* The result overflows, or underflows to nothing. */
	if (exponent > format->bias || exponent < -format->bias - format->fraction - 1)
		return ONE_STEP;
	return c906_fdsu_steps_of(division_bits(a, b, below));
}

static unsigned c906_fdsu_root(const struct c906_float *a, const struct c906_format *format)
{
	bool odd = a->exponent & 1;

	if (a->negative)
		return ONE_STEP;
	return c906_fdsu_steps_of(root_bits(a->significand << odd, format->fraction));
}

u8 c906_fdsu_operand_timing(const struct c906_uop *uop, const struct c906_params *params,
			    const u64 *operands)
{
	u64 limit = uop->is_double ? params->fdsu_double : params->fdsu_single;
	const struct c906_format format = c906_format(uop->is_double);
	const struct c906_float a = c906_unpack(operands[0], uop->is_double);
	const struct c906_float b = c906_unpack(operands[1], uop->is_double);
	unsigned steps = ONE_STEP, prepares = a.class == C906_SUBNORMAL;

	if (!uop->is_root && b.class == C906_SUBNORMAL)
		prepares += 2;
	if (!is_decided(&a))
		steps = uop->is_root ? c906_fdsu_root(&a, &format) :
				       c906_fdsu_divide(&a, &b, &format);
	return (u8)(prepares << C906_FDSU_STEPS | MIN(steps, limit));
}
