/* SPDX-License-Identifier: MIT */
/*
 * Emitters of reductions, except sums of floating point: the parts of a group are combined into one
 * vector, whose two halves are combined until one element is left.
 */
#include "cpu/jit/emit/vector/float.h"

/* Groups of more of the host's vectors are left to the body. */
#define PARTS_MOST 4

/*
 * Sets the accumulator, scratch vector 0. For minima, maxima, AND and OR all its elements become
 * element 0 of vs1, which may be combined more than once. With `flag` (sums, XOR) only its element
 * 0 does, and the others become zeros.
 */
static void prepare_accumulator(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;
	const unsigned bytes = 1u << lanes->size;
	const struct x86_arg one = v_in_hart(gen, bytes, row->insn->rs1, 0);
	struct x86 *x = &gen->x;

	if (bytes < 4)
		X86(x, MOVZX, x86_reg(4, RAX), one);
	else
		X86(x, MOV, x86_reg(bytes, RAX), one);
	if (row->how->flag)
		X86(x, VMOVQ, x86_xmm(lanes->first_scratch), x86_reg(8, RAX));
	else
		gen_broadcast(gen, lanes, 0, RAX);
}

/* Combines two vectors of partial results, or of such results with elements. */
static void combine(struct gen *gen, const struct row *row, struct x86_arg to, struct x86_arg a,
		    struct x86_arg b)
{
	if (op_of(row) == JIT_V_FRANGE)
		OP(gen, &row->lanes, JIT_V_FRANGE, to, a, b, x86_imm(row->how->size));
	else
		OP(gen, &row->lanes, op_of(row), to, a, b);
}

static void fold_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg accumulator = scratch(lanes, 0),
			     next = row->active_only ? scratch(lanes, 1) : accumulator;

	combine(gen, row, next, accumulator, read_part(gen, lanes, row->insn->rs2, at));
	if (row->active_only)
		gen_merge(gen, lanes, accumulator, next, active_register(lanes));
}

/* Combines the upper half of a partial result of `bytes` bytes with the lower one. */
static void fold_halves(struct gen *gen, const struct row *row, unsigned bytes)
{
	const unsigned first = row->lanes.first_scratch, half = bytes / 2;
	const struct x86_arg accumulator = x86_reg(MAX(half, 16u), first);
	const struct x86_arg upper = x86_reg(MAX(half, 16u), first + 1);
	struct x86 *x = &gen->x;

	if (bytes == 64)
		X86(x, VEXTRACTI64X4, upper, x86_reg(64, first), x86_imm(1));
	else if (bytes == 32 && row->lanes.avx512)
		X86(x, VEXTRACTI64X2, upper, x86_reg(32, first), x86_imm(1));
	else if (bytes == 32)
		X86(x, VEXTRACTI128, upper, x86_reg(32, first), x86_imm(1));
	else
		X86(x, VPSRLDQ, upper, accumulator, x86_imm(half));
	combine(gen, row, accumulator, accumulator, upper);
}

static void put_result(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const unsigned bytes = 1u << lanes->size;

	if (at + lanes->width < lanes->bytes)
		return;
	for (unsigned left = lanes->width; left > bytes; left /= 2)
		fold_halves(gen, row, left);
	X86(&gen->x, VMOVQ, x86_reg(8, RAX), x86_xmm(lanes->first_scratch));
	X86(&gen->x, MOV, v_in_hart(gen, bytes, row->insn->rd, 0), x86_reg(bytes, RAX));
	gen_drop_bytes(gen, bytes, row->insn->rd, 0);
}

/* Writes the code of a reduction. If vl is 0, vd is not changed, which is left to the body. */
static bool reduce(struct gen *gen, struct row *row)
{
	if (row->lanes.bytes / row->lanes.width > PARTS_MOST)
		return false;
	row->refuses_vl_0 = true;
	row->put = row->put ? row->put : put_result;
	row->all_parts = true;
	return gen_row(gen, row);
}

/* Emits vredsum and other reductions whose result has the width of the elements. */
bool jit_v_reduce(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row) || !gen_host_op(&row.lanes, op_of(&row)))
		return false;
	row.prepare = prepare_accumulator;
	row.compute_part = fold_part;
	return reduce(gen, &row);
}

static void fold_wide_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg accumulator = scratch(lanes, 0), next = scratch(lanes, 1);

	OP(gen, lanes, row->how->size & JIT_V_SIGNED_A ? JIT_V_SEXT_2 : JIT_V_ZEXT_2, next,
	   gen_held(gen, lanes->width / 2, place_of(gen, row->insn->rs2, at / 2)));
	OP(gen, lanes, JIT_V_ADD, next, next, accumulator);
	if (row->active_only)
		gen_merge(gen, lanes, accumulator, next, active_register(lanes));
	else
		gen_move(gen, lanes, accumulator, next);
}

/* Emits vwredsum and vwredsumu, whose result is twice as wide as the elements. */
bool jit_v_reduce_wide(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, (int)gen_sew(gen) + 1, &row))
		return false;
	row.prepare = prepare_accumulator;
	row.compute_part = fold_wide_part;
	return reduce(gen, &row);
}

/* --- minima and maxima of floating point --- */

/* Adds to K3 the elements of a vector that are NaNs, for which the body is called in the end. */
static void collect_nans(struct gen *gen, const struct row *row, struct x86_arg value)
{
	const struct x86_arg is = x86_reg(8, K2);

	OP(gen, &row->lanes, JIT_V_FCMP, masked_by_active(row, is), value, value,
	   x86_imm(UNORDERED));
	X86(&gen->x, KORW, x86_reg(8, K3), x86_reg(8, K3), is);
}

/*
 * If the scalar is a NaN, the body is called. If no element is active, the guest copies the scalar,
 * even a signaling NaN, and raises no flag. So the scalar, which prepare_accumulator leaves in RAX,
 * is tested by its bits, without the sign, and not by a comparison of numbers, which would raise
 * the flag.
 */
static void prepare_range(struct gen *gen, const struct row *row)
{
	const unsigned bytes = 1u << row->lanes.size;
	const u64 infinity = bytes == 4 ? 0x7f800000 : 0x7ff0000000000000;
	struct x86 *x = &gen->x;

	prepare_accumulator(gen, row);
	gen_constant(gen, RCX, 2 * infinity);
	X86(x, ADD, x86_reg(bytes, RAX), x86_reg(bytes, RAX));
	X86(x, CMP, x86_reg(bytes, RAX), x86_reg(bytes, RCX));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNBE);
	X86(x, KXORQ, x86_reg(8, K3), x86_reg(8, K3), x86_reg(8, K3));
}

static void range_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg value = load_part(gen, lanes, 2, row->insn->rs2, at);
	const struct x86_arg accumulator = scratch(lanes, 0);

	collect_nans(gen, row, value);
	combine(gen, row, masked_by_active(row, accumulator), accumulator, value);
}

static void put_range(struct gen *gen, const struct row *row, unsigned at)
{
	if (at + row->lanes.width == row->lanes.bytes) {
		X86(&gen->x, KORTESTW, x86_reg(8, K3), x86_reg(8, K3));
		gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	}
	put_result(gen, row, at);
}

/* Emits vfredmin and vfredmax, for frm = 0. */
bool jit_v_reduce_floats(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_floats_begin(gen, insn, how, -1, &row))
		return false;
	row.prepare = prepare_range;
	row.compute_part = range_part;
	row.put = put_range;
	if (!reduce(gen, &row))
		return false;
	gen_set_fp_dirty(gen);
	return true;
}
