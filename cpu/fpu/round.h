/* SPDX-License-Identifier: MIT */
/*
 * Rounds and packs results that are exact except for what is jammed into their lowest bit.
 * Overflow, underflow and inexact are raised only here. Only those files of this folder that
 * compute include this.
 */
#ifndef CPU_FPU_ROUND_H
#define CPU_FPU_ROUND_H

#include "cpu/fpu/number.h"

/*
 * Returns whether rounding increases a magnitude. `rest` is the part to be dropped, as a fraction
 * of 2^64.
 */
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

/* Returns the lowest bits of n.man, for which f has no room, as a fraction of 2^64. */
static ALWAYS_INLINE u64 excess(struct format f, struct number n)
{
	return n.man << (f.frac + 1);
}

/* Returns the bits of n.man for which f has room, rounded: 2^(frac + 1) if that carries out. */
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
 * Rounds a number below the normal range, n.exp < 1 - bias. Tininess is detected after rounding as
 * if the exponent had no bound (IEEE 754 7.5 a): only a value that this would carry up to the
 * smallest normal number is not tiny.
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

/* Rounds a finite value other than zero; bit 0 of man may stand for all lower bits. */
static ALWAYS_INLINE u64 round_pack(struct format f, struct number n, struct env env)
{
	s32 exp = n.exp + exp_bias(f);
	u64 magnitude;

	if (unlikely(exp < 1))
		return round_pack_subnormal(f, n, env);
	/*
	 * The leading one, and a carry out of the fraction, are at the place of the exponent's
	 * lowest bit, so the addition increments the exponent.
	 */
	magnitude = ((u64)(exp - 1) << f.frac) + round_man(f, n, env.rm);
	if (unlikely(exp >= (s32)exp_mask(f) || magnitude >= infinity(f, false)))
		return overflow(f, n.sign, env);
	if (excess(f, n))
		raise_flags(env, FFLAG_NX);
	return sign_bit(f, n.sign) | magnitude;
}

static ALWAYS_INLINE u128 shift_right_jam(u128 value, u32 shift)
{
	if (shift >= 128)
		return value != 0;
	return value >> shift | ((value & (((u128)1 << shift) - 1)) != 0);
}

#endif
