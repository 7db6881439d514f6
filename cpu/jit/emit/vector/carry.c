/* SPDX-License-Identifier: MIT */
/*
 * Emitters of sums with a carry and differences with a borrow, which is v0, and of their carries
 * and borrows. They need the mask registers of AVX-512.
 */
#include "cpu/jit/emit/vector/avx2.h"

/* Scratch vectors: the sum or the difference, operand b, operand a, and -1. */
enum { RESULT, B, A, MINUS_1 = 5 };

static void prepare_carry(struct gen *gen, const struct row *row)
{
	gen_broadcast_b(gen, row->insn, &row->lanes, B);
	gen_set_ones(gen, &row->lanes, MINUS_1);
}

/* Adds v0 to the sum of a and b, or subtracts it from their difference. */
static void add_part(struct gen *gen, const struct row *row, unsigned at)
{
	const bool subtracts = row->how->flag;
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg r = scratch(lanes, RESULT);

	gen_carry(gen, row, K2, at);
	OP(gen, lanes, subtracts ? JIT_V_SUB : JIT_V_ADD, r,
	   load_part(gen, lanes, A, row->insn->rs2, at), operand_b(gen, row->insn, lanes, B, at));
	OP(gen, lanes, subtracts ? JIT_V_ADD : JIT_V_SUB, x86_masked(r, K2), r,
	   scratch(lanes, MINUS_1));
}

/* Adds those elements to K2 that have a carry in v0 and in which a and b are equal. */
static void add_equal(struct gen *gen, const struct row *row, unsigned at, struct x86_arg a,
		      struct x86_arg b)
{
	const struct x86_arg out = x86_reg(8, K2), equal = x86_reg(8, K3);

	if (!row->carries)
		return;
	gen_carry(gen, row, K3, at);
	OP(gen, &row->lanes, JIT_V_CMPU, x86_masked(equal, K3), a, b, x86_imm(EQUAL));
	X86(&gen->x, KORQ, out, out, equal);
}

/*
 * Sets K2 to the carries of sums. There is one if the sum of a and b is less than a, or if a carry
 * is added to a sum of all ones.
 */
static void carry_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct x86_arg out = x86_reg(8, K2), r = scratch(&row->lanes, RESULT);
	const struct x86_arg a = load_part(gen, &row->lanes, A, row->insn->rs2, at);

	OP(gen, &row->lanes, JIT_V_ADD, r, a, operand_b(gen, row->insn, &row->lanes, B, at));
	OP(gen, &row->lanes, JIT_V_CMPU, out, r, a, x86_imm(LESS));
	add_equal(gen, row, at, r, scratch(&row->lanes, MINUS_1));
}

/*
 * Sets K2 to the borrows of differences. There is one if a is less than b, or if they are equal and
 * a borrow is subtracted.
 */
static void borrow_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct x86_arg out = x86_reg(8, K2);
	const struct x86_arg a = load_part(gen, &row->lanes, A, row->insn->rs2, at);
	const struct x86_arg b = operand_b(gen, row->insn, &row->lanes, B, at);

	OP(gen, &row->lanes, JIT_V_CMPU, out, a, b, x86_imm(LESS));
	add_equal(gen, row, at, a, b);
}

bool jit_v_carry(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row) || !row.lanes.avx512)
		return false;
	row.carries = vector_is_masked(insn->raw);
	row.prepare = prepare_carry;
	row.compute_part = add_part;
	if (how->size == JIT_V_CARRY_OUT) {
		row.compute_part = how->flag ? borrow_part : carry_part;
		row.put = gen_put_mask;
		/* A part with fewer than eight results is less than a byte of vd. */
		row.always_active_only = row.lanes.width >> row.lanes.size < 8;
	}
	return gen_row(gen, &row);
}
