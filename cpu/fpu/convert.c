/* SPDX-License-Identifier: MIT */
/*
 * The conversions of the floating-point extensions, computed in integers and written once for all
 * formats: between formats, from and to integers, to integral values, and the constants of Zfa.
 * Rounding is in fpu/round.h. The macros at the end bind them to formats, so that another format is
 * one line there.
 */
#include "cpu/fpu/round.h"
#include "cpu/fpu/vector.h"

static ALWAYS_INLINE u64 exact_convert(struct format to, struct format from, u64 x, struct env env)
{
	struct number a = unpack(from, x);

	if (unlikely(is_nan(a)))
		return nan_result(to, a, a, env);
	if (unlikely(a.kind == INFINITE))
		return infinity(to, a.sign);
	if (a.kind == ZERO)
		return signed_zero(to, a.sign);
	return round_pack(to, a, env);
}

/* An integer type of at most 64 bits: its largest value and the magnitude of its smallest. */
struct integer {
	u64 max, min;
};

#define S8 ((struct integer){BIT(7) - 1, BIT(7)})
#define U8 ((struct integer){BIT(8) - 1, 0})
#define S16 ((struct integer){BIT(15) - 1, BIT(15)})
#define U16 ((struct integer){BIT(16) - 1, 0})
#define S32 ((struct integer){BIT(31) - 1, BIT(31)})
#define U32 ((struct integer){BIT(32) - 1, 0})
#define S64 ((struct integer){BIT(63) - 1, BIT(63)})
#define U64 ((struct integer){~0ull, 0})

/*
 * Returns the magnitude of a value below 2^64, rounded to an integer. The result must fit 64 bits.
 */
static ALWAYS_INLINE u64 round_integral(struct number a, unsigned rm, bool *inexact)
{
	u128 fixed = shift_right_jam((u128)a.man << 64, (u32)(63 - a.exp));
	u64 value = fixed >> 64;

	*inexact = (u64)fixed != 0;
	return value + rounds_up(a.sign, value & 1, (u64)fixed, rm);
}

static ALWAYS_INLINE u64 exact_to_integer(struct format f, struct integer to, u64 x, struct env env)
{
	struct number a = unpack(f, x);
	u64 limit = a.sign ? to.min : to.max;
	bool overflows = a.kind == INFINITE || a.exp > 63;
	bool inexact;
	u64 value = 0;

	if (unlikely(is_nan(a))) {
		raise_flags(env, FFLAG_NV);
		return to.max;
	}
	if (!overflows) {
		value = round_integral(a, env.rm, &inexact);
		overflows = value > limit;
		if (!overflows && inexact)
			raise_flags(env, FFLAG_NX);
	}
	if (unlikely(overflows)) {
		raise_flags(env, FFLAG_NV);
		value = limit;
	}
	return a.sign ? -value : value;
}

/*
 * Returns the lowest 64 bits of the value truncated to an integer of any size; infinities and NaNs
 * give 0.
 */
static ALWAYS_INLINE u64 exact_modular(struct format f, u64 x)
{
	struct number a = unpack(f, x);
	u64 value = 0;

	if (a.kind != FINITE || a.exp < 0)
		return 0;
	if (a.exp < 64)
		value = a.man >> (63 - a.exp);
	else if (a.exp < 63 + 64)
		value = a.man << (a.exp - 63);
	return a.sign ? -value : value;
}

static ALWAYS_INLINE u64 exact_from_integer(struct format f, bool sign, u64 magnitude,
					    struct env env)
{
	unsigned shift;

	if (!magnitude)
		return signed_zero(f, false);
	shift = __builtin_clzll(magnitude);
	return round_pack(f, (struct number){ FINITE, sign, 63 - (s32)shift, magnitude << shift },
			  env);
}

static ALWAYS_INLINE u64 exact_from_signed(struct format f, s64 value, struct env env)
{
	return exact_from_integer(f, value < 0, value < 0 ? -(u64)value : (u64)value, env);
}

/*
 * Rounds to an integral value of the same format. Sets *inexact instead of raising NX, which only
 * some callers do.
 */
static ALWAYS_INLINE u64 exact_integral(struct format f, u64 x, struct env env, bool *inexact)
{
	struct number a = unpack(f, x);
	u64 magnitude;

	*inexact = false;
	if (unlikely(is_nan(a)))
		return nan_result(f, a, a, env);
	if (a.kind != FINITE || a.exp >= (s32)f.frac)
		return x;
	magnitude = round_integral(a, env.rm, inexact);
	/* The magnitude is at most 2^frac and fits exactly. */
	return exact_from_integer(f, false, magnitude, env) | sign_bit(f, a.sign);
}

/*
 * Returns a constant of FLI (Zfa, "Load-Immediate Instructions"). Each but three is `quarters` / 4
 * * 2^exp.
 */
