/* SPDX-License-Identifier: MIT */
/* Tells tests of native code whether any ran. */
#ifndef TESTS_CPU_JIT_NATIVE_INSNS_H
#define TESTS_CPU_JIT_NATIVE_INSNS_H

#include "cpu/jit/impl.h"

/*
 * Returns how many instructions native code has executed, or called their bodies; 0 without it.
 * jit_stats also adds up all code, which takes longer than a short test.
 */
static inline u64 native_insns(const struct jit *jit)
{
	return jit ? jit->stats.native : 0;
}

#endif
