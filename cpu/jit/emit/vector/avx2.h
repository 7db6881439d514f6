/* SPDX-License-Identifier: MIT */
/*
 * The selection of elements, by mask registers or, without AVX-512, by vectors of all ones and
 * zeros; and other operations for which AVX2 has no instruction (avx2.c).
 */
#ifndef CPU_JIT_EMIT_VECTOR_AVX2_H
#define CPU_JIT_EMIT_VECTOR_AVX2_H

#include "cpu/jit/emit/vector/row.h"

/*
 * Without AVX-512, the vector that selects the active elements of a part: they are all ones, the
 * others zero. For a row whose result is a mask it has one bit for each element instead.
 */
enum { CHOSEN = XMM1 };

/* Sets K1, or without AVX-512 CHOSEN, to the active elements of a part. */
void gen_choose(struct gen *gen, const struct row *row, unsigned at);

/* Returns the register that selects the active elements of a part. */
static inline unsigned gen_chosen(const struct lanes *lanes)
{
	return lanes->wide ? K1 : CHOSEN;
}

/* Returns a result such that only its active elements are computed, in code for some of them. */
static inline struct x86_arg active_of(const struct row *row, struct x86_arg result)
{
	return row->some ? x86_masked(result, K1) : result;
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
void gen_choose_bits(struct gen *gen, const struct lanes *lanes, unsigned reg);

/*
 * Makes CHOSEN select the active elements of a part. The part begins with element `first` of a
 * group, which has at most 64. Leaves a bit for each active element from `first` on in RAX, beyond
 * the end of the part, too. It changes RCX.
 */
void gen_choose_active(struct gen *gen, const struct lanes *lanes, bool masked, unsigned first);

/*
 * Compares the operands of a part, and sets RDX to the results, a bit for each element. The
 * predicate is that of AVX-512, as in emit.def. It changes RAX and scratch vectors 0, 2, 3 and 4.
 */
void gen_compare_part(struct gen *gen, const struct row *row, unsigned at);

/*
 * Does the same for floating-point numbers; the predicate is that of AVX. In code for some elements
 * the others are compared as zeros, which raises no flag; then the group must be one part.
 */
void gen_compare_floats_part(struct gen *gen, const struct row *row, unsigned at);

/* Sets all bits of scratch vector n. */
void gen_set_ones(struct gen *gen, const struct lanes *lanes, unsigned n);

/* Truncates the elements of scratch vector n to half their size, into the vector's low half. */
void gen_halve(struct gen *gen, const struct lanes *lanes, unsigned n);

/* Sets each 16 bytes of scratch vector n to RAX, in the lower 8 bytes, and RCX. */
void gen_repeat(struct gen *gen, const struct lanes *lanes, unsigned n);

/*
 * Reverses the bits in each byte of a host vector. The constants that are needed for it are in two
 * scratch vectors, `n` and `other`, which the first function sets. Without GFNI the second function
 * changes XMM0, and the host must not have AVX-512.
 */
void gen_prepare_bits_reversed(struct gen *gen, const struct lanes *lanes, unsigned n,
			       unsigned other);
void gen_reverse_bits(struct gen *gen, const struct lanes *lanes, struct x86_arg value, unsigned n,
		      unsigned other);

#endif
