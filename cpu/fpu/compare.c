/* SPDX-License-Identifier: MIT */
/*
 * The operations of the floating-point extensions that do not round: comparison, minimum, maximum
 * and classification, written once for all formats. Arithmetic is in fpu.c.
 */
#include "cpu/fpu/format.h"
#include "cpu/fpu/fpu.h"

/* Maps a value to an integer in the same order, for all but NaNs; both zeros give 0. */
static ALWAYS_INLINE s64 order(struct format f, u64 x)
{
	s64 magnitude = x & ~sign_bit(f, true);

	return x & sign_bit(f, true) ? -magnitude : magnitude;
}

static ALWAYS_INLINE bool nan_bits(struct format f, u64 x)
{
	return (x & ~sign_bit(f, true)) > infinity(f, false);
}

static ALWAYS_INLINE bool signaling_bits(struct format f, u64 x)
{
	return nan_bits(f, x) && !(x & BIT(f.frac - 1));
}

/*
 * Returns whether x or y is a NaN. A signaling NaN raises NV; unless `quiet` is set, each NaN does.
 */
static ALWAYS_INLINE bool unordered(struct format f, u64 x, u64 y, bool quiet, u8 *flags)
{
	bool nan = nan_bits(f, x) || nan_bits(f, y);

	if (nan && (!quiet || signaling_bits(f, x) || signaling_bits(f, y)))
		*flags |= FFLAG_NV;
	return nan;
}

static ALWAYS_INLINE bool exact_eq(struct format f, u64 x, u64 y, u8 *flags)
{
	return !unordered(f, x, y, true, flags) && order(f, x) == order(f, y);
}

static ALWAYS_INLINE bool exact_ltq(struct format f, u64 x, u64 y, u8 *flags)
{
	return !unordered(f, x, y, true, flags) && order(f, x) < order(f, y);
}

static ALWAYS_INLINE bool exact_leq(struct format f, u64 x, u64 y, u8 *flags)
{
	return !unordered(f, x, y, true, flags) && order(f, x) <= order(f, y);
}

static ALWAYS_INLINE bool exact_lt(struct format f, u64 x, u64 y, u8 *flags)
{
	return !unordered(f, x, y, false, flags) && order(f, x) < order(f, y);
}

static ALWAYS_INLINE bool exact_le(struct format f, u64 x, u64 y, u8 *flags)
{
	return !unordered(f, x, y, false, flags) && order(f, x) <= order(f, y);
}

/* Returns the result of a minimum or maximum if an operand is a NaN, or both are. */
static ALWAYS_INLINE u64 the_number(struct format f, u64 x, u64 y)
{
	if (!nan_bits(f, x))
		return x;
	return nan_bits(f, y) ? canonical_nan(f) : y;
}

/*
 * Returns the lesser value. Operands that compare equal differ in the sign of zero at most; -0 is
 * the lesser zero.
 */
static ALWAYS_INLINE u64 lesser(struct format f, u64 x, u64 y)
{
	if (order(f, x) == order(f, y))
		return x | y;
	return order(f, x) < order(f, y) ? x : y;
}

static ALWAYS_INLINE u64 greater(struct format f, u64 x, u64 y)
{
	if (order(f, x) == order(f, y))
		return x & y;
	return order(f, x) > order(f, y) ? x : y;
}

static ALWAYS_INLINE u64 exact_min(struct format f, u64 x, u64 y, u8 *flags)
{
	return unordered(f, x, y, true, flags) ? the_number(f, x, y) : lesser(f, x, y);
}

static ALWAYS_INLINE u64 exact_max(struct format f, u64 x, u64 y, u8 *flags)
{
	return unordered(f, x, y, true, flags) ? the_number(f, x, y) : greater(f, x, y);
}

static ALWAYS_INLINE u64 exact_minm(struct format f, u64 x, u64 y, u8 *flags)
{
	return unordered(f, x, y, true, flags) ? canonical_nan(f) : lesser(f, x, y);
}

static ALWAYS_INLINE u64 exact_maxm(struct format f, u64 x, u64 y, u8 *flags)
{
	return unordered(f, x, y, true, flags) ? canonical_nan(f) : greater(f, x, y);
}

/*
 * Returns the bit of a value's class (F extension, "Floating-Point Classify Instruction"): bits 0
 * to 7 are the classes from -inf to +inf in ascending order.
 */
static ALWAYS_INLINE u32 exact_classify(struct format f, u64 x)
{
	u64 magnitude = x & ~sign_bit(f, true);
	unsigned distance;

	if (nan_bits(f, x))
		return BIT(signaling_bits(f, x) ? 8 : 9);
	distance =
		(magnitude != 0) + (magnitude >= BIT(f.frac)) + (magnitude >= infinity(f, false));
	return BIT(x & sign_bit(f, true) ? 3 - distance : 4 + distance);
}

#define SELECT(type, name, exact, format)						\
	type name(type a, type b, u8 *flags)						\
	{										\
		return exact(format, a, b, flags);					\
	}

#define COMPARE(type, name, exact, format)						\
	bool name(type a, type b, u8 *flags)						\
	{										\
		return exact(format, a, b, flags);					\
	}

#define CLASSIFY(type, name, format)							\
	u32 name(type a)								\
	{										\
		return exact_classify(format, a);					\
	}

#define OPERATIONS(type, f, format)							\
	SELECT(type, f##_min, exact_min, format)					\
	SELECT(type, f##_max, exact_max, format)					\
	SELECT(type, f##_minm, exact_minm, format)					\
	SELECT(type, f##_maxm, exact_maxm, format)					\
	COMPARE(type, f##_eq, exact_eq, format)						\
	COMPARE(type, f##_lt, exact_lt, format)						\
	COMPARE(type, f##_le, exact_le, format)						\
	COMPARE(type, f##_ltq, exact_ltq, format)					\
	COMPARE(type, f##_leq, exact_leq, format)					\
	CLASSIFY(type, f##_classify, format)

OPERATIONS(u16, f16, F16)
OPERATIONS(u32, f32, F32)
OPERATIONS(u64, f64, F64)
