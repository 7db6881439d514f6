/* SPDX-License-Identifier: MIT */
/* How profiles ask for the names of code, which only the machine's symbols have. */
#ifndef CPU_TIMING_PROFILE_NAMES_H
#define CPU_TIMING_PROFILE_NAMES_H

#include "bus/base.h"
#include "cpu/timing/record.h"

struct place_names {
	/*
	 * Returns the address at which symbols name the code at pc in this mode, now: pc, or that
	 * of its place in memory. It is odd where no symbol names the code.
	 */
	u64 (*place)(void *ctx, enum timing_mode mode, u64 pc);
	/* Finds the range around such an address that has one name. */
	void (*around)(void *ctx, u64 place, u64 *begin, u64 *end);
	void *ctx;
};

#endif
