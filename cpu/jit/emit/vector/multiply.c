/* SPDX-License-Identifier: MIT */
/*
 * Emitters of products of integers for which the host has no instruction: those of bytes, and the
 * high halves of products of words. The host multiplies elements of twice the width, even and odd
 * ones in turn.
 */
#include "cpu/jit/emit/vector/row.h"

enum { RESULT, SECOND, ODD, OTHER = 4 }; /* scratch vectors */

/* Returns the lanes of elements of twice the width. */
static struct lanes twice(const struct lanes *lanes)
{
	struct lanes wide = *lanes;

	wide.size++;
	return wide;
}

/* Loads both operands into host vectors, because they are read twice. */
static void load_both(struct gen *gen, const struct row *row, unsigned at, struct x86_arg *a,
		      struct x86_arg *b)
{
	*a = load_part(gen, &row->lanes, ODD, row->insn->rs2, at);
	*b = scratch(&row->lanes, SECOND);
	if (kind_of_b(row->insn) == OPERAND_V)
		*b = load_part(gen, &row->lanes, OTHER, row->insn->rs1, at);
}

/* The high halves of the odd products are in their places already. */
static void high_part(struct gen *gen, const struct row *row, unsigned at)
{
	const enum jit_vector op = row->how->mnemonic == JIT_V_MULH ? JIT_V_MUL_WIDE :
								      JIT_V_MUL_WIDE_U;
	const struct lanes *lanes = &row->lanes, wide = twice(lanes);
	const struct x86_arg r = scratch(lanes, RESULT), odd = scratch(lanes, ODD),
			     other = scratch(lanes, OTHER);
	const struct x86_arg width = x86_imm(8 << lanes->size);
	struct x86_arg a, b;

	load_both(gen, row, at, &a, &b);
	OP(gen, lanes, op, r, a, b);
	OP(gen, &wide, JIT_V_SRLI, r, r, width);
	OP(gen, &wide, JIT_V_SRLI, odd, a, width);
	OP(gen, &wide, JIT_V_SRLI, other, b, width);
	OP(gen, lanes, op, odd, odd, other);
	OP(gen, &wide, JIT_V_SRLI, odd, odd, width);
	OP(gen, &wide, JIT_V_SLLI, odd, odd, width);
	OP(gen, lanes, JIT_V_OR, r, r, odd);
}

/* Emits the high halves of products, signed or unsigned. */
bool jit_v_mul_high(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row))
		return false;
	if (row.lanes.size != 2)
		return jit_v_op(gen, insn, how);
	row.compute_part = high_part;
	return gen_row(gen, &row);
}

static void bytes_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes, wide = twice(lanes);
	const struct x86_arg r = scratch(lanes, RESULT), odd = scratch(lanes, ODD),
			     other = scratch(lanes, OTHER), width = x86_imm(8);
	struct x86_arg a, b;

	load_both(gen, row, at, &a, &b);
	OP(gen, &wide, JIT_V_MUL, r, a, b);
	OP(gen, &wide, JIT_V_SLLI, r, r, width);
	OP(gen, &wide, JIT_V_SRLI, r, r, width);
	OP(gen, &wide, JIT_V_SRLI, odd, a, width);
	OP(gen, &wide, JIT_V_SRLI, other, b, width);
	OP(gen, &wide, JIT_V_MUL, odd, odd, other);
	OP(gen, &wide, JIT_V_SLLI, odd, odd, width);
	OP(gen, lanes, JIT_V_OR, r, r, odd);
}

/* Emits the low halves of products. */
bool jit_v_mul(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row))
		return false;
	if (row.lanes.size)
		return jit_v_op(gen, insn, how);
	row.compute_part = bytes_part;
	return gen_row(gen, &row);
}
