/* SPDX-License-Identifier: MIT */
/* The interface by which profiles get the names of code, which only the machine's symbols have. */
#ifndef CPU_TIMING_PROFILE_NAMES_H
#define CPU_TIMING_PROFILE_NAMES_H

#include "bus/base.h"
#include "cpu/timing/record.h"

struct place_names {
	/*
	 * Returns the address at which symbols name the code at pc in this mode, now: pc, or the
	 * physical address of that code. It is odd if no symbol names the code.
	 */
	u64 (*place)(void *ctx, enum timing_mode mode, u64 pc);
	/* Finds the range with one name around such an address. */
	void (*around)(void *ctx, u64 place, u64 *begin, u64 *end);
	void *ctx;
};

#endif
