/* SPDX-License-Identifier: MIT */
/*
 * Segment loads and stores: their description, and the functions that their emitters share
 * (segment*.c). A segment has one element of each field. It is loaded into a word, whose
 * size is the next power of two bytes. A piece is the words that one vector of the host contains.
 */
#ifndef CPU_JIT_EMIT_VECTOR_SEGMENT_H
#define CPU_JIT_EMIT_VECTOR_SEGMENT_H

#include "cpu/jit/emit/vector/vector.h"

struct segments {
	unsigned fields; /* the number of fields of a segment */
	unsigned word, size; /* binary logarithms of the sizes in bytes of a word and an element */
	unsigned width; /* the size of a vector of the host, in bytes */
	unsigned pieces; /* the number of pieces of all words */
	unsigned segment; /* the size of a segment in memory, in bytes */
	unsigned first_scratch; /* the first scratch vector of the host */
	s64 reg, group; /* the place of field 0, as an offset from ENV; bytes to the next field */
	/* Only active segments are moved (with AVX-512: those of K1); v0 masks segments. */
	bool active_only, masked;
};

/* Returns the number of words of a piece. */
static inline unsigned segments_words(const struct segments *segments)
{
	return segments->width >> segments->word;
}

/* Returns whether a word is larger than a segment, so that a load has to spread the segments. */
static inline bool segments_are_spread(const struct segments *segments)
{
	return segments->segment < 1u << segments->word;
}

/* Returns whether gen_load_segments_avx2 loads such segments. */
bool segments_fit_avx2(const struct segments *segments, const struct lanes *lanes);

/* Loads segments from the host address in RDX, without AVX-512. */
void gen_load_segments_avx2(struct gen *gen, const struct segments *segments);

/* Stores the words of a piece to the segments at the host address in RDX, without AVX-512. */
void gen_store_words_avx2(struct gen *gen, const struct segments *segments, unsigned piece,
			  struct x86_arg words);

/*
 * Writes a load or store of segments element by element (segment_elements.c). Returns false, and
 * writes nothing, if there are too many elements, or if some may be masked off.
 */
bool gen_segment_elements(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			  bool write);

/* Returns how many bytes such an access has; 0 if there is none. */
unsigned gen_segment_elements_bytes(const struct insn *insn, const struct lanes *lanes);

/*
 * Emits a load or store of segments with two or more fields, each of which is a group with these
 * `lanes`. Returns false if the body is needed.
 */
bool gen_segments(struct gen *gen, const struct insn *insn, const struct lanes *lanes, bool write);

/*
 * Returns how many bytes such an instruction accesses, with those that are loaded after the last
 * segment; 0 if the body is needed.
 */
unsigned gen_segments_bytes(const struct gen *gen, const struct insn *insn,
			    const struct lanes *lanes, bool write);

#endif
