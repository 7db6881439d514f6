/* SPDX-License-Identifier: MIT */
/*
 * IEEE 754 arithmetic of the F, D, Zfh, Zfa and Zfbfmin extensions as pure functions on bit
 * patterns: results, flags and rounding are those of the RISC-V manual (canonical NaNs, tininess
 * after rounding). The functions have no state. The caller resolves RM_DYN through fcsr.frm and
 * traps on reserved rounding modes; it passes its accrued fflags, into which each function ORs the
 * flags that it raises.
 *
 * The arithmetic runs on the host's FPU where that cannot be told apart: RNE with NX already
 * accrued. It therefore needs the host thread's MXCSR at its default (RNE, no FTZ, no DAZ), and the
 * code must not be compiled with -ffast-math.
 */
#ifndef CPU_FPU_FPU_H
#define CPU_FPU_FPU_H

#include "bus/base.h"

/*
 * The values of the rm field (unprivileged manual, "Floating-Point Control and Status Register").
 */
enum fpu_rm {
	RM_RNE = 0,	/* to nearest, ties to even */
	RM_RTZ = 1,	/* towards zero */
	RM_RDN = 2,	/* down */
	RM_RUP = 3,	/* up */
	RM_RMM = 4,	/* to nearest, ties away from zero */
	RM_DYN = 7,	/* only in instructions: use frm */
};

/* The bits of the fflags field. */
enum {
	FFLAG_NX = 1,	/* inexact */
	FFLAG_UF = 2,	/* underflow */
	FFLAG_OF = 4,	/* overflow */
	FFLAG_DZ = 8,	/* divide by zero */
	FFLAG_NV = 16,	/* invalid operation */
};

#define F16_SIGN 0x8000u
#define F32_SIGN 0x80000000u
#define F64_SIGN 0x8000000000000000ull
#define F16_CANONICAL_NAN 0x7e00u
#define BF16_CANONICAL_NAN 0x7fc0u
#define F32_CANONICAL_NAN 0x7fc00000u
#define F64_CANONICAL_NAN 0x7ff8000000000000ull

/* Return the narrower value in a 64-bit f register; the canonical NaN if it is not NaN-boxed. */
static inline u16 f16_unbox(u64 reg)
{
	return reg >> 16 == 0xffffffffffff ? (u16)reg : F16_CANONICAL_NAN;
}

static inline u16 bf16_unbox(u64 reg)
{
	return reg >> 16 == 0xffffffffffff ? (u16)reg : BF16_CANONICAL_NAN;
}

static inline u32 f32_unbox(u64 reg)
{
	return reg >> 32 == 0xffffffff ? (u32)reg : F32_CANONICAL_NAN;
}

/* Boxes a value of either 16-bit format. */
static inline u64 f16_box(u16 value)
{
	return value | 0xffffffffffff0000ull;
}

static inline u64 f32_box(u32 value)
{
	return value | 0xffffffff00000000ull;
}

/*
 * f##_fma computes a * b + c, rounded once; the other three fused operations invert the signs of a
 * and c before. f##_round returns an integral value of the same format; f##_roundnx also raises NX
 * if that differs from the operand.
 */
#define FPU_ARITHMETIC(type, f)								\
	type f##_add(type a, type b, unsigned rm, u8 *flags);				\
	type f##_sub(type a, type b, unsigned rm, u8 *flags);				\
	type f##_mul(type a, type b, unsigned rm, u8 *flags);				\
	type f##_div(type a, type b, unsigned rm, u8 *flags);				\
	type f##_sqrt(type a, unsigned rm, u8 *flags);					\
	type f##_fma(type a, type b, type c, unsigned rm, u8 *flags);			\
	type f##_round(type a, unsigned rm, u8 *flags);					\
	type f##_roundnx(type a, unsigned rm, u8 *flags);

/*
 * Minimum and maximum: -0 is less than +0, and the result for two NaNs is the canonical NaN; for a
 * NaN and a number, min and max return the number, minm and maxm the canonical NaN. eq, ltq and leq
 * raise NV for signaling NaNs, lt and le for every NaN. classify returns the 10-bit mask of fclass,
 * constant the value that fli has for an index from 0 to 31.
 */
#define FPU_COMPARISON(type, f)								\
	type f##_min(type a, type b, u8 *flags);					\
	type f##_max(type a, type b, u8 *flags);					\
	type f##_minm(type a, type b, u8 *flags);					\
	type f##_maxm(type a, type b, u8 *flags);					\
	bool f##_eq(type a, type b, u8 *flags);						\
	bool f##_lt(type a, type b, u8 *flags);						\
	bool f##_le(type a, type b, u8 *flags);						\
	bool f##_ltq(type a, type b, u8 *flags);					\
	bool f##_leq(type a, type b, u8 *flags);					\
	u32 f##_classify(type a);							\
	type f##_constant(unsigned index);

/*
 * Conversions to and from integers. Results are as the x register of RV64 receives them: those of
 * 32 bits, even unsigned ones, are sign-extended. A value out of range saturates and raises only
 * NV; a NaN is converted to the largest value.
 */
#define FPU_INTEGERS(type, f)								\
	u64 f##_to_s32(type a, unsigned rm, u8 *flags);					\
	u64 f##_to_u32(type a, unsigned rm, u8 *flags);					\
	u64 f##_to_s64(type a, unsigned rm, u8 *flags);					\
	u64 f##_to_u64(type a, unsigned rm, u8 *flags);					\
	type s32_to_##f(s32 a, unsigned rm, u8 *flags);					\
	type u32_to_##f(u32 a, unsigned rm, u8 *flags);					\
	type s64_to_##f(s64 a, unsigned rm, u8 *flags);					\
	type u64_to_##f(u64 a, unsigned rm, u8 *flags);

#define FPU_FORMAT(type, f)								\
	FPU_ARITHMETIC(type, f)								\
	FPU_COMPARISON(type, f)								\
	FPU_INTEGERS(type, f)

FPU_FORMAT(u16, f16)
FPU_FORMAT(u32, f32)
FPU_FORMAT(u64, f64)

/*
 * Implements fcvtmod: raises the flags of f64_to_s32 towards zero, and returns the result modulo
 * 2^32, or 0 for infinities and NaNs.
 */
u64 f64_to_s32_modular(u64 a, u8 *flags);

u32 f16_to_f32(u16 a, unsigned rm, u8 *flags);
u64 f16_to_f64(u16 a, unsigned rm, u8 *flags);
u16 f32_to_f16(u32 a, unsigned rm, u8 *flags);
u64 f32_to_f64(u32 a, unsigned rm, u8 *flags);
u16 f64_to_f16(u64 a, unsigned rm, u8 *flags);
u32 f64_to_f32(u64 a, unsigned rm, u8 *flags);
u32 bf16_to_f32(u16 a, unsigned rm, u8 *flags);
u16 f32_to_bf16(u32 a, unsigned rm, u8 *flags);

#endif
