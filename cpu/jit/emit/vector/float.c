/* SPDX-License-Identifier: MIT */
/*
 * Emitters of floating-point vector instructions, for frm = 0 (to nearest, ties to even). Sums,
 * products and quotients that are NaNs are left to the body; all parts are checked for that before
 * one is stored. Other results that are NaNs are replaced by the canonical NaN.
 */
#include "cpu/jit/emit/vector/avx2.h"
#include "cpu/jit/emit/vector/float.h"

/*
 * A comparison of two results with each other is unordered if one of them is a NaN, so it checks
 * both.
 */
void gen_refuse_nans(struct gen *gen, const struct lanes *lanes, const struct x86_arg *result,
		     unsigned count)
{
	struct x86_arg sum, next;
	struct x86 *x = &gen->x;

	sum = lanes->avx512 ? x86_reg(8, K1) : x86_reg(lanes->width, XMM0);
	next = lanes->avx512 ? x86_reg(8, K2) : x86_reg(lanes->width, XMM1);
	for (unsigned n = 0; n < count; n += 2) {
		OP(gen, lanes, JIT_V_FCMP, n ? next : sum, result[n],
		   result[n + 1 < count ? n + 1 : n], x86_imm(UNORDERED));
		if (n && lanes->avx512)
			X86(x, KORW, sum, sum, next);
		else if (n)
			X86(x, VPOR, sum, sum, next);
	}
	if (lanes->avx512)
		X86(x, KORTESTW, sum, sum);
	else
		X86(x, VPTEST, sum, sum);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

void gen_prepare_nan(struct gen *gen, const struct lanes *lanes)
{
	static const u64 nans[] = { [1] = 0x7e00, [2] = 0x7fc00000, [3] = 0x7ff8000000000000 };

	gen_broadcast_constant(gen, lanes, NAN_CANONICAL, lanes->size, nans[lanes->size]);
}

void gen_make_canonical(struct gen *gen, const struct row *row, const struct lanes *lanes)
{
	const unsigned unordered = lanes->avx512 ? K2 : lanes->first_scratch + OTHER;
	const struct x86_arg r = scratch(lanes, RESULT);

	OP(gen, lanes, JIT_V_FCMP,
	   lanes->avx512 ? masked_by_active(row, x86_reg(8, K2)) : scratch(lanes, OTHER), r, r,
	   x86_imm(UNORDERED));
	gen_merge(gen, lanes, r, scratch(lanes, NAN_CANONICAL), unordered);
}

bool gen_floats_begin(struct gen *gen, const struct insn *insn, const struct emitter *how, int size,
		      struct row *row)
{
	if (!gen_row_begin(gen, insn, how, size, row))
		return false;
	row->active_parts_most = FLOAT_PARTS_MOST;
	return gen_host_op(&row->lanes, (enum jit_vector)how->mnemonic) && gen->jit->host.has_fma &&
	       gen->jit->host.has_f16c && !(gen->block->key & BLOCK_KEY_RM);
}

bool gen_floats(struct gen *gen, struct row *row)
{
	if (!gen_row(gen, row))
		return false;
	gen_set_fp_dirty(gen);
	return true;
}

static void prepare(struct gen *gen, const struct row *row)
{
	gen_broadcast_b(gen, row->insn, &row->lanes, SECOND);
	gen_prepare_nan(gen, &row->lanes);
}

struct x86_arg gen_zero_inactive(struct gen *gen, const struct row *row, unsigned n,
				 struct x86_arg value)
{
	const struct lanes *lanes = &row->lanes;

	if (lanes->avx512 || !row->active_only)
		return value;
	OP(gen, lanes, JIT_V_AND, scratch(lanes, n), x86_reg(lanes->width, ACTIVE_VECTOR), value);
	return scratch(lanes, n);
}

void gen_float_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;

	if (!row->active_only)
		return;
	gen_active_mask(gen, row, at);
	if (lanes->avx512)
		gen_move(gen, lanes, scratch(lanes, at / lanes->width),
			 read_part(gen, lanes, row->insn->rd, at));
}

/*
 * Adds the elements of a part that are NaNs to K3, or without AVX-512 to XMM0, which the first part
 * sets.
 */
