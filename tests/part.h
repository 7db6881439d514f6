/* SPDX-License-Identifier: MIT */
/*
 * How much of a random test a build does. Release builds do all of it. Builds with another compiler
 * or with sanitizers, in which the same programs would find the same errors, do a part (tests/run):
 * CMake's BAYA_TEST_PART sets TEST_PART, the number by which the whole is divided.
 */
#ifndef TESTS_PART_H
#define TESTS_PART_H

#include <stdbool.h>

#ifndef TEST_PART
#define TEST_PART 1
#endif

/* Returns how many of `whole` repetitions are done: at least one. */
static inline unsigned part_of(unsigned whole)
{
	return whole > TEST_PART ? whole / TEST_PART : 1;
}

/*
 * Returns whether a row of isa.def (`op`) has its nth case. A build that does a part tests one of
 * four cases of each row.
 */
static inline bool part_has_case(unsigned op, unsigned n)
{
	return TEST_PART == 1 || op % 4 == n % 4;
}

/* Returns whether a row is tested with a VLEN, which is one of four from 128 to 1024 bits. */
static inline bool part_has_row(unsigned op, unsigned vlen)
{
	return part_has_case(op, (unsigned)__builtin_ctz(vlen / 128));
}

#endif
