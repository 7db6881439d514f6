/* SPDX-License-Identifier: MIT */
/*
 * How many random programs are run in the tiers. With small caches (cpu/hart/limits.h) it is a
 * larger part than of other random tests, because few other tests try those. soak.py runs programs
 * for hours.
 */
#ifndef TESTS_CPU_TIERS_TIER_PART_H
#define TESTS_CPU_TIERS_TIER_PART_H

#include "tests/part.h"

#include "cpu/hart/limits.h"

/* Returns how many programs are run of `whole`, at least one. */
static inline unsigned tier_part_of(unsigned whole)
{
	return MIN(whole, part_of(limits_paranoid() ? whole * 4 / 3 : whole));
}

#endif
