/* SPDX-License-Identifier: MIT */
/* Direct jumps between blocks of a page. */
#ifndef CPU_JIT_LINK_H
#define CPU_JIT_LINK_H

#include "cpu/jit/impl.h"

/*
 * Links the exit with the number `from`, by which native code was left, to a block with code. Does
 * nothing if the exit's target is not the block, or if the exit's own block was dropped meanwhile.
 */
void jit_link(struct jit *jit, u32 from, const struct block *to);

/*
 * Unlinks the code with the number n, which is being dropped: the exits that lead to it, and its
 * own exits. Its entry becomes a jump out of native code, because tables of jumps may still have
 * its address. Returns how many exits were visited.
 */
u64 jit_unlink(struct jit *jit, u32 n);

#endif
