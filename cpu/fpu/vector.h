/* SPDX-License-Identifier: MIT */
/* Floating-point functions like those of fpu.h that only vector instructions need. */
#ifndef CPU_FPU_VECTOR_H
#define CPU_FPU_VECTOR_H

#include "cpu/fpu/fpu.h"

/* Conversions to narrow integers, sign-extended. They saturate as those to wider integers do. */
u64 f16_to_s8(u16 a, unsigned rm, u8 *flags);
u64 f16_to_u8(u16 a, unsigned rm, u8 *flags);
u64 f16_to_s16(u16 a, unsigned rm, u8 *flags);
u64 f16_to_u16(u16 a, unsigned rm, u8 *flags);
u64 f32_to_s16(u32 a, unsigned rm, u8 *flags);
u64 f32_to_u16(u32 a, unsigned rm, u8 *flags);

/*
 * Narrowing conversions with rounding to odd: towards zero, and to an odd last bit if that is
 * inexact.
 */
u16 f32_to_f16_odd(u32 a, u8 *flags);
u32 f64_to_f32_odd(u64 a, u8 *flags);

/*
 * Estimates of 1/sqrt(a) and 1/a, accurate to 7 bits. rm determines the result of a reciprocal that
 * overflows.
 */
u16 f16_rsqrt7(u16 a, u8 *flags);
u32 f32_rsqrt7(u32 a, u8 *flags);
u64 f64_rsqrt7(u64 a, u8 *flags);
u16 f16_rec7(u16 a, unsigned rm, u8 *flags);
u32 f32_rec7(u32 a, unsigned rm, u8 *flags);
u64 f64_rec7(u64 a, unsigned rm, u8 *flags);

#endif
