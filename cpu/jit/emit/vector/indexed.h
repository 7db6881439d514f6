/* SPDX-License-Identifier: MIT */
/*
 * Indexed and strided vector loads and stores: their description, and the functions that their
 * emitters share (vector_indexed*.c). A span is a range of consecutive pages with one addend, which
 * the site of such an instruction remembers (probe.h).
 */
#ifndef CPU_JIT_EMIT_VECTOR_INDEXED_H
#define CPU_JIT_EMIT_VECTOR_INDEXED_H

#include "cpu/jit/emit/vector/row.h"

struct indexed {
	const struct insn *insn;
	struct lanes lanes; /* of the data */
	unsigned index_size; /* the binary logarithm of an index's size in bytes */
	bool strided, write;
};

/* Adds the span's addend to RAX, a guest address in the span, which makes it a host address. */
void gen_span_end(struct gen *gen, const struct indexed *indexed);

/* Gives the site a span that begins with the page of rs1. It changes RAX, RCX and RDX. */
void gen_indexed_span(struct gen *gen, const struct indexed *indexed);

/* Does what gen_begin_cold() does, for several jumps, which are taken if a span misses. */
struct x86 gen_span_missed(struct gen *gen, u8 *const *jumps, unsigned count);

/* Returns whether gen_find_by_view() may be called. */
bool gen_can_find_by_view(const struct indexed *indexed);

/*
 * Writes the target of the jumps, which is cold: another version of the hot code from the jumps up
 * to here. It looks up each element in the TLB view, so elements may be in any pages (AVX-512).
 */
void gen_find_by_view(struct gen *gen, const struct indexed *indexed, u8 *const *jumps,
		      unsigned count);

/*
 * Writes an access of all elements (indexed_all.c). Returns false, and writes nothing, if it
 * may be one of active elements only, or if there are too many or too few.
 */
bool gen_indexed_all(struct gen *gen, const struct indexed *indexed);

#endif
