/* SPDX-License-Identifier: MIT */
/*
 * Emitters of fixed-point vector instructions: saturation, averages, shifts that round. If vxrm is
 * 0 (rnu), the bit below a result's lowest bit is added, and not if it is 2 (rdn). The modes rne
 * and rod are left to the body.
 */
#include "cpu/jit/emit/vector/avx2.h"

/* These are the scratch vectors of a row; gen_put changes those between VALUE and B. */
enum { RESULT, OTHER, VALUE, SIGNS, B = 5 };

/* --- saturation --- */

/* BOUND contains the least signed number, or the greatest unsigned one. */
enum { BOUND = 7, ZERO };

/* Sets vxsat unless the jump is taken. */
static void set_vxsat_unless(struct gen *gen, ZydisMnemonic unless)
{
	u8 *over = x86_jump(&gen->x, unless);

	X86(&gen->x, MOV, x86_at(1, ENV, ENV_OF(vector.vxsat)), x86_imm(1));
	x86_patch(over, gen->x.at);
}

/* Sets vxsat if K2, which selects active elements, is not empty. */
static void set_vxsat_if_selected(struct gen *gen)
{
	X86(&gen->x, KORTESTQ, x86_reg(8, K2), x86_reg(8, K2));
	set_vxsat_unless(gen, ZYDIS_MNEMONIC_JZ);
}

/*
 * Sets vxsat if an active element of RESULT is not equal to that of OTHER, which is changed. The
 * elements have the width of the row's lanes. If vd is narrower, ACTIVE_VECTOR has elements of vd's
 * width, so without AVX-512 the differences are narrowed before they are tested.
 */
static void set_vxsat_if_different(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg other = scratch(lanes, OTHER), ones = x86_reg(lanes->width, XMM0);
	struct x86 *x = &gen->x;

	if (lanes->avx512) {
		OP(gen, lanes, JIT_V_CMP, masked_by_active(row, x86_reg(8, K2)),
		   scratch(lanes, RESULT), other, x86_imm(NOT_EQUAL));
		set_vxsat_if_selected(gen);
		return;
	}
	OP(gen, lanes, JIT_V_EQUAL, other, other, scratch(lanes, RESULT));
	if (row->active_only && row->narrow)
		gen_halve(gen, lanes, OTHER);
	if (!row->active_only)
		X86(x, VPCMPEQD, ones, ones, ones);
	/* The carry is set if all bits of the last operand are set in the first one, too. */
	X86(x, VPTEST, other, row->active_only ? x86_reg(lanes->width, ACTIVE_VECTOR) : ones);
	set_vxsat_unless(gen, ZYDIS_MNEMONIC_JB);
}

static void prepare_saturate(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg zero = scratch(lanes, ZERO);
	const bool is_signed = op_of(row) == JIT_V_SADD || op_of(row) == JIT_V_SSUB;

	gen_broadcast_b(gen, row->insn, lanes, B);
	if (gen_host_op(lanes, op_of(row)))
		return;
	gen_broadcast_constant(gen, lanes, BOUND, lanes->size,
			       is_signed ? 1ull << ((8u << lanes->size) - 1) : UINT64_MAX);
	X86(&gen->x, VPXORQ, zero, zero, zero);
}

/*
 * Selects by K2 the active elements whose signed sum or difference, in RESULT, has overflowed: a
 * and b have the same sign (of a difference: different ones), and the result has not the sign of a.
 * OTHER becomes what replaces them: the least number where RESULT is positive, because the true
 * result is negative; otherwise the greatest one.
 */
static void find_signed(struct gen *gen, const struct row *row, struct x86_arg a, struct x86_arg b)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg r = scratch(lanes, RESULT), other = scratch(lanes, OTHER),
			     signs = scratch(lanes, SIGNS);

	OP(gen, lanes, JIT_V_XOR, signs, op_of(row) == JIT_V_SADD ? r : a, b);
	OP(gen, lanes, JIT_V_XOR, other, a, r);
	OP(gen, lanes, JIT_V_AND, signs, signs, other);
	OP(gen, lanes, JIT_V_CMP, masked_by_active(row, x86_reg(8, K2)), signs,
	   scratch(lanes, ZERO), x86_imm(LESS));
	OP(gen, lanes, JIT_V_SRAI, other, r, x86_imm((8 << lanes->size) - 1));
	OP(gen, lanes, JIT_V_XOR, other, other, scratch(lanes, BOUND));
}

/*
 * Computes a part of elements of 32 or 64 bits, for which AVX-512 has no saturating instructions.
 * On hosts without AVX-512 the body is called.
 */
