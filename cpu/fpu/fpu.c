/* SPDX-License-Identifier: MIT */
/*
 * The arithmetic of the floating-point extensions, computed in integers and written once for all
 * formats. The macros at the end bind it to a format, and try the host's FPU (fpu/host.h) first, so
 * that another format or operation is one line there. Rounding is in fpu/round.h, conversions are
 * in fpu/convert.c, comparisons in fpu/compare.c.
 */
#include "cpu/fpu/fpu.h"
#include "cpu/fpu/host.h"
#include "cpu/fpu/round.h"

/* A product or a sum before it is rounded: man / 2^127 * 2^exp. */
struct wide {
	bool sign;
	s32 exp;
	u128 man;
};

static ALWAYS_INLINE u64 round_pack_wide(struct format f, struct wide w, struct env env)
{
	struct number n = { FINITE, w.sign, w.exp, 0 };
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

static ALWAYS_INLINE struct wide widen(struct number n)
{
	return (struct wide){ n.sign, n.exp, (u128)n.man << 64 };
}

static ALWAYS_INLINE struct wide multiply(struct number a, struct number b)
{
	u128 man = (u128)a.man * b.man;
	bool top = man >> 127;

	return (struct wide){ a.sign ^ b.sign, a.exp + b.exp + top, man << !top };
}

/*
 * Rounds the sum of two values. Each is zero, or has bit 127 of man set and the lowest 21 bits
 * clear, as a product of 53 bits by 53 has them. The smaller value loses bits only if it is shifted
 * by more than that. Then a subtraction cancels one leading bit at most, so the jammed bit stays
 * below the bits that decide about rounding.
 */
static ALWAYS_INLINE u64 round_sum(struct format f, struct wide a, struct wide b, struct env env)
{
	struct wide sum;

	if (a.exp < b.exp || (a.exp == b.exp && a.man < b.man)) {
		sum = a;
		a = b;
		b = sum;
	}
	sum = (struct wide){ a.sign, a.exp + 1, a.man >> 1 };
	b.man = shift_right_jam(b.man, 1 + (u32)(a.exp - b.exp));
	sum.man += a.sign == b.sign ? b.man : -b.man;
	if (!sum.man && a.sign != b.sign)
		sum.sign = env.rm == RM_RDN;
	return round_pack_wide(f, sum, env);
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
 * Computes the root by Newton's iteration on integers: it begins above the root, decreases to the
 * root rounded down, and stops there. The highest bit of the square is 127 or 126, so the root has
 * 64 bits.
 */
static ALWAYS_INLINE struct number square_root(struct number n)
{
	u128 square = (u128)n.man << (63 + (n.exp & 1));
	u64 next = ~0ull, root;

	do {
		root = next;
		next = (root + square / root) / 2;
	} while (next < root);
	return (struct number){ FINITE, false, n.exp >> 1, root | ((u128)root * root != square) };
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

/*
 * From here on follow the functions of fpu.h. EXACT_* binds an operation to a format. HOST_* tries
 * the host's FPU first; the exact operation becomes a separate function, which is seldom called.
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

/* x86-64-v2 has no half-precision arithmetic. */
EXACT_2(u16, f16_add, exact_add, F16)
EXACT_2(u16, f16_mul, exact_mul, F16)
EXACT_2(u16, f16_div, exact_div, F16)
EXACT_1(u16, f16_sqrt, exact_sqrt, F16)
EXACT_3(u16, f16_fma, exact_fma, F16)

u16 f16_sub(u16 a, u16 b, unsigned rm, u8 *flags)
{
	return f16_add(a, b ^ F16_SIGN, rm, flags);
}

u32 f32_sub(u32 a, u32 b, unsigned rm, u8 *flags)
{
	return f32_add(a, b ^ F32_SIGN, rm, flags);
}

u64 f64_sub(u64 a, u64 b, unsigned rm, u8 *flags)
{
	return f64_add(a, b ^ F64_SIGN, rm, flags);
}
