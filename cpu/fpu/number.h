/* SPDX-License-Identifier: MIT */
/*
 * Unpacked floating-point operands, for all formats, and the results of operations that have a NaN
 * among their operands. fpu/round.h packs results. Only those files of this folder that compute
 * include this.
 */
#ifndef CPU_FPU_NUMBER_H
#define CPU_FPU_NUMBER_H

#include "cpu/fpu/format.h"
#include "cpu/fpu/fpu.h"

enum kind { ZERO, FINITE, INFINITE, QUIET_NAN, SIGNALING_NAN };

/* A finite value is man / 2^63 * 2^exp, with bit 63 of man set; the man of zero is 0. */
struct number {
	enum kind kind;
	bool sign;
	s32 exp;
	u64 man;
};

/* The environment of an operation: the rounding mode, and where the flags are stored. */
struct env {
	unsigned rm;
	u8 *flags;
};

#define ENV ((struct env){rm, flags})

/*
 * An exponent below every actual one, even after two exponents are added, so that zero has no
 * influence on a sum.
 */
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
	struct number n = { .sign = a >> (f.exp + f.frac) & 1, .exp = ZERO_EXP };
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

static ALWAYS_INLINE bool is_nan(struct number n)
{
	return n.kind >= QUIET_NAN;
}

/* Returns the result of an operation with a NaN among its operands. */
static ALWAYS_INLINE u64 nan_result(struct format f, struct number a, struct number b,
				    struct env env)
{
	if (a.kind == SIGNALING_NAN || b.kind == SIGNALING_NAN)
		raise_flags(env, FFLAG_NV);
	return canonical_nan(f);
}

#endif