static void saturate_wide(struct gen *gen, const struct row *row, struct x86_arg a,
			  struct x86_arg b)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg r = scratch(lanes, RESULT), is = masked_by_active(row, x86_reg(8, K2));
	struct x86_arg bound = scratch(lanes, OTHER);

	OP(gen, lanes, row->how->size, r, a, b);
	switch (op_of(row)) {
	case JIT_V_SADDU:
		bound = scratch(lanes, BOUND);
		OP(gen, lanes, JIT_V_CMPU, is, r, a, x86_imm(LESS));
		break;
	case JIT_V_SSUBU:
		bound = scratch(lanes, ZERO);
		OP(gen, lanes, JIT_V_CMPU, is, a, b, x86_imm(LESS));
		break;
	default:
		find_signed(gen, row, a, b);
	}
	gen_merge(gen, lanes, r, bound, K2);
	set_vxsat_if_selected(gen);
}

static void saturate_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg a = load_part(gen, lanes, VALUE, row->insn->rs2, at);
	const struct x86_arg b = operand_b(gen, row->insn, lanes, B, at);

	if (!gen_host_op(lanes, op_of(row))) {
		saturate_wide(gen, row, a, b);
		return;
	}
	OP(gen, lanes, op_of(row), scratch(lanes, RESULT), a, b);
	OP(gen, lanes, row->how->size, scratch(lanes, OTHER), a, b);
	set_vxsat_if_different(gen, row);
}

bool jit_v_saturate(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row) ||
	    !(row.lanes.avx512 || gen_host_op(&row.lanes, op_of(&row))))
		return false;
	row.prepare = prepare_saturate;
	row.compute_part = saturate_part;
	return gen_row(gen, &row);
}

/* --- rounding --- */

/* TOP contains the greatest result of a clip. */
enum { COUNT = 5, ROUND, TOP, COUNT_LESS_1 };

/* Sets the elements of ROUND to 1 if vxrm is 0, and to 0 if it is 2. */
static void prepare_round(struct gen *gen, const struct lanes *lanes)
{
	const struct x86_arg mode = x86_at(1, ENV, ENV_OF(vector.vxrm));
	struct x86 *x = &gen->x;

	X86(x, MOV, x86_reg(4, RAX), x86_imm(0));
	X86(x, TEST, mode, x86_imm(1));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	X86(x, CMP, mode, x86_imm(0));
	X86(x, SETZ, x86_reg(1, RAX));
	gen_broadcast(gen, lanes, ROUND, RAX);
}

/* Prepares a shift: sets COUNT and COUNT_LESS_1 unless the count is an immediate. */
static void prepare_shift(struct gen *gen, const struct row *row)
{
	struct x86 *x = &gen->x;

	prepare_round(gen, &row->lanes);
	if (kind_of_b(row->insn) != OPERAND_X)
		return;
	gen_read_x(gen, RAX, row->insn->rs1);
	X86(x, AND, x86_reg(4, RAX), x86_imm((8 << row->lanes.size) - 1));
	gen_broadcast(gen, &row->lanes, COUNT, RAX);
	X86(x, SUB, x86_reg(8, RAX), x86_imm(1));
	gen_broadcast(gen, &row->lanes, COUNT_LESS_1, RAX);
}

/*
 * Shifts a part of vs2 to RESULT, and rounds. The bit for rounding is at place count - 1, and is
 * moved to the lowest one. If the count is 0 there is no such bit; the host then shifts by -1, as
 * an unsigned number, which moves all bits out.
 */
static void shift_part(struct gen *gen, const struct row *row, unsigned at)
{
	const bool is_signed = op_of(row) == JIT_V_SRA;
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg value = load_part(gen, lanes, VALUE, row->insn->rs2, at);
	const struct x86_arg r = scratch(lanes, RESULT), bit = scratch(lanes, OTHER);
	const unsigned count = (unsigned)row->insn->imm & ((8u << lanes->size) - 1);

	if (kind_of_b(row->insn) == OPERAND_X) {
		OP(gen, lanes, op_of(row), r, value, scratch(lanes, COUNT));
		OP(gen, lanes, JIT_V_SRL, bit, value, scratch(lanes, COUNT_LESS_1));
	} else if (count == 0) {
		gen_move(gen, lanes, r, value);
		return;
	} else {
		OP(gen, lanes, is_signed ? JIT_V_SRAI : JIT_V_SRLI, r, value, x86_imm(count));
		OP(gen, lanes, JIT_V_SRLI, bit, value, x86_imm(count - 1));
	}
	OP(gen, lanes, JIT_V_AND, bit, bit, scratch(lanes, ROUND));
	OP(gen, lanes, JIT_V_ADD, r, r, bit);
}

/* Returns whether the host shifts such elements, by an immediate or by a register. */
static bool can_shift(const struct row *row)
{
	const enum jit_vector by_imm = op_of(row) == JIT_V_SRA ? JIT_V_SRAI : JIT_V_SRLI;

	switch (kind_of_b(row->insn)) {
	case OPERAND_V:
		return false;
	case OPERAND_X:
		return gen_host_op(&row->lanes, op_of(row)) && gen_host_op(&row->lanes, JIT_V_SRL);
	default:
		return gen_host_op(&row->lanes, by_imm);
	}
}

