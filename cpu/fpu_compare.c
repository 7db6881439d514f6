/* SPDX-License-Identifier: MIT */
/*
 * The operations of the F and D extensions that round nothing: comparison, minimum, maximum and
 * classification, written once for all formats. Arithmetic and conversion are in fpu.c.
 */
#include "cpu/fpu.h"
#include "cpu/fpu_format.h"

/* Orders all but NaNs as the format does; both zeros are 0. */
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

/* Whether x or y is a NaN, which raises NV if it is a signaling one or the comparison is. */
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

static ALWAYS_INLINE bool exact_lt(struct format f, u64 x, u64 y, u8 *flags)
{
	return !unordered(f, x, y, false, flags) && order(f, x) < order(f, y);
}

static ALWAYS_INLINE bool exact_le(struct format f, u64 x, u64 y, u8 *flags)
{
	return !unordered(f, x, y, false, flags) && order(f, x) <= order(f, y);
}

/* What minimum and maximum give when a NaN is there */
static ALWAYS_INLINE u64 the_number(struct format f, u64 x, u64 y)
{
	if (!nan_bits(f, x))
		return x;
	return nan_bits(f, y) ? canonical_nan(f) : y;
}

/* Operands that compare equal are the same but for the sign of zero. */
static ALWAYS_INLINE u64 exact_min(struct format f, u64 x, u64 y, u8 *flags)
{
	if (unordered(f, x, y, true, flags))
		return the_number(f, x, y);
	if (order(f, x) == order(f, y))
		return x | y;
	return order(f, x) < order(f, y) ? x : y;
}

static ALWAYS_INLINE u64 exact_max(struct format f, u64 x, u64 y, u8 *flags)
{
	if (unordered(f, x, y, true, flags))
		return the_number(f, x, y);
	if (order(f, x) == order(f, y))
		return x & y;
	return order(f, x) > order(f, y) ? x : y;
}

/* F extension, "Floating-Point Classify Instruction": bits 0 to 7 run from -inf to +inf. */
static ALWAYS_INLINE u32 exact_classify(struct format f, u64 x)
{
	u64 magnitude = x & ~sign_bit(f, true);
	unsigned distance;

	if (nan_bits(f, x))
		return BIT(signaling_bits(f, x) ? 8 : 9);
	distance = (magnitude != 0) + (magnitude >= BIT(f.frac)) +
		   (magnitude >= infinity(f, false));
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

SELECT(u32, f32_min, exact_min, F32)
SELECT(u32, f32_max, exact_max, F32)
SELECT(u64, f64_min, exact_min, F64)
SELECT(u64, f64_max, exact_max, F64)

COMPARE(u32, f32_eq, exact_eq, F32)
COMPARE(u32, f32_lt, exact_lt, F32)
COMPARE(u32, f32_le, exact_le, F32)
COMPARE(u64, f64_eq, exact_eq, F64)
COMPARE(u64, f64_lt, exact_lt, F64)
COMPARE(u64, f64_le, exact_le, F64)

u32 f32_classify(u32 a)
{
	return exact_classify(F32, a);
}

u32 f64_classify(u64 a)
{
	return exact_classify(F64, a);
}
