/* SPDX-License-Identifier: MIT */
/*
 * A description of segment loads and stores, and the functions that their emitters share
 * (vector_segment*.c).
 */
#ifndef CPU_JIT_EMIT_VECTOR_SEGMENT_H
#define CPU_JIT_EMIT_VECTOR_SEGMENT_H

#include "cpu/jit/emit/vector.h"

struct segments {
	unsigned fields;
	unsigned word, size; /* logarithms of bytes: a segment's word, an element */
	unsigned width; /* of a vector of the host */
	unsigned pieces; /* how many of them the words are */
	unsigned segment; /* bytes of a segment in memory */
	unsigned first; /* the first vector of the host that may be changed */
	s64 reg, group; /* where the first field's registers are, and the bytes to the next ones */
	bool some, masked; /* elements of K1 only, or those below vl, and of v0 */
};

static inline unsigned segments_words(const struct segments *segments)
{
	return segments->width >> segments->word;
}

/* Returns whether there is room behind each segment when words are loaded. */
static inline bool segments_are_spread(const struct segments *segments)
{
	return segments->segment < 1u << segments->word;
}

/* Returns whether gen_load_segments_avx2 loads such segments. */
bool segments_fit_avx2(const struct segments *segments, const struct lanes *lanes);

/* Loads them from the host's address in RDX, without AVX-512. */
void gen_load_segments_avx2(struct gen *gen, const struct segments *segments);

/* Stores words of a piece, which are in a vector of the host, so. */
void gen_store_words_avx2(struct gen *gen, const struct segments *segments, unsigned piece,
			  struct x86_arg words);

/*
 * Loads or stores segments of two fields or more, of which the elements of one lie so. Returns
 * false if the instruction is the body's.
 */
bool gen_segments(struct gen *gen, const struct insn *insn, const struct lanes *lanes, bool write);

/* Returns how many bytes they have, and what is loaded with them; 0: it is the body's. */
unsigned gen_segments_bytes(const struct gen *gen, const struct insn *insn,
			    const struct lanes *lanes);

#endif
