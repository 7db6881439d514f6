/* SPDX-License-Identifier: MIT */
/*
 * Emitters of conversions between floating point and integers and between two formats of floating
 * point, and of operations on halves or singles whose results are in the next wider format; for frm
 * = 0, where the forms .rtz round to zero. Widths of elements (struct row's lanes) are
 * those of the wider ones.
 */
#include "cpu/jit/emit/vector/float.h"

/* These are truth tables of JIT_V_TERNARY: the complement of the last operand, and zero. */
enum { COMPLEMENT = 0x55, ZERO = 0 };

enum { ZEROS = NAN_CANONICAL }; /* the scratch vector, in conversions to integers */

/* Returns the lanes of elements of half the width, of which a part fills half a host vector. */
static struct lanes half_of(const struct lanes *lanes)
{
	struct lanes half = *lanes;

	half.size--;
	half.width = MAX(lanes->width / 2, 16u);
	return half;
}

static struct x86_arg half_part(struct gen *gen, const struct row *row, unsigned reg, unsigned at)
{
	return gen_held(gen, row->lanes.width / 2, place_of(gen, reg, at / 2));
}

static struct lanes lanes_of_result(const struct row *row)
{
	return row->how->size & JIT_V_TO_HALF ? half_of(&row->lanes) : row->lanes;
}

static struct lanes lanes_of_source(const struct row *row)
{
	return row->how->size & JIT_V_TO_WIDE ? half_of(&row->lanes) : row->lanes;
}

/*
 * Sets SECOND to what the host returns for a number that is out of range or a NaN; and, to compare
 * with, ZEROS to zeros.
 */
static void prepare_integers(struct gen *gen, const struct row *row)
{
	const struct lanes result = lanes_of_result(row);
	const bool is_signed = !(row->how->size & JIT_V_TO_UNSIGNED);
	const struct x86_arg zero = scratch(&row->lanes, ZEROS);

	gen_broadcast_constant(gen, &result, SECOND, result.size,
			       is_signed ? 1ull << ((8u << result.size) - 1) : UINT64_MAX);
	X86(&gen->x, VPXORQ, zero, zero, zero);
}

/*
 * Replaces what the host returns for numbers out of range. For signed integers that is the least
 * one, but the guest's is the greatest one, except for numbers below zero. For unsigned integers
 * it is the greatest one, but the guest's is 0 for numbers below zero. A NaN counts as not below
 * zero, because the guest's result for it is the greatest integer.
 */
static void replace_out_of_range(struct gen *gen, const struct row *row, struct x86_arg from)
{
	const bool is_signed = !(row->how->size & JIT_V_TO_UNSIGNED);
	const struct lanes to = lanes_of_result(row), source = lanes_of_source(row);
	const struct x86_arg wrong = x86_reg(8, K2), r = scratch(&to, RESULT);

	OP(gen, &to, JIT_V_CMP, masked_by_active(row, wrong), r, scratch(&to, SECOND),
	   x86_imm(EQUAL));
	OP(gen, &source, JIT_V_FCMP, x86_masked(wrong, K2), from, scratch(&source, ZEROS),
	   x86_imm(is_signed ? NOT_LESS_QUIET : LESS_QUIET));
	OP(gen, &to, JIT_V_TERNARY, x86_masked(r, K2), r, r,
	   x86_imm(is_signed ? COMPLEMENT : ZERO));
}

static void prepare_convert(struct gen *gen, const struct row *row)
{
	const struct lanes result = lanes_of_result(row);

	if (!row->how->flag)
		prepare_integers(gen, row);
	else if (op_of(row) == JIT_V_FWIDEN || op_of(row) == JIT_V_FNARROW)
		gen_prepare_nan(gen, &result);
}

/*
 * Narrows numbers. The host does not compare halves, so if the result is a half, NaNs are found by
 * a comparison of the operand.
 */
static void narrow_numbers(struct gen *gen, const struct row *row, struct x86_arg from)
{
	const struct lanes to = half_of(&row->lanes);
	const struct x86_arg r = scratch(&to, RESULT), nan = x86_reg(8, K2);

	if (to.size != 1) {
		OP(gen, &row->lanes, JIT_V_FNARROW, masked_by_active(row, r), from);
		gen_make_canonical(gen, row, &to);
		return;
	}
	OP(gen, &row->lanes, JIT_V_FNARROW, masked_by_active(row, r), from, x86_imm(0));
	OP(gen, &row->lanes, JIT_V_FCMP, masked_by_active(row, nan), from, from,
	   x86_imm(UNORDERED));
	gen_merge(gen, &to, r, scratch(&to, NAN_CANONICAL), K2);
}

