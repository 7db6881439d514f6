/* SPDX-License-Identifier: MIT */
/* Direct jumps between blocks of a page. */
#ifndef CPU_JIT_LINK_H
#define CPU_JIT_LINK_H

#include "cpu/jit/impl.h"

/*
 * Links the exit `from`, by which code was left, to a block with code, unless the exit does not
 * lead there, or its own block was dropped meanwhile.
 */
void jit_link(struct jit *jit, u32 from, const struct block *to);

/*
 * To be called when the code with this number is dropped: no exit leads to it any more, its entry,
 * which tables of jumps may still have, becomes a way out, and its own exits are unlinked. Returns
 * how many exits were visited: its own, and those that led to it.
 */
u64 jit_unlink(struct jit *jit, u32 n);

#endif
