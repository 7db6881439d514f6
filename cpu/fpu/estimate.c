/* SPDX-License-Identifier: MIT */
/*
 * The estimates of vector instructions, to 7 bits (vector chapter, "Vector Floating-Point
 * Reciprocal Square-Root Estimate Instruction" and "Vector Floating-Point Reciprocal Estimate
 * Instruction"), written once for all formats.
 */
#include "cpu/fpu/round.h"
#include "cpu/fpu/vector.h"

/* The seven highest bits of a reciprocal's fraction, indexed by those of the operand's fraction. */
static const u8 reciprocals[128] = {
	127, 125, 123, 121, 119, 117, 116, 114, 112, 110, 109, 107, 105, 104, 102, 100, 99, 97,
	96, 94, 93, 91, 90, 88, 87, 85, 84, 83, 81, 80, 79, 77, 76, 75, 74, 72, 71, 70, 69, 68,
	66, 65, 64, 63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45,
	44, 43, 42, 41, 40, 40, 39, 38, 37, 36, 35, 35, 34, 33, 32, 31, 31, 30, 29, 28, 28, 27,
	26, 25, 25, 24, 23, 23, 22, 21, 21, 20, 19, 19, 18, 17, 17, 16, 15, 15, 14, 14, 13, 12,
	12, 11, 11, 10, 9, 9, 8, 8, 7, 7, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0,
};

/*
 * The seven highest bits of a reciprocal root's fraction, indexed by the lowest bit of the
 * operand's exponent and the six highest bits of its fraction.
 */
static const u8 reciprocal_roots[128] = {
	52, 51, 50, 48, 47, 46, 44, 43, 42, 41, 40, 39, 38, 36, 35, 34, 33, 32, 31, 30, 30, 29,
	28, 27, 26, 25, 24, 23, 23, 22, 21, 20, 19, 19, 18, 17, 16, 16, 15, 14, 14, 13, 12, 12,
	11, 10, 10, 9, 9, 8, 7, 7, 6, 6, 5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 127, 125, 123, 121, 119,
	118, 116, 114, 113, 111, 109, 108, 106, 105, 103, 102, 100, 99, 97, 96, 95, 93, 92, 91,
	90, 88, 87, 86, 85, 84, 83, 82, 80, 79, 78, 77, 76, 75, 74, 73, 72, 71, 70, 70, 69, 68,
	67, 66, 65, 64, 63, 63, 62, 61, 60, 59, 59, 58, 57, 56, 56, 55, 54, 53,
};

/*
 * Returns the estimate of 1/sqrt(x). If the operand's biased exponent is e, which is below 1 for a
 * subnormal number, that of the result is floor((3 * bias - 1 - e) / 2).
 */
static ALWAYS_INLINE u64 exact_rsqrt7(struct format f, u64 x, struct env env)
{
	struct number a = unpack(f, x);
	s32 exp = a.exp + exp_bias(f);
	unsigned row = ((u32)exp & 1) << 6 | (a.man >> 57 & 0x3f);

	if (unlikely(is_nan(a)))
		return nan_result(f, a, a, env);
	if (unlikely(a.kind == ZERO)) {
		raise_flags(env, FFLAG_DZ);
		return infinity(f, a.sign);
	}
	if (unlikely(a.sign))
		return invalid(f, env);
	if (unlikely(a.kind == INFINITE))
		return signed_zero(f, false);
	exp = (3 * exp_bias(f) - 1 - exp) >> 1;
	return (u64)exp << f.frac | (u64)reciprocal_roots[row] << (f.frac - 7);
}

/*
 * Returns the estimate of 1/x. If the operand's biased exponent is e, that of the result is 2 *
 * bias - 1 - e; if this is 0 or -1, the result is a subnormal number.
 */
static ALWAYS_INLINE u64 exact_rec7(struct format f, u64 x, struct env env)
{
	struct number a = unpack(f, x);
	s32 exp = 2 * exp_bias(f) - 1 - (a.exp + exp_bias(f));
	u64 frac = (u64)reciprocals[a.man >> 56 & 0x7f] << (f.frac - 7);

	if (unlikely(is_nan(a)))
		return nan_result(f, a, a, env);
	if (unlikely(a.kind == ZERO)) {
		raise_flags(env, FFLAG_DZ);
		return infinity(f, a.sign);
	}
	if (unlikely(a.kind == INFINITE))
		return signed_zero(f, a.sign);
	if (unlikely(exp > 2 * exp_bias(f)))
		return overflow(f, a.sign, env);
	if (exp < 1)
		return sign_bit(f, a.sign) | (BIT(f.frac) | frac) >> (1 - exp);
	return sign_bit(f, a.sign) | (u64)exp << f.frac | frac;
}

#define ESTIMATES(type, f, format)							\
	type f##_rsqrt7(type a, u8 *flags)						\
	{										\
		return exact_rsqrt7(format, a, (struct env){ RM_RNE, flags });		\
	}										\
	type f##_rec7(type a, unsigned rm, u8 *flags)					\
	{										\
		return exact_rec7(format, a, ENV);					\
	}

ESTIMATES(u16, f16, F16)
ESTIMATES(u32, f32, F32)
ESTIMATES(u64, f64, F64)
