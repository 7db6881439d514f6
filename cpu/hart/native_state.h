/* SPDX-License-Identifier: MIT */
/* The part of a hart that belongs to the native tier (cpu/jit); none of it is state. */
#ifndef CPU_HART_NATIVE_STATE_H
#define CPU_HART_NATIVE_STATE_H

#include "bus/base.h"

struct jit;

/* At most so many groups of accesses in a block have a check for all of them. */
#define NATIVE_GROUPS 8

struct native {
	struct jit *jit; /* NULL: there is no native tier */
	u64 page; /* the virtual page of the native code that runs */
	/*
	 * By groups of accesses of the block that runs: what is to be added to their addresses for
	 * the host's. 0: their page is not known, as after each call of C.
	 */
	u64 group[NATIVE_GROUPS];
	u32 exit; /* the number of the exit by which it was left; 0: none */
	/*
	 * While the host holds pinned f registers, and their places in the hart are out of date:
	 * the block_key with which they were loaded; else 0.
	 */
	u8 fp;
	bool hot; /* threaded code was left because the next block is to be translated */
};

#endif