static void collect_nans(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg r = scratch(lanes, at / lanes->width);
	const struct x86_arg sum = lanes->avx512 ? x86_reg(8, K3) : x86_reg(lanes->width, XMM0);
	struct x86_arg is = lanes->avx512 ? x86_reg(8, K2) : scratch(lanes, OTHER);

	if (!at)
		is = sum;
	OP(gen, lanes, JIT_V_FCMP, lanes->avx512 ? masked_by_active(row, is) : is, r, r,
	   x86_imm(UNORDERED));
	if (at && lanes->avx512)
		X86(&gen->x, KORW, sum, sum, is);
	else if (at)
		X86(&gen->x, VPOR, sum, sum, is);
}

/* Replaces the inactive elements of a part's result by those of vd. */
static void keep_inactive(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg r = scratch(lanes, at / lanes->width), old = scratch(lanes, OTHER);

	gen_move(gen, lanes, old, read_part(gen, lanes, row->insn->rd, at));
	gen_merge(gen, lanes, old, r, ACTIVE_VECTOR);
	gen_move(gen, lanes, r, old);
}

void gen_float_part_end(struct gen *gen, const struct row *row, unsigned at)
{
	if (!row->active_only)
		return;
	collect_nans(gen, row, at);
	if (!row->lanes.avx512)
		keep_inactive(gen, row, at);
}

static void store_all(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;

	for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
		const struct x86_arg result = scratch(lanes, at / lanes->width);

		gen_move(gen, lanes, part_in_hart(gen, lanes, row->insn->rd, at), result);
		gen_hold_part(gen, lanes, row->insn->rd, at, result);
	}
}

void gen_store_numbers(struct gen *gen, const struct row *row)
{
	const struct x86_arg sum = x86_reg(row->lanes.width, XMM0);
	struct x86_arg result[LANES_MOST];
	unsigned count = 0;

	for (; count < row->lanes.bytes / row->lanes.width; count++)
		result[count] = scratch(&row->lanes, count);
	if (!row->active_only) {
		gen_refuse_nans(gen, &row->lanes, result, count);
	} else {
		if (row->lanes.avx512)
			X86(&gen->x, KORTESTW, x86_reg(8, K3), x86_reg(8, K3));
		else
			X86(&gen->x, VPTEST, sum, sum);
		gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	}
	store_all(gen, row);
}

/* --- sums, products, quotients, fused multiply-add --- */

/*
 * Without AVX-512, in code for active elements, sets the inactive elements of a divisor to 1,
 * because 0 / 0 raises a flag.
 */
static void divide_by_one(struct gen *gen, const struct row *row, struct x86_arg divisor)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg one = scratch(lanes, FLOAT_PARTS_MOST);

	if (lanes->avx512 || !row->active_only || op_of(row) != JIT_V_FDIV)
		return;
	gen_broadcast_constant(gen, lanes, FLOAT_PARTS_MOST, lanes->size,
			       lanes->size == 2 ? 0x3f800000 : 0x3ff0000000000000);
	OP(gen, lanes, JIT_V_ANDN, one, x86_reg(lanes->width, ACTIVE_VECTOR), one);
	OP(gen, lanes, JIT_V_OR, divisor, divisor, one);
}

static void float_whole(struct gen *gen, const struct row *row)
{
	const unsigned scalar = LANES_MOST; /* the scratch vector after those of results */
	const struct lanes *lanes = &row->lanes;
	const struct insn *insn = row->insn;

	gen_broadcast_b(gen, insn, lanes, scalar);
	for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
		struct x86_arg a = read_part(gen, lanes, insn->rs2, at), b;

		gen_float_part(gen, row, at);
		b = operand_b(gen, insn, lanes, scalar, at);
		b = gen_zero_inactive(gen, row, OTHER_SECOND, b);
		a = gen_zero_inactive(gen, row, OTHER, a);
		divide_by_one(gen, row, row->how->flag ? a : b);
		if (!row->how->flag && !is_held(a)) {
			const unsigned n = row->active_only ? OTHER : at / lanes->width;

			gen_move(gen, lanes, scratch(lanes, n), a);
			a = scratch(lanes, n);
		}
		if (row->how->flag)
			OP(gen, lanes, op_of(row), result_of(row, at), b, a);
		else
			OP(gen, lanes, op_of(row), result_of(row, at), a, b);
		gen_float_part_end(gen, row, at);
	}
	gen_store_numbers(gen, row);
}

/* Emits an operation. `flag` is set for vfrsub and vfrdiv, which compute b OP a. */
bool jit_v_float(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_floats_begin(gen, insn, how, -1, &row))
		return false;
	row.compute_all = float_whole;
	return gen_floats(gen, &row);
}

