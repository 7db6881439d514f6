/* SPDX-License-Identifier: MIT */
/*
 * Choices of elements, by mask registers or without AVX-512 by vectors, and what else AVX2 has no
 * instruction for (vector_avx2.c).
 */
#ifndef CPU_JIT_EMIT_VECTOR_AVX2_H
#define CPU_JIT_EMIT_VECTOR_AVX2_H

#include "cpu/jit/emit/vector_row.h"

/* Has ones in the elements of a part that are active; their bits for a row that writes bits. */
enum { CHOSEN = XMM1 };

/* Returns which register has the active elements of a part. */
static inline unsigned gen_chosen(const struct lanes *lanes)
{
	return lanes->wide ? K1 : CHOSEN;
}

/*
 * Makes elements of `to`, a vector of the host, those of `from` where a mask register, or without
 * AVX-512 a vector, says so.
 */
void gen_merge(struct gen *gen, const struct lanes *lanes, struct x86_arg to, struct x86_arg from,
	       unsigned mask);

/*
 * Makes a vector of the host ones in the elements of which RAX has the bit, from its lowest one on,
 * and zeros in the others. Changes RCX.
 */
void gen_choose_bits(struct gen *gen, const struct lanes *lanes, unsigned reg);

/*
 * Makes CHOSEN the active elements of a part that begins with the `first` of at most 64, and leaves
 * the bits of those, and of all behind them, in RAX. Changes RCX.
 */
void gen_choose_active(struct gen *gen, const struct lanes *lanes, bool masked, unsigned first);

/*
 * Makes RDX the bits of a comparison of a part; the predicate is AVX-512's, in emit.def. Changes
 * RAX and scratch vectors 0, 2, 3 and 4.
 */
void gen_compare_part(struct gen *gen, const struct row *row, unsigned at);

/* Puts the low halves of the elements of a scratch vector behind each other, at its start. */
void gen_halve(struct gen *gen, const struct lanes *lanes, unsigned n);

/* Makes all 16 bytes of a scratch vector those of RAX and RCX. */
void gen_repeat(struct gen *gen, const struct lanes *lanes, unsigned n);

/*
 * Reverses the bits of the bytes of a vector of the host; two scratch vectors, which are prepared
 * before, are needed for it. Without GFNI it changes XMM0, and the host has no AVX-512.
 */
void gen_prepare_bits_reversed(struct gen *gen, const struct lanes *lanes, unsigned n,
			       unsigned other);
void gen_reverse_bits(struct gen *gen, const struct lanes *lanes, struct x86_arg value, unsigned n,
		      unsigned other);

#endif
