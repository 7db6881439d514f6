/* SPDX-License-Identifier: MIT */
/* Packing words that are mostly 0. */
#ifndef CPU_TIMING_MEMO_PACK_H
#define CPU_TIMING_MEMO_PACK_H

#include "bus/base.h"

/* Returns how many bytes so many words may take. */
static inline size_t pack_most(size_t words)
{
	return 9 * words + 16;
}

/* Pack so many words. Return the end of what was written. */
u8 *pack_words(u8 *out, const void *words, size_t count);

/* Make words again of what lies between two places; all of them are 0 before. */
void pack_read(const u8 *in, const u8 *end, void *words);

#endif
