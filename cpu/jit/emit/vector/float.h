/* SPDX-License-Identifier: MIT */
/* Functions that the emitters of floating-point vector instructions share (float.c, convert.c). */
#ifndef CPU_JIT_EMIT_VECTOR_FLOAT_H
#define CPU_JIT_EMIT_VECTOR_FLOAT_H

#include "cpu/jit/emit/vector/select.h"

/*
 * These are the scratch vectors of a row. A row with `compute_all` has the results of all parts in
 * the first ones, so that SECOND, OTHER and OTHER_SECOND are free only if there are not more than
 * FLOAT_PARTS_MOST. Other rows have one result, in RESULT, and gen_put changes the vectors 3 and 4.
 */
enum { RESULT = 0, SECOND = 5, OTHER, OTHER_SECOND, NAN_CANONICAL };

/*
 * Predicates of comparisons (Intel 64 manual, volume 2, "CMPPD"). They raise no flag for a quiet
 * NaN, and the invalid flag for a signaling one.
 */
enum { UNORDERED = 3, ORDERED = 7, LESS_QUIET = 0x11, NOT_LESS_QUIET = 0x15 };

/*
 * Begins a row of floating point, as gen_row_begin does. Returns false if the host does not have
 * the operation, or if the body is needed because frm is not 0.
 */
bool gen_floats_begin(struct gen *gen, const struct insn *insn, const struct emitter *how, int size,
		      struct row *row);

/* Does what gen_row does, and makes FS Dirty, whether flags are raised or not. */
bool gen_floats(struct gen *gen, struct row *row);

/*
 * Begin and end the computation of a part of a row that checks all results for NaNs before it
 * stores one (gen_store_numbers). The results are in the first scratch vectors, of which code for
 * active elements uses at most FLOAT_PARTS_MOST; the other elements in them are those of vd.
 */
#define FLOAT_PARTS_MOST 4
void gen_float_part(struct gen *gen, const struct row *row, unsigned at);
void gen_float_part_end(struct gen *gen, const struct row *row, unsigned at);
void gen_store_numbers(struct gen *gen, const struct row *row);

/* Returns the vector in which such a part is computed; only active elements are, with AVX-512. */
static inline struct x86_arg result_of(const struct row *row, unsigned at)
{
	return masked_by_active(row, scratch(&row->lanes, at / row->lanes.width));
}

/*
 * Returns an operand whose inactive elements raise no flag. Without AVX-512, in code for active
 * elements, it is a copy in scratch vector n, where these are zeros; otherwise it is `value`.
 */
struct x86_arg gen_zero_inactive(struct gen *gen, const struct row *row, unsigned n,
				 struct x86_arg value);

/*
 * Writes a check that calls the body if one of the `count` results has a NaN; none of them may have
 * been written to vd yet. It changes K1 and K2, or without AVX-512 XMM0 and XMM1.
 */
void gen_refuse_nans(struct gen *gen, const struct lanes *lanes, const struct x86_arg *result,
		     unsigned count);

/* Sets NAN_CANONICAL to canonical NaNs; changes RAX. */
void gen_prepare_nan(struct gen *gen, const struct lanes *lanes);

/*
 * Replaces each NaN in RESULT, whose elements are those of `lanes`, by NAN_CANONICAL. With AVX-512
 * only active elements are replaced; K2, or without AVX-512 OTHER, selects those that were.
 */
void gen_make_canonical(struct gen *gen, const struct row *row, const struct lanes *lanes);

#endif
