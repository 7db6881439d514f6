/* SPDX-License-Identifier: MIT */
/*
 * Functions that emitters share which move elements to other places (vector_permute*.c,
 * vector_scalar.c).
 */
#ifndef CPU_JIT_EMIT_VECTOR_PERMUTE_H
#define CPU_JIT_EMIT_VECTOR_PERMUTE_H

#include "cpu/jit/emit/vector_row.h"

/* Makes elements of a scratch vector their numbers, from `first` on; changes RDX. */
void gen_number(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned first);

/* Leaves the offset of a slide in RAX; VLMAX stands for all above. Changes RDX. */
void gen_read_offset(struct gen *gen, const struct row *row);

/* Returns element 0 of a register: in a vector of the host that holds it, or in memory. */
struct x86_arg gen_first(struct gen *gen, const struct insn *insn, unsigned size, unsigned reg);

/* Write the row of a slide or a gather without AVX-512; false: it is the body's. */
bool gen_slide_avx2(struct gen *gen, struct row *row);
bool gen_gather_avx2(struct gen *gen, struct row *row);

#endif
