/* SPDX-License-Identifier: MIT */
/*
 * The interchange formats of IEEE 754 as data, and the bit patterns that follow from their widths.
 * Another format would be one line here. Only those files of this folder that compute include this.
 */
#ifndef CPU_FPU_FORMAT_H
#define CPU_FPU_FORMAT_H

#include "bus/base.h"

/*
 * The widths of the fields below the sign: in total less than 64 bits, of which frac has at most
 * 52.
 */
struct format {
	unsigned exp, frac;
};

#define F16 ((struct format){5, 10})
#define BF16 ((struct format){8, 7})
#define F32 ((struct format){8, 23})
#define F64 ((struct format){11, 52})

static ALWAYS_INLINE s32 exp_bias(struct format f)
{
	return (1 << (f.exp - 1)) - 1;
}

static ALWAYS_INLINE u64 exp_mask(struct format f)
{
	return BIT(f.exp) - 1;
}

static ALWAYS_INLINE u64 sign_bit(struct format f, bool sign)
{
	return (u64)sign << (f.exp + f.frac);
}

static ALWAYS_INLINE u64 signed_zero(struct format f, bool sign)
{
	return sign_bit(f, sign);
}

static ALWAYS_INLINE u64 infinity(struct format f, bool sign)
{
	return sign_bit(f, sign) | exp_mask(f) << f.frac;
}

static ALWAYS_INLINE u64 canonical_nan(struct format f)
{
	return infinity(f, false) | BIT(f.frac - 1);
}

#endif