static void convert_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes to = lanes_of_result(row), source = lanes_of_source(row);
	const bool widens = row->how->size & JIT_V_TO_WIDE;
	const unsigned reg = row->insn->rs2;
	struct x86_arg from = load_part(gen, &source, OTHER, reg, widens ? at / 2 : at);

	from = gen_zero_inactive(gen, row, OTHER, from);
	if (op_of(row) == JIT_V_FNARROW) {
		narrow_numbers(gen, row, from);
		return;
	}
	OP(gen, &row->lanes, op_of(row), masked_by_active(row, scratch(&to, RESULT)), from);
	if (!row->how->flag)
		replace_out_of_range(gen, row, from);
	else if (op_of(row) == JIT_V_FWIDEN)
		gen_make_canonical(gen, row, &to);
}

bool jit_v_convert(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const bool same = !(how->size & (JIT_V_TO_WIDE | JIT_V_TO_HALF));
	struct row row;

	if (!gen_floats_begin(gen, insn, how, (int)gen_sew(gen) + !same, &row))
		return false;
	row.narrow = how->size & JIT_V_TO_HALF ? 1 : 0;
	/* Masked conversions to another width are left to the body without AVX-512. */
	row.active_parts_most = same ? row.active_parts_most : 0;
	row.prepare = prepare_convert;
	row.compute_part = convert_part;
	return gen_floats(gen, &row);
}

/* A zero-extended integer is not negative, so the conversion of signed ones is right for it. */
static void from_half_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const bool is_signed = row->how->size & JIT_V_SIGNED_A;

	OP(gen, lanes, is_signed ? JIT_V_SEXT_2 : JIT_V_ZEXT_2, scratch(lanes, OTHER),
	   half_part(gen, row, row->insn->rs2, at));
	OP(gen, lanes, op_of(row), scratch(lanes, RESULT), scratch(lanes, OTHER));
}

/* Emits conversions from integers of half the width, which are exact. */
bool jit_v_from_half(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_floats_begin(gen, insn, how, (int)gen_sew(gen) + 1, &row))
		return false;
	row.active_parts_most = LANES_MOST;
	row.prepare = prepare_nothing;
	row.compute_part = from_half_part;
	return gen_floats(gen, &row);
}

/* --- operations whose results are in the next wider format --- */

static void prepare_widen(struct gen *gen, const struct row *row)
{
	const struct lanes half = half_of(&row->lanes);

	gen_broadcast_b(gen, row->insn, &half, SECOND);
	gen_prepare_nan(gen, &row->lanes);
}

/* Widens numbers to scratch vector n; only those whose results are computed may raise a flag. */
static struct x86_arg widened(struct gen *gen, const struct row *row, unsigned n,
			      struct x86_arg from)
{
	const struct x86_arg to = scratch(&row->lanes, n);

	OP(gen, &row->lanes, JIT_V_FWIDEN, masked_by_active(row, to), from);
	return to;
}

static void compute(struct gen *gen, const struct row *row, struct x86_arg result, unsigned at)
{
	const struct lanes half = half_of(&row->lanes);
	const struct insn *insn = row->insn;
	struct x86_arg a, b = scratch(&half, SECOND);

	if (kind_of_b(insn) == OPERAND_V)
		b = half_part(gen, row, insn->rs1, at);
	b = widened(gen, row, OTHER_SECOND, b);
	if (row->how->size & JIT_V_WIDE_A)
		a = load_part(gen, &row->lanes, OTHER, insn->rs2, at);
	else
		a = widened(gen, row, OTHER, half_part(gen, row, insn->rs2, at));
	OP(gen, &row->lanes, op_of(row), result, a, b);
}

static void widen_part(struct gen *gen, const struct row *row, unsigned at)
{
	compute(gen, row, masked_by_active(row, scratch(&row->lanes, RESULT)), at);
	gen_make_canonical(gen, row, &row->lanes);
}

static void widen_fma_whole(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes, half = half_of(lanes);

	gen_broadcast_b(gen, row->insn, &half, SECOND);
	for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
		gen_float_part(gen, row, at);
		if (!row->active_only)
			gen_move(gen, lanes, scratch(lanes, at / lanes->width),
				 read_part(gen, lanes, row->insn->rd, at));
		compute(gen, row, result_of(row, at), at);
		gen_float_part_end(gen, row, at);
	}
	gen_store_numbers(gen, row);
}

/* Emits an operation on numbers that are first widened; `flag`: vd is added to their product. */
bool jit_v_widen_floats(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_floats_begin(gen, insn, how, (int)gen_sew(gen) + 1, &row) ||
	    !gen_host_op(&row.lanes, JIT_V_FWIDEN) ||
	    row.lanes.bytes / row.lanes.width > FLOAT_PARTS_MOST)
		return false;
	row.active_parts_most = 0;
	row.prepare = prepare_widen;
	row.compute_part = widen_part;
	row.compute_all = how->flag ? widen_fma_whole : NULL;
	return gen_floats(gen, &row);
}
