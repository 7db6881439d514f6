/* SPDX-License-Identifier: MIT */
/*
 * IEEE 754 arithmetic of the F and D extensions as pure functions on bit patterns: results, flags
 * and rounding are those of the RISC-V manual (canonical NaNs, tininess after rounding).
 * Owns no state. The caller resolves RM_DYN through fcsr.frm and traps on reserved rounding modes;
 * it passes its accrued fflags, into which each function ORs what it raises.
 *
 * The arithmetic runs on the host's FPU where that cannot be told apart: RNE with NX already
 * accrued. It therefore needs the host thread's MXCSR at its default (RNE, no FTZ, no DAZ), and
 * must never be compiled with -ffast-math.
 */
#ifndef CPU_FPU_H
#define CPU_FPU_H

#include "bus/base.h"

/* Unpriv. spec, "Floating-Point Control and Status Register": the rm field */
enum fpu_rm {
	RM_RNE = 0,	/* to nearest, ties to even */
	RM_RTZ = 1,	/* towards zero */
	RM_RDN = 2,	/* down */
	RM_RUP = 3,	/* up */
	RM_RMM = 4,	/* to nearest, ties away from zero */
	RM_DYN = 7,	/* instruction field only: use frm */
};

/* the fflags field */
enum {
	FFLAG_NX = 1,	/* inexact */
	FFLAG_UF = 2,	/* underflow */
	FFLAG_OF = 4,	/* overflow */
	FFLAG_DZ = 8,	/* divide by zero */
	FFLAG_NV = 16,	/* invalid operation */
};

#define F32_SIGN 0x80000000u
#define F64_SIGN 0x8000000000000000ull
#define F32_CANONICAL_NAN 0x7fc00000u
#define F64_CANONICAL_NAN 0x7ff8000000000000ull

/* The single in a 64-bit f register; one that is not NaN-boxed reads as the canonical NaN. */
static inline u32 f32_unbox(u64 reg)
{
	return reg >> 32 == 0xffffffff ? (u32)reg : F32_CANONICAL_NAN;
}

static inline u64 f32_box(u32 value)
{
	return value | 0xffffffff00000000ull;
}

u32 f32_add(u32 a, u32 b, unsigned rm, u8 *flags);
u32 f32_sub(u32 a, u32 b, unsigned rm, u8 *flags);
u32 f32_mul(u32 a, u32 b, unsigned rm, u8 *flags);
u32 f32_div(u32 a, u32 b, unsigned rm, u8 *flags);
u32 f32_sqrt(u32 a, unsigned rm, u8 *flags);
/* a * b + c rounded once; the other three fused forms flip F32_SIGN of a and c beforehand */
u32 f32_fma(u32 a, u32 b, u32 c, unsigned rm, u8 *flags);

u64 f64_add(u64 a, u64 b, unsigned rm, u8 *flags);
u64 f64_sub(u64 a, u64 b, unsigned rm, u8 *flags);
u64 f64_mul(u64 a, u64 b, unsigned rm, u8 *flags);
u64 f64_div(u64 a, u64 b, unsigned rm, u8 *flags);
u64 f64_sqrt(u64 a, unsigned rm, u8 *flags);
u64 f64_fma(u64 a, u64 b, u64 c, unsigned rm, u8 *flags);

/* minimumNumber and maximumNumber: -0 is below +0, one NaN loses, two give the canonical NaN */
u32 f32_min(u32 a, u32 b, u8 *flags);
u32 f32_max(u32 a, u32 b, u8 *flags);
u64 f64_min(u64 a, u64 b, u8 *flags);
u64 f64_max(u64 a, u64 b, u8 *flags);

/* eq is quiet, lt and le raise NV for every NaN */
bool f32_eq(u32 a, u32 b, u8 *flags);
bool f32_lt(u32 a, u32 b, u8 *flags);
bool f32_le(u32 a, u32 b, u8 *flags);
bool f64_eq(u64 a, u64 b, u8 *flags);
bool f64_lt(u64 a, u64 b, u8 *flags);
bool f64_le(u64 a, u64 b, u8 *flags);

/* the 10-bit mask of fclass */
u32 f32_classify(u32 a);
u32 f64_classify(u64 a);

/*
 * To integers, as the x register of RV64 receives them: 32-bit results, unsigned ones too, are
 * sign-extended. Out of range saturates and raises NV alone; a NaN gives the largest value.
 */
u64 f32_to_s32(u32 a, unsigned rm, u8 *flags);
u64 f32_to_u32(u32 a, unsigned rm, u8 *flags);
u64 f32_to_s64(u32 a, unsigned rm, u8 *flags);
u64 f32_to_u64(u32 a, unsigned rm, u8 *flags);
u64 f64_to_s32(u64 a, unsigned rm, u8 *flags);
u64 f64_to_u32(u64 a, unsigned rm, u8 *flags);
u64 f64_to_s64(u64 a, unsigned rm, u8 *flags);
u64 f64_to_u64(u64 a, unsigned rm, u8 *flags);

u32 s32_to_f32(s32 a, unsigned rm, u8 *flags);
u32 u32_to_f32(u32 a, unsigned rm, u8 *flags);
u32 s64_to_f32(s64 a, unsigned rm, u8 *flags);
u32 u64_to_f32(u64 a, unsigned rm, u8 *flags);
u64 s32_to_f64(s32 a, unsigned rm, u8 *flags);
u64 u32_to_f64(u32 a, unsigned rm, u8 *flags);
u64 s64_to_f64(s64 a, unsigned rm, u8 *flags);
u64 u64_to_f64(u64 a, unsigned rm, u8 *flags);

u64 f32_to_f64(u32 a, unsigned rm, u8 *flags);
u32 f64_to_f32(u64 a, unsigned rm, u8 *flags);

#endif