static ALWAYS_INLINE u64 exact_constant(struct format f, unsigned index)
{
	enum { MIN_NORMAL = 1, INF = 30, NAN_CANONICAL = 31 };
	static const struct {
		s8 exp;
		u8 quarters;
	} values[32] = {
		{ 0, 4 },  { 0, 0 },  { -16, 4 }, { -15, 4 }, { -8, 4 }, { -7, 4 }, { -4, 4 },
		{ -3, 4 }, { -2, 4 }, { -2, 5 },  { -2, 6 },  { -2, 7 }, { -1, 4 }, { -1, 5 },
		{ -1, 6 }, { -1, 7 }, { 0, 4 },	  { 0, 5 },   { 0, 6 },	 { 0, 7 },  { 1, 4 },
		{ 1, 5 },  { 1, 6 },  { 2, 4 },	  { 3, 4 },   { 4, 4 },	 { 7, 4 },  { 8, 4 },
		{ 15, 4 }, { 16, 4 },
	};
	const bool negative = index == 0;
	u8 ignored = 0;

	switch (index) {
	case MIN_NORMAL:
		return BIT(f.frac);
	case INF:
		return infinity(f, false);
	case NAN_CANONICAL:
		return canonical_nan(f);
	default:
		return round_pack(f,
				  (struct number){ FINITE, negative, values[index].exp,
						   (u64)values[index].quarters << 61 },
				  (struct env){ RM_RNE, &ignored });
	}
}

/*
 * From here on follow the functions of fpu.h and vector.h. Integers pass through the type `as`,
 * which sign-extends them.
 */
#define TO_INTEGER(type, name, format, integer, as)					\
	u64 name(type a, unsigned rm, u8 *flags)					\
	{										\
		return (s64)(as)exact_to_integer(format, integer, a, ENV);		\
	}

#define FROM_SIGNED(type, name, format, from)						\
	type name(from a, unsigned rm, u8 *flags)					\
	{										\
		return exact_from_signed(format, a, ENV);				\
	}

#define FROM_UNSIGNED(type, name, format, from)						\
	type name(from a, unsigned rm, u8 *flags)					\
	{										\
		return exact_from_integer(format, false, a, ENV);			\
	}

#define INTEGERS(type, f, format)							\
	TO_INTEGER(type, f##_to_s32, format, S32, s32)					\
	TO_INTEGER(type, f##_to_u32, format, U32, s32)					\
	TO_INTEGER(type, f##_to_s64, format, S64, s64)					\
	TO_INTEGER(type, f##_to_u64, format, U64, s64)					\
	FROM_SIGNED(type, s32_to_##f, format, s32)					\
	FROM_UNSIGNED(type, u32_to_##f, format, u32)					\
	FROM_SIGNED(type, s64_to_##f, format, s64)					\
	FROM_UNSIGNED(type, u64_to_##f, format, u64)

#define INTEGRAL(type, f, format)							\
	type f##_round(type a, unsigned rm, u8 *flags)					\
	{										\
		bool inexact;								\
											\
		return exact_integral(format, a, ENV, &inexact);			\
	}										\
	type f##_roundnx(type a, unsigned rm, u8 *flags)				\
	{										\
		bool inexact;								\
		type r = exact_integral(format, a, ENV, &inexact);			\
											\
		raise_flags(ENV, inexact ? FFLAG_NX : 0);				\
		return r;								\
	}

#define CONSTANT(type, f, format)							\
	type f##_constant(unsigned index)						\
	{										\
		return exact_constant(format, index);					\
	}

#define CONVERT(to_type, from_type, name, to, from)					\
	to_type name(from_type a, unsigned rm, u8 *flags)				\
	{										\
		return exact_convert(to, from, a, ENV);					\
	}

/*
 * Rounds to odd: an inexact result is rounded towards zero, and its lowest bit is set. After an
 * overflow the result is the largest finite number, which is odd already.
 */
#define CONVERT_ODD(to_type, from_type, name, to, from)					\
	to_type name##_odd(from_type a, u8 *flags)					\
	{										\
		u8 raised = 0;								\
		struct env env = { RM_RTZ, &raised };					\
		to_type r = exact_convert(to, from, a, env);				\
											\
		*flags |= raised;							\
		return r | (raised & FFLAG_NX);						\
	}

INTEGERS(u16, f16, F16)
INTEGERS(u32, f32, F32)
INTEGERS(u64, f64, F64)

TO_INTEGER(u16, f16_to_s8, F16, S8, s8)
TO_INTEGER(u16, f16_to_u8, F16, U8, s8)
TO_INTEGER(u16, f16_to_s16, F16, S16, s16)
TO_INTEGER(u16, f16_to_u16, F16, U16, s16)
TO_INTEGER(u32, f32_to_s16, F32, S16, s16)
TO_INTEGER(u32, f32_to_u16, F32, U16, s16)

INTEGRAL(u16, f16, F16)
INTEGRAL(u32, f32, F32)
INTEGRAL(u64, f64, F64)

CONSTANT(u16, f16, F16)
CONSTANT(u32, f32, F32)
CONSTANT(u64, f64, F64)

CONVERT(u32, u16, f16_to_f32, F32, F16)
CONVERT(u64, u16, f16_to_f64, F64, F16)
CONVERT(u16, u32, f32_to_f16, F16, F32)
CONVERT(u64, u32, f32_to_f64, F64, F32)
CONVERT(u16, u64, f64_to_f16, F16, F64)
CONVERT(u32, u64, f64_to_f32, F32, F64)
CONVERT(u32, u16, bf16_to_f32, F32, BF16)
CONVERT(u16, u32, f32_to_bf16, BF16, F32)

CONVERT_ODD(u16, u32, f32_to_f16, F16, F32)
CONVERT_ODD(u32, u64, f64_to_f32, F32, F64)

u64 f64_to_s32_modular(u64 a, u8 *flags)
{
	f64_to_s32(a, RM_RTZ, flags);
	return (s64)(s32)exact_modular(F64, a);
}
