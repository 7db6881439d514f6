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

/* Writes one without AVX-512; false: it is the body's. */
bool gen_indexed_avx2(struct gen *gen, const struct indexed *indexed);

#endif
