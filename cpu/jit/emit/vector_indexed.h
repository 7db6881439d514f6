/* SPDX-License-Identifier: MIT */
/*
 * A description of accesses by indices, or with a stride, and the functions that their emitters
 * share (vector_indexed*.c).
 */
#ifndef CPU_JIT_EMIT_VECTOR_INDEXED_H
#define CPU_JIT_EMIT_VECTOR_INDEXED_H

#include "cpu/jit/emit/vector_row.h"

struct indexed {
	const struct insn *insn;
	struct lanes lanes; /* of the data */
	unsigned index_size; /* the logarithm of bytes */
	bool strided, write;
};

/* Makes RAX, an address in the span, the host's. */
void gen_span_end(struct gen *gen, const struct indexed *indexed);

/* Lets the site have the span that begins with the page of rs1; changes RAX, RCX and RDX. */
void gen_indexed_span(struct gen *gen, const struct indexed *indexed);

/* Continues writing in the cold half, where all the jumps lead, as gen_begin_cold() does. */
struct x86 gen_span_missed(struct gen *gen, u8 *const *jumps, unsigned count);

/* Returns whether gen_find_by_view() may be called. */
bool gen_can_find_by_view(const struct indexed *indexed);

/*
 * Writes, in the cold half where the jumps lead, an access to any pages, whose elements are found
 * by the TLB view (AVX-512): all that follows the jumps until here has another version there.
 */
void gen_find_by_view(struct gen *gen, const struct indexed *indexed, u8 *const *jumps,
		      unsigned count);

/* Writes one of all elements (vector_indexed_all.c); false: nothing is written. */
bool gen_indexed_all(struct gen *gen, const struct indexed *indexed);

#endif
