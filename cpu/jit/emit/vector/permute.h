/* SPDX-License-Identifier: MIT */
/*
 * The functions that emitters of permutations and moves share (permute*.c, scalar.c).
 */
#ifndef CPU_JIT_EMIT_VECTOR_PERMUTE_H
#define CPU_JIT_EMIT_VECTOR_PERMUTE_H

#include "cpu/jit/emit/vector/row.h"

/* Sets the elements of scratch vector n to first, first + 1, and so on; changes RDX. */
void gen_number(struct gen *gen, const struct lanes *lanes, unsigned n, unsigned first);

/* Leaves the offset of a slide in RAX, but at most VLMAX; changes RDX. */
void gen_read_offset(struct gen *gen, const struct row *row);

/* Loads the scalar of a slide by one, in an x or an f register, into RAX. */
void gen_read_scalar(struct gen *gen, const struct insn *insn);

/* Returns the operand for reading element 0: in the host vector that holds it, or in memory. */
struct x86_arg gen_first(struct gen *gen, const struct insn *insn, unsigned size, unsigned reg);

/* Write the row of a slide or a gather without AVX-512. Return false if the body is needed. */
bool gen_slide_avx2(struct gen *gen, struct row *row);
bool gen_gather_avx2(struct gen *gen, struct row *row);

#endif
