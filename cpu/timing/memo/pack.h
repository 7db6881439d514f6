/* SPDX-License-Identifier: MIT */
/* Packs words that are mostly 0. */
#ifndef CPU_TIMING_MEMO_PACK_H
#define CPU_TIMING_MEMO_PACK_H

#include "bus/base.h"

/* Returns the most bytes that `words` words take. */
static inline size_t pack_most(size_t words)
{
	return 9 * words + 16;
}

/* Packs `count` words. Returns the end of the output. */
u8 *pack_words(u8 *out, const void *words, size_t count);

/* Unpacks the bytes from `in` to `end`. The words must be 0 before. */
void pack_read(const u8 *in, const u8 *end, void *words);

#endif
