/* SPDX-License-Identifier: MIT */
/*
 * The selection of elements, by mask registers or, without AVX-512, by vectors of all ones and
 * zeros (select.c).
 */
#ifndef CPU_JIT_EMIT_VECTOR_SELECT_H
#define CPU_JIT_EMIT_VECTOR_SELECT_H

#include "cpu/jit/emit/vector/row.h"

/*
 * Without AVX-512, the vector that selects the active elements of a part: they are all ones, the
 * others zero. For a row whose result is a mask it has, in its low 64 bits, one bit for each
 * element instead.
 */
enum { ACTIVE_VECTOR = XMM1 };

/*
 * Sets RAX to a mask of the active elements, at most 64: those below vl and, if `masked`, in v0.
 * Changes RCX. The host must have BMI2.
 */
void gen_active_bits(struct gen *gen, bool masked);

/* Loads the bits of v0 for a part into a mask register, or without AVX-512 into RAX. */
void gen_carry(struct gen *gen, const struct row *row, unsigned mask, unsigned at);

/*
 * Sets K1, or without AVX-512 ACTIVE_VECTOR, to the active elements of a part. To be called for the
 * parts in their order, once for each: with AVX-512, K1 has the bits of all later parts of a group
 * of at most 64 elements, and must not be changed between two calls. Changes RAX and RCX, and for
 * more than 64 elements RDX.
 */
void gen_active_mask(struct gen *gen, const struct row *row, unsigned at);

/* Returns the register that selects the active elements of a part. */
static inline unsigned active_register(const struct lanes *lanes)
{
	return lanes->avx512 ? K1 : ACTIVE_VECTOR;
}

/*
 * Returns the operand `result`, in code for active elements with the mask K1, so that an
 * instruction changes only active elements and raises flags only for these. Without AVX-512 the
 * mask has no effect (x86_masked).
 */
static inline struct x86_arg masked_by_active(const struct row *row, struct x86_arg result)
{
	return row->active_only ? x86_masked(result, K1) : result;
}

/*
 * Writes a move of elements from one host vector to another: those that the mask register `mask`,
 * or without AVX-512 the vector `mask`, selects.
 */
void gen_merge(struct gen *gen, const struct lanes *lanes, struct x86_arg to, struct x86_arg from,
	       unsigned mask);

/*
 * Sets element n of a host vector to all ones if bit n of RAX is set, and to zero otherwise. It
 * changes RCX.
 */
void gen_expand_bits(struct gen *gen, const struct lanes *lanes, unsigned reg);

/*
 * Makes ACTIVE_VECTOR select the active elements of a part. The part begins with element `first` of
 * a group, which has at most 64. Leaves a bit for each active element from `first` on in RAX,
 * beyond the end of the part, too. It changes RCX.
 */
void gen_active_vector(struct gen *gen, const struct lanes *lanes, bool masked, unsigned first);

#endif
