/* SPDX-License-Identifier: MIT */
/*
 * Arithmetic and conversions of the F and D extensions in integers, written once for all formats:
 * unpack the operands, compute exactly with the remainder jammed into the lowest bit, round and
 * pack in one place. The macros at the end bind it to a format and put the host's FPU (fpu_host.h)
 * in front of it: a further format or operation is a line there. Comparisons are in fpu_compare.c.
 */
#include "cpu/fpu.h"
#include "cpu/fpu_format.h"
#include "cpu/fpu_host.h"

enum kind { ZERO, FINITE, INFINITE, QUIET_NAN, SIGNALING_NAN };

/* A finite value is man / 2^63 * 2^exp with bit 63 of man set; that of zero is 0. */
struct number {
	enum kind kind;
	bool sign;
	s32 exp;
	u64 man;
};

/* A product or a sum before it is rounded: man / 2^127 * 2^exp */
struct wide {
	bool sign;
	s32 exp;
	u128 man;
};

/* how to round, and where to put the flags */
struct env {
	unsigned rm;
	u8 *flags;
};

#define ENV ((struct env){rm, flags})

/* Below every real exponent, also after two of them are added: aligns zero away in a sum. */
#define ZERO_EXP (-(1 << 20))

static ALWAYS_INLINE void raise_flags(struct env env, unsigned flags)
{
	*env.flags |= flags;
}

static ALWAYS_INLINE u64 invalid(struct format f, struct env env)
{
	raise_flags(env, FFLAG_NV);
	return canonical_nan(f);
}

static ALWAYS_INLINE struct number unpack(struct format f, u64 a)
{
	struct number n = {.sign = a >> (f.exp + f.frac) & 1, .exp = ZERO_EXP};
	u64 frac = a & (BIT(f.frac) - 1);
	unsigned exp = a >> f.frac & exp_mask(f);
	unsigned shift;

	if (exp == exp_mask(f)) {
		n.kind = !frac ? INFINITE : frac >> (f.frac - 1) ? QUIET_NAN : SIGNALING_NAN;
	} else if (exp) {
		n.kind = FINITE;
		n.exp = (s32)exp - exp_bias(f);
		n.man = (frac | BIT(f.frac)) << (63 - f.frac);
	} else if (frac) {
		shift = __builtin_clzll(frac);
		n.kind = FINITE;
		n.exp = 1 - exp_bias(f) + (s32)(63 - f.frac) - (s32)shift;
		n.man = frac << shift;
	}
	return n;
}

/* Whether a magnitude moves away from zero; rest, a fraction of 2^64, is what is dropped. */
static ALWAYS_INLINE bool rounds_up(bool sign, bool odd, u64 rest, unsigned rm)
{
	const u64 half = BIT(63);

	switch (rm) {
	case RM_RNE:
		return rest > half || (rest == half && odd);
	case RM_RMM:
		return rest >= half;
	case RM_RDN:
		return sign && rest;
	case RM_RUP:
		return !sign && rest;
	default:
		assert(rm == RM_RTZ);
		return false;
	}
}

/* The lowest bits of n.man, which f has no room for, as a fraction of 2^64 */
static ALWAYS_INLINE u64 excess(struct format f, struct number n)
{
	return n.man << (f.frac + 1);
}

/* The bits of n.man that f has room for, rounded: 2^(frac + 1) on a carry out */
static ALWAYS_INLINE u64 round_man(struct format f, struct number n, unsigned rm)
{
	u64 kept = n.man >> (63 - f.frac);

	return kept + rounds_up(n.sign, kept & 1, excess(f, n), rm);
}

static ALWAYS_INLINE u64 overflow(struct format f, bool sign, struct env env)
{
	bool to_infinity = env.rm == RM_RNE || env.rm == RM_RMM ||
			   env.rm == (sign ? RM_RDN : RM_RUP);

	raise_flags(env, FFLAG_OF | FFLAG_NX);
	return infinity(f, sign) - !to_infinity;
}

/*
 * Rounds into the range below the normal numbers, n.exp < 1 - bias. Tininess is judged after
 * rounding as if the exponent had no bound (IEEE 754 7.5 a): only a value that this would carry up
 * to the smallest normal number is not tiny.
 */
static ALWAYS_INLINE u64 round_pack_subnormal(struct format f, struct number n, struct env env)
{
	u32 shift = 1 - exp_bias(f) - n.exp;
	bool tiny = shift > 1 || !(round_man(f, n, env.rm) >> (f.frac + 1));

	n.man = shift < 64 ? n.man >> shift | (n.man << (64 - shift) != 0) : 1;
	if (excess(f, n))
		raise_flags(env, tiny ? FFLAG_UF | FFLAG_NX : FFLAG_NX);
	return sign_bit(f, n.sign) | round_man(f, n, env.rm);
}

