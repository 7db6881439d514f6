/* SPDX-License-Identifier: MIT */
/*
 * A table that remembers, by their bits alone, the instructions that a decoder has decoded. The
 * decoder keeps the results in a table of its own, with DECODED entries. Neither is state of the
 * machine, and they can be cleared at any time.
 */
#ifndef CPU_TIMING_DECODED_H
#define CPU_TIMING_DECODED_H

#include "cpu/isa/insn_bits.h"

#define DECODED_BITS 13
#define DECODED (1u << DECODED_BITS)

struct decoded {
	u32 bits[DECODED];
};

/* No instruction has these bits: one of 16 bits has zeros above them (insn_bits). */
#define DECODED_NONE 0x10000

static inline void decoded_clear(struct decoded *decoded)
{
	for (unsigned n = 0; n < DECODED; n++)
		decoded->bits[n] = DECODED_NONE;
}

/*
 * Returns the entry of an instruction, and sets `known` if it was there. If it was not, the caller
 * has to decode it into that entry now.
 */
static inline unsigned decoded_find(struct decoded *decoded, u32 raw, bool *known)
{
	u32 key = insn_bits(raw);
	unsigned place = key * 0x9e3779b1u >> (32 - DECODED_BITS);

	*known = decoded->bits[place] == key;
	decoded->bits[place] = key;
	return place;
}

#endif
