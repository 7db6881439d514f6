/* SPDX-License-Identifier: MIT */
/*
 * The unrolled loop over the parts of a register group, for vector instructions that compute
 * elements (row.c). Code for active elements computes only the active ones.
 */
#ifndef CPU_JIT_EMIT_VECTOR_ROW_H
#define CPU_JIT_EMIT_VECTOR_ROW_H

#include "cpu/jit/emit/vector/operand.h"

/*
 * The emission of a vector instruction, a row of isa.def, that computes elements. In code for
 * active elements, the active ones of a part are selected by K1, or without AVX-512 by the vector
 * ACTIVE_VECTOR (select.h), which then has to be intact when `put` is called.
 *
 * `prepare` and `compute_part` may change RAX, RDX, K2, K3, the scratch vectors and, without
 * AVX-512, XMM0; RCX, too, unless `put` is gen_put_mask and there are several parts. What has to
 * survive from `prepare`, or from one part to the next, must not be in scratch vector 3, which
 * gen_put changes, nor, if `narrow` is 1, in 4, where the first of two halves waits for the second
 * one; nor in RAX, RCX and RDX.
 */
struct row {
	const struct insn *insn;
	const struct emitter *how;
	struct lanes lanes; /* of the operand with the widest elements */
	unsigned narrow; /* 1: elements of vd have half the width of those of `lanes`; or 0 */
	bool carries; /* v0 is an operand (a carry), not a mask */
	bool active_only; /* the code that is being written computes only the active elements */
	bool always_active_only; /* there is no code for all elements */
	bool refuses_vl_0; /* if vl is 0, the body is called */
	bool all_parts; /* no part may be skipped: the last one completes the result, as in a sum */
	u8 active_parts_most; /* AVX2: the most parts of code for active elements, or 0 */
	/*
	 * The result may be computed in the host vector that will hold it (held_vectors.h), which
	 * may still hold the old vd. True is correct only if `compute_part` reads no element of vs1
	 * and vs2, nor the old vd, after it has begun to write the result; false only costs a move.
	 */
	bool direct;
	/*
	 * Writes what all parts need, before them. If it is NULL, a scalar operand b is broadcast
	 * to scratch vector 1.
	 */
	void (*prepare)(struct gen *gen, const struct row *row);
	/* Writes the computation of the part at an offset, with the result in gen_result(). */
	void (*compute_part)(struct gen *gen, const struct row *row, unsigned at);
	/* Writes the store of that result to vd. If it is NULL, gen_put does. */
	void (*put)(struct gen *gen, const struct row *row, unsigned at);
	/*
	 * If it is not NULL, none of the three is called, and K1 and ACTIVE_VECTOR are not set:
	 * this function writes all parts. It stores nothing before its last check, because a body
	 * that is called executes the instruction from its beginning.
	 */
	void (*compute_all)(struct gen *gen, const struct row *row);
};

/*
 * Initialises a row of elements of 2^size bytes, at most 8; `size` -1 stands for SEW. Sets `insn`,
 * `how`, `lanes`, and `active_parts_most` to the greatest number; the others are 0. Returns false
 * if the body has to execute the instruction.
 */
bool gen_row_begin(struct gen *gen, const struct insn *insn, const struct emitter *how, int size,
		   struct row *row);

/*
 * Writes the code of the row: checks of vstart, of vl and of a scalar's NaN box, and all parts; and
 * in cold code, where both are needed, a version for the active elements. What else the emitter's
 * code depends on (an operation that the host has, frm) the caller tests. Returns false, and writes
 * nothing, if the body has to execute the instruction.
 */
bool gen_row(struct gen *gen, struct row *row);

/* Returns where a part is computed: scratch vector 0, or the vector that will hold it. */
struct x86_arg gen_result(struct gen *gen, const struct row *row, unsigned at);

/* Writes the store of a part's result to vd; in code for active elements, of the active ones. */
void gen_put(struct gen *gen, const struct row *row, unsigned at);

/*
 * Writes the store of a part of a mask: K2, or without AVX-512 RDX, has a bit for each element of
 * the part. In code for active elements without AVX-512, ACTIVE_VECTOR has bits, too; but for a
 * group of at most 64 elements it is not set, and RCX collects the bits of the parts, which are
 * stored after the last one. Changes RAX, RCX, RDX and K3.
 */
void gen_put_mask(struct gen *gen, const struct row *row, unsigned at);

/*
 * Does what gen_lanes does, but also for masked instructions, and for groups of less than 16 bytes,
 * which are computed as one vector of 16.
 */
bool gen_row_lanes(const struct gen *gen, const struct insn *insn, unsigned size,
		   struct lanes *lanes);

static inline enum jit_vector op_of(const struct row *row)
{
	return (enum jit_vector)row->how->mnemonic;
}

/* This is `prepare` of a row whose parts need nothing before them. */
static inline void prepare_nothing(struct gen *gen, const struct row *row)
{
	(void)gen;
	(void)row;
}

/* Returns how many elements a part has. */
static inline unsigned elements_of_part(const struct row *row)
{
	return row->lanes.width >> row->lanes.size;
}

/* Returns the lanes of vd, whose elements may be narrower. */
static inline struct lanes lanes_of_vd(const struct row *row)
{
	struct lanes d = row->lanes;

	d.size -= row->narrow;
	d.width = MAX(d.width >> row->narrow, 16u);
	return d;
}

#endif