bool jit_v_shift_round(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row) || !can_shift(&row))
		return false;
	row.prepare = prepare_shift;
	row.compute_part = shift_part;
	return gen_row(gen, &row);
}

static void prepare_clip(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;
	const bool is_signed = op_of(row) == JIT_V_SRA;

	prepare_shift(gen, row);
	gen_broadcast_constant(gen, lanes, TOP, lanes->size,
			       (1ull << ((4u << lanes->size) - is_signed)) - 1);
}

/* Bounds what shift_part computed by the range of half the width, and keeps the low halves. */
static void clip_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg r = scratch(lanes, RESULT), most = scratch(lanes, TOP),
			     least = scratch(lanes, VALUE);
	const struct x86_arg half =
		x86_reg(MAX(lanes->width / 2, 16u), lanes->first_scratch + RESULT);

	shift_part(gen, row, at);
	gen_move(gen, lanes, scratch(lanes, OTHER), r);
	if (op_of(row) == JIT_V_SRL) {
		OP(gen, lanes, JIT_V_MINU, r, r, most);
	} else {
		gen_set_ones(gen, lanes, VALUE);
		OP(gen, lanes, JIT_V_XOR, least, least, most);
		OP(gen, lanes, JIT_V_MIN, r, r, most);
		OP(gen, lanes, JIT_V_MAX, r, r, least);
	}
	set_vxsat_if_different(gen, row);
	if (lanes->avx512)
		OP(gen, lanes, JIT_V_TRUNCATE, half, r);
	else
		gen_halve(gen, lanes, RESULT);
}

bool jit_v_clip(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, (int)gen_sew(gen) + 1, &row) || !can_shift(&row) ||
	    !gen_host_op(&row.lanes, op_of(&row) == JIT_V_SRL ? JIT_V_MINU : JIT_V_MIN))
		return false;
	row.narrow = 1;
	row.prepare = prepare_clip;
	row.compute_part = clip_part;
	return gen_row(gen, &row);
}

/* --- averages --- */

enum { BYTE_MASK = 7, BYTE_SIGN }; /* constants for halving bytes */

static void prepare_average(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;

	prepare_round(gen, lanes);
	gen_broadcast_b(gen, row->insn, lanes, B);
	if (lanes->size)
		return;
	gen_broadcast_constant(gen, lanes, BYTE_MASK, 0, 0x7f);
	gen_broadcast_constant(gen, lanes, BYTE_SIGN, 0, 0x40);
}

/* Halves each byte of `value`, as parts of halfwords, because the host cannot shift bytes. */
static void halve_bytes(struct gen *gen, const struct row *row, struct x86_arg to,
			struct x86_arg value)
{
	struct lanes halves = row->lanes;

	halves.size = 1;
	OP(gen, &halves, JIT_V_SRLI, to, value, x86_imm(1));
	OP(gen, &row->lanes, JIT_V_AND, to, to, scratch(&row->lanes, BYTE_MASK));
	if (op_of(row) != JIT_V_SRAI)
		return;
	OP(gen, &row->lanes, JIT_V_XOR, to, to, scratch(&row->lanes, BYTE_SIGN));
	OP(gen, &row->lanes, JIT_V_SUB, to, to, scratch(&row->lanes, BYTE_SIGN));
}

/*
 * As a + b == 2 * (a & b) + (a ^ b), half of it, rounded down, is (a & b) + (a ^ b) / 2, which does
 * not overflow. The bit that is rounded is the lowest one of a ^ b.
 */
static void average_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg a = load_part(gen, lanes, VALUE, row->insn->rs2, at);
	const struct x86_arg b = operand_b(gen, row->insn, lanes, B, at);
	const struct x86_arg r = scratch(lanes, RESULT), one = scratch(lanes, OTHER),
			     half = scratch(lanes, VALUE);

	OP(gen, lanes, JIT_V_XOR, one, a, b);
	OP(gen, lanes, JIT_V_AND, r, a, b);
	if (lanes->size)
		OP(gen, lanes, op_of(row), half, one, x86_imm(1));
	else
		halve_bytes(gen, row, half, one);
	OP(gen, lanes, JIT_V_ADD, r, r, half);
	OP(gen, lanes, JIT_V_AND, one, one, scratch(lanes, ROUND));
	OP(gen, lanes, JIT_V_ADD, r, r, one);
}

bool jit_v_average(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row) ||
	    (row.lanes.size && !gen_host_op(&row.lanes, op_of(&row))))
		return false;
	row.prepare = prepare_average;
	row.compute_part = average_part;
	return gen_row(gen, &row);
}
