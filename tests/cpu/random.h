/* SPDX-License-Identifier: MIT */
/*
 * The random numbers of tests: xorshift64*, which is the same on every host, so that failures can
 * be repeated. The caller owns the seed, which must not be 0.
 */
#ifndef TESTS_CPU_RANDOM_H
#define TESTS_CPU_RANDOM_H

#include "bus/base.h"

static inline u64 random_u64(u64 *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * 0x2545f4914f6cdd1dull;
}

#endif
