/* SPDX-License-Identifier: MIT */
/*
 * Runs two functions in turn, for profiles made of samples (test_profiled.py): the first does three
 * times the work of the second, and both are loops without calls.
 */
#include "guest.h"

#define ROUNDS 6000

static __attribute__((noinline)) u64 busy(u64 value)
{
	for (unsigned n = 0; n < 60000; n++) {
		value = value * 5 + 1;
		asm volatile("" : "+r"(value));
	}
	return value;
}

static __attribute__((noinline)) u64 lazy(u64 value)
{
	for (unsigned n = 0; n < 20000; n++) {
		value = value * 3 + 1;
		asm volatile("" : "+r"(value));
	}
	return value;
}

void main(void)
{
	u64 value = 1;

	for (unsigned n = 0; n < ROUNDS; n++)
		value = lazy(busy(value));
	report(value != 0, "both functions have run");
}
