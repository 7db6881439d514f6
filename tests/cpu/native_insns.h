/* SPDX-License-Identifier: MIT */
/* Tells tests of native code whether any ran. */
#ifndef TESTS_CPU_NATIVE_INSNS_H
#define TESTS_CPU_NATIVE_INSNS_H

#include "cpu/jit/jit.h"

/* Returns how many instructions native code has executed, or called their bodies; 0 without it. */
static inline u64 native_insns(const struct jit *jit)
{
	struct jit_stats stats = { 0 };

	if (jit)
		jit_stats(jit, &stats);
	return stats.native;
}

#endif