static void fma_whole(struct gen *gen, const struct row *row)
{
	const unsigned scalar = LANES_MOST; /* the scratch vector after those of results */
	const struct lanes *lanes = &row->lanes;
	const struct insn *insn = row->insn;

	gen_broadcast_b(gen, insn, lanes, scalar);
	for (unsigned at = 0; at < lanes->bytes; at += lanes->width) {
		const unsigned n = at / lanes->width;
		struct x86_arg d = read_part(gen, lanes, insn->rd, at), b = scratch(lanes, scalar);

		gen_float_part(gen, row, at);
		if (kind_of_b(insn) == OPERAND_V)
			b = load_part(gen, lanes, row->active_only ? OTHER_SECOND : scalar,
				      insn->rs1, at);
		b = gen_zero_inactive(gen, row, OTHER_SECOND, b);
		d = gen_zero_inactive(gen, row, n, d);
		if (!row->active_only)
			gen_move(gen, lanes, scratch(lanes, n), d);
		OP(gen, lanes, op_of(row), result_of(row, at), b,
		   gen_zero_inactive(gen, row, OTHER, read_part(gen, lanes, insn->rs2, at)));
		gen_float_part_end(gen, row, at);
	}
	gen_store_numbers(gen, row);
}

bool jit_v_fma(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_floats_begin(gen, insn, how, -1, &row))
		return false;
	row.compute_all = fma_whole;
	return gen_floats(gen, &row);
}

/* --- square roots, minima, maxima, signs --- */

static void prepare_sqrt(struct gen *gen, const struct row *row)
{
	gen_prepare_nan(gen, &row->lanes);
}

static void sqrt_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;

	OP(gen, lanes, op_of(row), masked_by_active(row, scratch(lanes, RESULT)),
	   gen_zero_inactive(gen, row, OTHER, read_part(gen, lanes, row->insn->rs2, at)));
	gen_make_canonical(gen, row, lanes);
}

bool jit_v_sqrt(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_floats_begin(gen, insn, how, -1, &row))
		return false;
	row.prepare = prepare_sqrt;
	row.compute_part = sqrt_part;
	return gen_floats(gen, &row);
}

/* Copies to RESULT, of the elements that K2 selects, those of an operand that are not NaNs. */
static void take_numbers(struct gen *gen, const struct lanes *lanes, struct x86_arg operand)
{
	OP(gen, lanes, JIT_V_FCMP, x86_masked(x86_reg(8, K3), K2), operand, operand,
	   x86_imm(ORDERED));
	gen_merge(gen, lanes, scratch(lanes, RESULT), operand, K3);
}

/*
 * VRANGE orders zeros as the guest does. But if just one operand is a signaling NaN, its result is
 * a NaN, while the guest's is the other operand, which take_numbers copies.
 */
static void range_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const bool each = kind_of_b(row->insn) == OPERAND_V;
	const struct x86_arg a = load_part(gen, lanes, OTHER, row->insn->rs2, at);
	const struct x86_arg b = each ? load_part(gen, lanes, OTHER_SECOND, row->insn->rs1, at) :
					scratch(lanes, SECOND);

	OP(gen, lanes, JIT_V_FRANGE, masked_by_active(row, scratch(lanes, RESULT)), a, b,
	   x86_imm(row->how->mnemonic == JIT_V_FMIN ? JIT_V_FRANGE_MIN : JIT_V_FRANGE_MAX));
	gen_make_canonical(gen, row, lanes);
	take_numbers(gen, lanes, a);
	take_numbers(gen, lanes, b);
}

/*
 * Computes all minima or maxima with AVX2. If an operand is a NaN, the body is needed. If both are
 * zeros, the host's result is its second operand. So each is computed in both orders, and the two
 * are joined: by OR for minima (-0 if one is -0), by AND for maxima (-0 only if both are). The
 * active elements are found again before the stores, because gen_refuse_nans changes XMM1.
 */