/* Rounds a finite value other than zero, of which bit 0 of man may stand for all lower bits. */
static ALWAYS_INLINE u64 round_pack(struct format f, struct number n, struct env env)
{
	s32 exp = n.exp + exp_bias(f);
	u64 magnitude;

	if (unlikely(exp < 1))
		return round_pack_subnormal(f, n, env);
	/* The leading one, and a carry out of the fraction, count up the exponent by themselves. */
	magnitude = ((u64)(exp - 1) << f.frac) + round_man(f, n, env.rm);
	if (unlikely(exp >= (s32)exp_mask(f) || magnitude >= infinity(f, false)))
		return overflow(f, n.sign, env);
	if (excess(f, n))
		raise_flags(env, FFLAG_NX);
	return sign_bit(f, n.sign) | magnitude;
}

static ALWAYS_INLINE u64 round_pack_wide(struct format f, struct wide w, struct env env)
{
	struct number n = {FINITE, w.sign, w.exp, 0};
	u64 high = w.man >> 64;
	unsigned shift;

	if (!w.man)
		return signed_zero(f, w.sign);
	shift = high ? __builtin_clzll(high) : 64 + __builtin_clzll((u64)w.man);
	w.man <<= shift;
	n.exp -= (s32)shift;
	n.man = (u64)(w.man >> 64) | ((u64)w.man != 0);
	return round_pack(f, n, env);
}

static ALWAYS_INLINE u128 shift_right_jam(u128 value, u32 shift)
{
	if (shift >= 128)
		return value != 0;
	return value >> shift | ((value & (((u128)1 << shift) - 1)) != 0);
}

static ALWAYS_INLINE struct wide widen(struct number n)
{
	return (struct wide){n.sign, n.exp, (u128)n.man << 64};
}

static ALWAYS_INLINE struct wide multiply(struct number a, struct number b)
{
	u128 man = (u128)a.man * b.man;
	bool top = man >> 127;

	return (struct wide){a.sign ^ b.sign, a.exp + b.exp + top, man << !top};
}

/*
 * The sum of two values, each zero or with bit 127 of man set and the lowest 21 bits clear, as the
 * product of 53 bits by 53 has them. The lower one loses bits only if it is shifted by more than
 * that; then a difference cancels one bit at most, and the jammed bit stays below the rounding.
 */
static ALWAYS_INLINE u64 round_sum(struct format f, struct wide a, struct wide b, struct env env)
{
	struct wide sum;

	if (a.exp < b.exp || (a.exp == b.exp && a.man < b.man)) {
		sum = a;
		a = b;
		b = sum;
	}
	sum = (struct wide){a.sign, a.exp + 1, a.man >> 1};
	b.man = shift_right_jam(b.man, 1 + (u32)(a.exp - b.exp));
	sum.man += a.sign == b.sign ? b.man : -b.man;
	if (!sum.man && a.sign != b.sign)
		sum.sign = env.rm == RM_RDN;
	return round_pack_wide(f, sum, env);
}

static ALWAYS_INLINE bool is_nan(struct number n)
{
	return n.kind >= QUIET_NAN;
}

/* The result of an operation with a NaN among its operands */
static ALWAYS_INLINE u64 nan_result(struct format f, struct number a, struct number b,
				    struct env env)
{
	if (a.kind == SIGNALING_NAN || b.kind == SIGNALING_NAN)
		raise_flags(env, FFLAG_NV);
	return canonical_nan(f);
}

static ALWAYS_INLINE u64 exact_add(struct format f, u64 x, u64 y, struct env env)
{
	struct number a = unpack(f, x), b = unpack(f, y);

	if (unlikely(is_nan(a) || is_nan(b)))
		return nan_result(f, a, b, env);
	if (unlikely(a.kind == INFINITE && b.kind == INFINITE && a.sign != b.sign))
		return invalid(f, env);
	if (unlikely(a.kind == INFINITE || b.kind == INFINITE))
		return a.kind == INFINITE ? x : y;
	return round_sum(f, widen(a), widen(b), env);
}

static ALWAYS_INLINE u64 exact_mul(struct format f, u64 x, u64 y, struct env env)
{
	struct number a = unpack(f, x), b = unpack(f, y);

	if (unlikely(is_nan(a) || is_nan(b)))
		return nan_result(f, a, b, env);
	if (unlikely(a.kind == INFINITE || b.kind == INFINITE)) {
		if (a.kind == ZERO || b.kind == ZERO)
			return invalid(f, env);
		return infinity(f, a.sign ^ b.sign);
	}
	return round_pack_wide(f, multiply(a, b), env);
}

