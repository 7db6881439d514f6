/* SPDX-License-Identifier: MIT */
/* Direct jumps between blocks of a page. */
#ifndef CPU_JIT_LINK_H
#define CPU_JIT_LINK_H

#include "cpu/jit/impl.h"

/*
 * Lets the exit `from`, by which code was left, lead to a block with code, unless that is not where
 * it leads, or its own block was dropped meanwhile.
 */
void jit_link(struct jit *jit, u32 from, const struct block *to);

/*
 * The code with this number is dropped: no exit leads to it any more, its entry, to which tables of
 * jumps may lead, is a way out, and it leads nowhere. Returns how many exits were visited for that:
 * its own, and those that led there.
 */
u64 jit_unlink(struct jit *jit, u32 n);

#endif
