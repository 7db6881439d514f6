/* SPDX-License-Identifier: MIT */
/* What is moved by the emitters of accesses by indices, or with a stride (vector_indexed*.c). */
#ifndef CPU_JIT_EMIT_VECTOR_INDEXED_H
#define CPU_JIT_EMIT_VECTOR_INDEXED_H

#include "cpu/jit/emit/vector_row.h"

struct indexed {
	const struct insn *insn;
	struct lanes lanes; /* of the data */
	unsigned index_size; /* the logarithm of bytes */
	bool strided, write;
};

/*
 * Leaves rs1 in RAX, and in RDX how far the last address of the site's span is behind it. The two
 * jumps are taken if rs1 is not in the span.
 */
void gen_span_begin(struct gen *gen, const struct indexed *indexed, u8 **jumps);

/* Makes RAX, an address in the span, the host's. */
void gen_span_end(struct gen *gen, const struct indexed *indexed);

/* Writes one without AVX-512; false: it is the body's. */
bool gen_indexed_avx2(struct gen *gen, const struct indexed *indexed);

#endif
