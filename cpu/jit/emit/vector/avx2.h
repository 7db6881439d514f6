/* SPDX-License-Identifier: MIT */
/* Operations for which AVX2 has no instruction (avx2.c). */
#ifndef CPU_JIT_EMIT_VECTOR_AVX2_H
#define CPU_JIT_EMIT_VECTOR_AVX2_H

#include "cpu/jit/emit/vector/select.h"

/*
 * Compares the operands of a part, and sets RDX to the results, a bit for each element. The
 * predicate is that of AVX-512, as in emit.def. It changes RAX and scratch vectors 0, 2, 3 and 4.
 */
void gen_compare_part(struct gen *gen, const struct row *row, unsigned at);

/*
 * Compares the operands of a part as floating-point numbers, with results in RDX, too; the
 * predicate is that of AVX. In code for active elements the others are compared as zeros, which
 * raises no flag; then the group must be one part.
 */
void gen_compare_floats_part(struct gen *gen, const struct row *row, unsigned at);

/* Sets all bits of scratch vector n. */
void gen_set_ones(struct gen *gen, const struct lanes *lanes, unsigned n);

/* Truncates the elements of scratch vector n to half their size, into the vector's low half. */
void gen_halve(struct gen *gen, const struct lanes *lanes, unsigned n);

/* Sets each 16 bytes of scratch vector n to RAX, in the lower 8 bytes, and RCX. */
void gen_repeat(struct gen *gen, const struct lanes *lanes, unsigned n);

/* The scratch vectors of a function of four bits: its table, and a mask of bytes' low bits. */
struct nibbles {
	unsigned table, low;
};

/* Sets them, for the table of sixteen bytes in RAX and RCX; changes RAX. */
void gen_prepare_nibbles(struct gen *gen, const struct lanes *lanes, const struct nibbles *nibbles);

/*
 * Replaces each byte of `value` by the function of its low four bits, and sets `high` to that of
 * the high ones.
 */
void gen_look_up_nibbles(struct gen *gen, const struct lanes *lanes, struct x86_arg value,
			 struct x86_arg high, const struct nibbles *nibbles);

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
