/* SPDX-License-Identifier: MIT */
/*
 * Which instructions a decoder has met, by their bits alone; what it made of them is in a table of
 * its own, of DECODED places. No state: it can be cleared at any time.
 */
#ifndef CPU_TIMING_DECODED_H
#define CPU_TIMING_DECODED_H

#include "cpu/isa/insn_bits.h"

#define DECODED_BITS 11
#define DECODED (1u << DECODED_BITS)

struct decoded {
	u32 bits[DECODED];
};

/* Not to zeros, which are an instruction's bits; those of ~n have another place than n. */
static inline void decoded_clear(struct decoded *decoded)
{
	for (unsigned n = 0; n < DECODED; n++)
		decoded->bits[n] = ~n;
}

/* The place of an instruction; `known`: it is there. Else it has to be decoded to there now. */
static inline unsigned decoded_find(struct decoded *decoded, u32 raw, bool *known)
{
	u32 key = insn_bits(raw);
	unsigned place = (key ^ key >> DECODED_BITS ^ key >> 20) % DECODED;

	*known = decoded->bits[place] == key;
	decoded->bits[place] = key;
	return place;
}

#endif