static ALWAYS_INLINE u64 exact_fma(struct format f, u64 x, u64 y, u64 z, struct env env)
{
	struct number a = unpack(f, x), b = unpack(f, y), c = unpack(f, z);
	bool infinite = a.kind == INFINITE || b.kind == INFINITE;
	bool sign = a.sign ^ b.sign;

	/* F extension: infinity times zero is invalid even if the addend is a quiet NaN. */
	if (unlikely(infinite && (a.kind == ZERO || b.kind == ZERO)))
		return invalid(f, env);
	if (unlikely(is_nan(a) || is_nan(b) || is_nan(c))) {
		nan_result(f, a, b, env);
		return nan_result(f, c, c, env);
	}
	if (unlikely(infinite)) {
		if (c.kind == INFINITE && c.sign != sign)
			return invalid(f, env);
		return infinity(f, sign);
	}
	if (unlikely(c.kind == INFINITE))
		return z;
	return round_sum(f, multiply(a, b), widen(c), env);
}

static ALWAYS_INLINE u64 exact_div(struct format f, u64 x, u64 y, struct env env)
{
	struct number a = unpack(f, x), b = unpack(f, y);
	bool sign = a.sign ^ b.sign;
	u128 dividend = (u128)a.man << 63;
	u64 quotient;

	if (unlikely(is_nan(a) || is_nan(b)))
		return nan_result(f, a, b, env);
	if (unlikely(a.kind == b.kind && a.kind != FINITE))
		return invalid(f, env);
	if (unlikely(a.kind == INFINITE || b.kind == ZERO)) {
		if (a.kind == FINITE)
			raise_flags(env, FFLAG_DZ);
		return infinity(f, sign);
	}
	if (unlikely(a.kind == ZERO || b.kind == INFINITE))
		return signed_zero(f, sign);
	/* Both mantissas have bit 63 set, so the quotient has bit 63 or 62 as its highest. */
	quotient = dividend / b.man;
	return round_pack_wide(f, (struct wide){sign, a.exp - b.exp, (u128)quotient << 64 |
				  ((u128)quotient * b.man != dividend)}, env);
}

/*
 * Newton's iteration on integers: from above it falls to the root rounded down and stops there.
 * The square has its highest bit at 127 or 126, so the root has 64 bits.
 */
static ALWAYS_INLINE struct number square_root(struct number n)
{
	u128 square = (u128)n.man << (63 + (n.exp & 1));
	u64 next = ~0ull, root;

	do {
		root = next;
		next = (root + square / root) / 2;
	} while (next < root);
	return (struct number){FINITE, false, n.exp >> 1, root | ((u128)root * root != square)};
}

static ALWAYS_INLINE u64 exact_sqrt(struct format f, u64 x, struct env env)
{
	struct number a = unpack(f, x);

	if (unlikely(is_nan(a)))
		return nan_result(f, a, a, env);
	if (a.kind == ZERO)
		return x;
	if (unlikely(a.sign))
		return invalid(f, env);
	if (unlikely(a.kind == INFINITE))
		return x;
	return round_pack(f, square_root(a), env);
}

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

/* An integer type of at most 64 bits: its largest value and the magnitude of its smallest */
struct integer {
	u64 max, min;
};

#define S32 ((struct integer){BIT(31) - 1, BIT(31)})
#define U32 ((struct integer){BIT(32) - 1, 0})
#define S64 ((struct integer){BIT(63) - 1, BIT(63)})
#define U64 ((struct integer){~0ull, 0})

static ALWAYS_INLINE u64 exact_to_integer(struct format f, struct integer to, u64 x, struct env env)
{
	struct number a = unpack(f, x);
	u64 limit = a.sign ? to.min : to.max;
	bool overflows = a.kind == INFINITE || a.exp > 63;
	u64 value = 0;
	u128 fixed;

	if (unlikely(is_nan(a))) {
		raise_flags(env, FFLAG_NV);
		return to.max;
	}
	if (!overflows) {
		fixed = shift_right_jam((u128)a.man << 64, (u32)(63 - a.exp));
		value = fixed >> 64;
		value += rounds_up(a.sign, value & 1, (u64)fixed, env.rm);
		overflows = value > limit;
		if (!overflows && (u64)fixed)
			raise_flags(env, FFLAG_NX);
	}
	if (unlikely(overflows)) {
		raise_flags(env, FFLAG_NV);
		value = limit;
	}
	return a.sign ? -value : value;
}

static ALWAYS_INLINE u64 exact_from_integer(struct format f, bool sign, u64 magnitude,
					    struct env env)
{
	unsigned shift;

	if (!magnitude)
		return signed_zero(f, false);
	shift = __builtin_clzll(magnitude);
	return round_pack(f, (struct number){FINITE, sign, 63 - (s32)shift, magnitude << shift},
			  env);
}

