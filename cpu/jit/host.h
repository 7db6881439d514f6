/* SPDX-License-Identifier: MIT */
/* Native code asks here which of the instructions that it would use the host has. */
#ifndef CPU_JIT_HOST_H
#define CPU_JIT_HOST_H

#include "bus/base.h"

struct jit_host {
	/*
	 * The name of a feature that native code cannot do without and the processor lacks, as in
	 * x86-64 hosts older than x86-64-v2; NULL if it has them all.
	 */
	const char *lacks;
	/* Features beyond x86-64-v2, which native code may use if they are there. */
	bool has_bmi2, has_bextr, has_fma, has_counts; /* BMI2; BMI1; FMA3; LZCNT and TZCNT */
	bool has_aes, has_vaes, has_pclmul, has_f16c, has_sha, has_vpclmul, has_gfni;
	bool has_avx, has_avx2, has_avx512; /* the last one with BW, DQ, VL and BMI2 */
	bool has_vbmi; /* with AVX-512 */
};

/* Finds what this host has. */
void jit_host_find(struct jit_host *host);

/* Sets host->lacks for a processor with these features: ECX of CPUID's leaf 1. */
void jit_host_need(struct jit_host *host, u32 features);

#endif
