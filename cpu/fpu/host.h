/* SPDX-License-Identifier: MIT */
/*
 * The part of fpu.c that uses the host's FPU: single operations on bit patterns, and checks whether
 * their results are certainly those that RISC-V requires. The rule: if RNE is required and NX is
 * already accrued, a result for which no other flag can have been raised can be used. Only fpu.c
 * includes this.
 *
 * Each operation compiles to one host instruction; -ffp-contract=off ensures that.
 */
#ifndef CPU_FPU_HOST_H
#define CPU_FPU_HOST_H

#include <emmintrin.h>
#include <string.h>

#include "cpu/fpu/fpu.h"

static inline float host_f32(u32 word)
{
	float value;

	memcpy(&value, &word, sizeof(value));
	return value;
}

static inline u32 bits_f32(float value)
{
	u32 word;

	memcpy(&word, &value, sizeof(word));
	return word;
}

static inline double host_f64(u64 word)
{
	double value;

	memcpy(&value, &word, sizeof(value));
	return value;
}

static inline u64 bits_f64(double value)
{
	u64 word;

	memcpy(&word, &value, sizeof(word));
	return word;
}

static inline bool host_usable(unsigned rm, u8 flags)
{
	return rm == RM_RNE && (flags & FFLAG_NX);
}

/*
 * Return whether a sum raised no flag but NX. That is so if it is finite: there was no NaN, no
 * infinity and no overflow, and a sum below the normal numbers is exact.
 */
static inline bool f32_sum_settled(u32 r)
{
	return (r & 0x7f800000) != 0x7f800000;
}

static inline bool f64_sum_settled(u64 r)
{
	return (~r & 0x7ff0000000000000ull) != 0;
}

/*
 * Return the same for the other operations. For these, zero and subnormal results may be underflows
 * too, and the smallest normal number may have been tiny before it was rounded; so an exponent
 * field of at least 2 is required.
 */
static inline bool f32_settled(u32 r)
{
	return (r >> 23 & 0xff) - 2 < 0xff - 2;
}

static inline bool f64_settled(u64 r)
{
	return (r >> 52 & 0x7ff) - 2 < 0x7ff - 2;
}

static inline u32 host_f32_add(u32 a, u32 b)
{
	return bits_f32(host_f32(a) + host_f32(b));
}

static inline u32 host_f32_mul(u32 a, u32 b)
{
	return bits_f32(host_f32(a) * host_f32(b));
}

static inline u32 host_f32_div(u32 a, u32 b)
{
	return bits_f32(host_f32(a) / host_f32(b));
}

static inline u32 host_f32_sqrt(u32 a)
{
	return bits_f32(_mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(host_f32(a)))));
}

static inline u64 host_f64_add(u64 a, u64 b)
{
	return bits_f64(host_f64(a) + host_f64(b));
}

static inline u64 host_f64_mul(u64 a, u64 b)
{
	return bits_f64(host_f64(a) * host_f64(b));
}

static inline u64 host_f64_div(u64 a, u64 b)
{
	return bits_f64(host_f64(a) / host_f64(b));
}

static inline u64 host_f64_sqrt(u64 a)
{
	__m128d value = _mm_set_sd(host_f64(a));

	return bits_f64(_mm_cvtsd_f64(_mm_sqrt_sd(value, value)));
}

/* The fused operations need more than x86-64-v2: call them only if host_has_fma(). */
static inline bool host_has_fma(void)
{
	return __builtin_cpu_supports("fma");
}

__attribute__((target("fma"))) static inline u32 host_f32_fma(u32 a, u32 b, u32 c)
{
	return bits_f32(__builtin_fmaf(host_f32(a), host_f32(b), host_f32(c)));
}

__attribute__((target("fma"))) static inline u64 host_f64_fma(u64 a, u64 b, u64 c)
{
	return bits_f64(__builtin_fma(host_f64(a), host_f64(b), host_f64(c)));
}

#endif