static ALWAYS_INLINE u64 exact_from_signed(struct format f, s64 value, struct env env)
{
	return exact_from_integer(f, value < 0, value < 0 ? -(u64)value : (u64)value, env);
}

/*
 * From here on the functions of fpu.h. EXACT_* binds an operation to a format, HOST_* puts the
 * host's FPU in front of it, which makes the exact one a cold function of its own.
 */
#define EXACT_1(type, name, exact, format)						\
	type name(type a, unsigned rm, u8 *flags)					\
	{										\
		return exact(format, a, ENV);						\
	}

#define EXACT_2(type, name, exact, format)						\
	type name(type a, type b, unsigned rm, u8 *flags)				\
	{										\
		return exact(format, a, b, ENV);					\
	}

#define EXACT_3(type, name, exact, format)						\
	type name(type a, type b, type c, unsigned rm, u8 *flags)			\
	{										\
		return exact(format, a, b, c, ENV);					\
	}

#define HOST_BODY(type, name, usable, settled, ...)					\
	{										\
		type r;									\
											\
		if (likely(host_usable(rm, *flags) && (usable))) {			\
			r = host_##name(__VA_ARGS__);					\
			if (likely(settled(r)))						\
				return r;						\
		}									\
		return name##_exact(__VA_ARGS__, rm, flags);				\
	}

#define HOST_1(type, name, exact, format, settled)					\
	static NOINLINE EXACT_1(type, name##_exact, exact, format)			\
	type name(type a, unsigned rm, u8 *flags)					\
	HOST_BODY(type, name, true, settled, a)

#define HOST_2(type, name, exact, format, settled)					\
	static NOINLINE EXACT_2(type, name##_exact, exact, format)			\
	type name(type a, type b, unsigned rm, u8 *flags)				\
	HOST_BODY(type, name, true, settled, a, b)

#define HOST_3(type, name, exact, format, settled)					\
	static NOINLINE EXACT_3(type, name##_exact, exact, format)			\
	type name(type a, type b, type c, unsigned rm, u8 *flags)			\
	HOST_BODY(type, name, host_has_fma(), settled, a, b, c)

/* Through the integer type `as`: sign-extends what has 32 bits. */
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

HOST_2(u32, f32_add, exact_add, F32, f32_sum_settled)
HOST_2(u32, f32_mul, exact_mul, F32, f32_settled)
HOST_2(u32, f32_div, exact_div, F32, f32_settled)
HOST_1(u32, f32_sqrt, exact_sqrt, F32, f32_settled)
HOST_3(u32, f32_fma, exact_fma, F32, f32_settled)

HOST_2(u64, f64_add, exact_add, F64, f64_sum_settled)
HOST_2(u64, f64_mul, exact_mul, F64, f64_settled)
HOST_2(u64, f64_div, exact_div, F64, f64_settled)
HOST_1(u64, f64_sqrt, exact_sqrt, F64, f64_settled)
HOST_3(u64, f64_fma, exact_fma, F64, f64_settled)

u32 f32_sub(u32 a, u32 b, unsigned rm, u8 *flags)
{
	return f32_add(a, b ^ F32_SIGN, rm, flags);
}

u64 f64_sub(u64 a, u64 b, unsigned rm, u8 *flags)
{
	return f64_add(a, b ^ F64_SIGN, rm, flags);
}

TO_INTEGER(u32, f32_to_s32, F32, S32, s32)
TO_INTEGER(u32, f32_to_u32, F32, U32, s32)
TO_INTEGER(u32, f32_to_s64, F32, S64, s64)
TO_INTEGER(u32, f32_to_u64, F32, U64, s64)
TO_INTEGER(u64, f64_to_s32, F64, S32, s32)
TO_INTEGER(u64, f64_to_u32, F64, U32, s32)
TO_INTEGER(u64, f64_to_s64, F64, S64, s64)
TO_INTEGER(u64, f64_to_u64, F64, U64, s64)

FROM_SIGNED(u32, s32_to_f32, F32, s32)
FROM_UNSIGNED(u32, u32_to_f32, F32, u32)
FROM_SIGNED(u32, s64_to_f32, F32, s64)
FROM_UNSIGNED(u32, u64_to_f32, F32, u64)
FROM_SIGNED(u64, s32_to_f64, F64, s32)
FROM_UNSIGNED(u64, u32_to_f64, F64, u32)
FROM_SIGNED(u64, s64_to_f64, F64, s64)
FROM_UNSIGNED(u64, u64_to_f64, F64, u64)

u64 f32_to_f64(u32 a, unsigned rm, u8 *flags)
{
	return exact_convert(F64, F32, a, ENV);
}

u32 f64_to_f32(u64 a, unsigned rm, u8 *flags)
{
	return exact_convert(F32, F64, a, ENV);
}