static void min_max_whole(struct gen *gen, const struct row *row)
{
	const enum jit_vector join = op_of(row) == JIT_V_FMIN ? JIT_V_OR : JIT_V_AND;
	const struct lanes *lanes = &row->lanes;
	struct x86_arg operand[2 * LANES_MOST] = { 0 };
	const struct x86_arg one = x86_reg(lanes->width, XMM0), other = x86_reg(lanes->width, XMM1);
	const unsigned scalar = LANES_MOST;
	unsigned count = 0;

	gen_broadcast_b(gen, row->insn, lanes, scalar);
	for (unsigned at = 0; at < lanes->bytes; at += lanes->width, count += 2) {
		const struct x86_arg a = load_part(gen, lanes, count / 2, row->insn->rs2, at);
		const struct x86_arg b = operand_b(gen, row->insn, lanes, scalar, at);

		if (row->active_only)
			gen_active_mask(gen, row, at);
		operand[count] = gen_zero_inactive(gen, row, count / 2, a);
		operand[count + 1] = gen_zero_inactive(gen, row, FLOAT_PARTS_MOST + count / 2, b);
	}
	gen_refuse_nans(gen, lanes, operand, count);
	for (unsigned n = 0; n < count; n += 2) {
		gen_move(gen, lanes, one, operand[n + 1]);
		OP(gen, lanes, op_of(row), other, operand[n], one);
		OP(gen, lanes, op_of(row), one, one, operand[n]);
		OP(gen, lanes, join, scratch(lanes, n / 2), one, other);
	}
	for (unsigned at = 0; at < lanes->bytes && row->active_only; at += lanes->width) {
		gen_active_mask(gen, row, at);
		keep_inactive(gen, row, at);
	}
	store_all(gen, row);
}

bool jit_v_min_max(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row) || row.lanes.size < 2 ||
	    gen->block->key & BLOCK_KEY_RM)
		return false;
	row.active_parts_most = FLOAT_PARTS_MOST;
	row.prepare = prepare;
	row.compute_part = range_part;
	row.compute_all = row.lanes.avx512 ? NULL : min_max_whole;
	return gen_floats(gen, &row);
}

static void prepare_sign(struct gen *gen, const struct row *row)
{
	gen_broadcast_b(gen, row->insn, &row->lanes, SECOND);
	gen_broadcast_constant(gen, &row->lanes, OTHER_SECOND, row->lanes.size,
			       1ull << ((8u << row->lanes.size) - 1));
}

/* Takes the sign from operand b, from its complement, or from the XOR of both signs. */
static void sign_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg r = scratch(lanes, RESULT), sign = scratch(lanes, OTHER_SECOND);
	const struct x86_arg a = read_part(gen, lanes, row->insn->rs2, at);
	struct x86_arg b = operand_b(gen, row->insn, lanes, SECOND, at),
		       other = scratch(lanes, OTHER);

	if (op_of(row) == JIT_V_ANDN && !is_held(b)) {
		gen_move(gen, lanes, other, b);
		b = other;
	}
	if (op_of(row) == JIT_V_ANDN)
		OP(gen, lanes, JIT_V_ANDN, other, b, sign);
	else
		OP(gen, lanes, JIT_V_AND, other, sign, b);
	if (op_of(row) == JIT_V_XOR) {
		OP(gen, lanes, JIT_V_XOR, r, other, a);
		return;
	}
	OP(gen, lanes, JIT_V_ANDN, r, sign, a);
	OP(gen, lanes, JIT_V_OR, r, r, other);
}

/* Emits vfsgnj (`mnemonic` JIT_V_AND), vfsgnjn (JIT_V_ANDN) and vfsgnjx (JIT_V_XOR). */
bool jit_v_sign(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row) || row.lanes.size == 0 ||
	    gen->block->key & BLOCK_KEY_RM)
		return false;
	row.prepare = prepare_sign;
	row.compute_part = sign_part;
	return gen_floats(gen, &row);
}

/* --- comparisons --- */

static void compare_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;

	if (!lanes->avx512) {
		gen_compare_floats_part(gen, row, at);
		return;
	}
	OP(gen, lanes, JIT_V_FCMP, masked_by_active(row, x86_reg(8, K2)),
	   load_part(gen, lanes, 0, row->insn->rs2, at), operand_b(gen, row->insn, lanes, 1, at),
	   x86_imm(row->how->size));
}

/* Emits comparisons, whose results are the bits of vd; `size` is the host's predicate. */
bool jit_v_compare_floats(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_floats_begin(gen, insn, how, -1, &row))
		return false;
	row.compute_part = compare_part;
	row.put = gen_put_mask;
	row.active_parts_most = 1;
	/* A part, or without AVX-512 the group, is stored at once, and has to fill bytes of vd. */
	row.always_active_only =
		(row.lanes.avx512 ? row.lanes.width >> row.lanes.size : row.lanes.count) < 8;
	return gen_floats(gen, &row);
}
