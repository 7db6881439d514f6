/* SPDX-License-Identifier: MIT */
/*
 * The unrolled loop over the parts of a register group, for vector instructions that compute
 * elements (row.c).
 */
#ifndef CPU_JIT_EMIT_VECTOR_ROW_H
#define CPU_JIT_EMIT_VECTOR_ROW_H

#include "cpu/jit/emit/vector/operand.h"

/*
 * The emission of a vector instruction, a row of isa.def, that computes elements. In code for only
 * some elements, the active ones of a part are selected by K1, or without AVX-512 by the vector
 * CHOSEN (select.h), which has just a bit for each if the result is a mask. The functions may
 * change K2, K3, scratch vectors 0 to 2, and without AVX-512 XMM0.
 */
struct row {
	const struct insn *insn;
	const struct emitter *how;
	struct lanes lanes; /* of the operand with the widest elements */
	unsigned narrow; /* elements of vd are 2^narrow times smaller */
	bool carries; /* v0 is an operand (a carry), not a mask */
	bool some; /* the code that is being written computes only the active elements */
	bool never_all; /* there is no code for all elements */
	bool refuses_vl_0; /* if vl is 0, the body is called */
	bool all_parts; /* no part may be skipped: the last one completes the result, as in a sum */
	u8 some_most; /* without AVX-512: the most parts of code for only some elements */
	bool direct; /* a part may be computed in the vector that will hold it (held.h) */
	/* Writes what all parts need, before them; NULL: gen_spread to scratch vector 1. */
	void (*prepare)(struct gen *gen, const struct row *row);
	/* Writes the computation of the part at an offset, with the result in gen_result(). */
	void (*part)(struct gen *gen, const struct row *row, unsigned at);
	/* Writes the store of that result to vd; NULL: gen_put. */
	void (*put)(struct gen *gen, const struct row *row, unsigned at);
	/* If not NULL, writes all parts instead, and calls the body only before it stores one. */
	void (*whole)(struct gen *gen, const struct row *row);
};

/* Initialises a row of elements of 2^size bytes (-1: SEW). Returns false if the body is needed. */
bool gen_row_begin(struct gen *gen, const struct insn *insn, const struct emitter *how, int size,
		   struct row *row);

/* Writes the code of the row. Returns false if the body is needed; nothing is written then. */
bool gen_row(struct gen *gen, struct row *row);

/* Returns where a part is computed: scratch vector 0, or the vector that will hold it. */
struct x86_arg gen_result(struct gen *gen, const struct row *row, unsigned at);

/* Writes the store of a part's result to vd; in code for some elements only of the active ones. */
void gen_put(struct gen *gen, const struct row *row, unsigned at);

/* Does the same for a mask: K2, or without AVX-512 RDX, has a bit for each element of the part. */
void gen_put_mask(struct gen *gen, const struct row *row, unsigned at);

/* Does what gen_lanes does, for a row that may be masked or have a vl below VLMAX. */
bool gen_row_lanes(const struct gen *gen, const struct insn *insn, unsigned size,
		   struct lanes *lanes);

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
