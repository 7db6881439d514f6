/* SPDX-License-Identifier: MIT */
/* Lets tests of native code check that native code was executed. */
#ifndef TESTS_CPU_JIT_NATIVE_INSNS_H
#define TESTS_CPU_JIT_NATIVE_INSNS_H

#include "cpu/jit/impl.h"

/*
 * Returns how many instructions native code has executed itself or by calling their bodies; 0
 * without native code. (jit_stats also adds up the sizes of all code, which takes longer than a
 * short test.)
 */
static inline u64 native_insns(const struct jit *jit)
{
	return jit ? jit->stats.native : 0;
}

#endif
