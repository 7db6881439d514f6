/* SPDX-License-Identifier: MIT */
/*
 * Emitters of integer vector instructions. For each there is a function that computes one part of a
 * group.
 */
#include "cpu/jit/emit/vector/avx2.h"

/*
 * Begins a row of elements of SEW. Returns false if the host does not have the operation, or if
 * gen_row_begin does.
 */
static bool begin(struct gen *gen, const struct insn *insn, const struct emitter *how,
		  struct row *row)
{
	return gen_row_begin(gen, insn, how, -1, row) &&
	       gen_host_op(&row->lanes, (enum jit_vector)how->mnemonic);
}

static void op_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	struct x86_arg b = operand_b(gen, row->insn, lanes, 1, at), r = gen_result(gen, row, at);

	if (row->how->flag) {
		/* Only the last operand may be in memory. */
		gen_move(gen, lanes, r, b);
		OP(gen, lanes, op_of(row), r, r, read_part(gen, lanes, row->insn->rs2, at));
	} else {
		OP(gen, lanes, op_of(row), r, load_part(gen, lanes, 0, row->insn->rs2, at), b);
	}
}

bool jit_v_op(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!begin(gen, insn, how, &row))
		return false;
	row.compute_part = op_part;
	row.direct = !how->flag;
	return gen_row(gen, &row);
}

/*
 * Prepares shift counts, of which only the low bits are used: scratch 1 becomes the count, if there
 * is one for all elements, and otherwise the mask by which shift_part ANDs the count of each.
 */
static void prepare_shift(struct gen *gen, const struct row *row)
{
	if (kind_of_b(row->insn) == OPERAND_V)
		gen_constant(gen, RAX, (8u << row->lanes.size) - 1);
	else
		gen_read_x(gen, RAX, row->insn->rs1);
	X86(&gen->x, AND, x86_reg(4, RAX), x86_imm((8 << row->lanes.size) - 1));
	gen_broadcast(gen, &row->lanes, 1, RAX);
}

/*
 * Returns whether the row is a rotation that is computed by two shifts: AVX2 has no rotations, and
 * AVX-512 none of 16 bits.
 */
static bool is_rotation_by_shifts(const struct row *row)
{
	const enum jit_vector op = op_of(row);

	return (op == JIT_V_ROLV || op == JIT_V_RORV) && !gen_host_op(&row->lanes, op) &&
	       gen_host_op(&row->lanes, JIT_V_SLL);
}

/* Computes a rotation by two shifts. Where a count is the width, the host shifts all bits out. */
static void rotate(struct gen *gen, const struct row *row, struct x86_arg value,
		   struct x86_arg count)
{
	const bool left = op_of(row) == JIT_V_ROLV;
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg back = scratch(lanes, 3), r = scratch(lanes, 0);

	gen_broadcast_constant(gen, lanes, 3, lanes->size, 8u << lanes->size);
	OP(gen, lanes, JIT_V_SUB, back, back, count);
	OP(gen, lanes, left ? JIT_V_SRL : JIT_V_SLL, back, value, back);
	OP(gen, lanes, left ? JIT_V_SLL : JIT_V_SRL, r, value, count);
	OP(gen, lanes, JIT_V_OR, r, r, back);
}

static void shift_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	bool each = kind_of_b(row->insn) == OPERAND_V;
	struct x86_arg r = scratch(lanes, 0), b = scratch(lanes, each ? 2 : 1);

	if (each)
		OP(gen, lanes, JIT_V_AND, b, scratch(lanes, 1),
		   read_part(gen, lanes, row->insn->rs1, at));
	if (is_rotation_by_shifts(row))
		rotate(gen, row, load_part(gen, lanes, 0, row->insn->rs2, at), b);
	else
		OP(gen, lanes, op_of(row), r, load_part(gen, lanes, 0, row->insn->rs2, at), b);
}

/* Emits shifts and rotations by a scalar or by elements. */
bool jit_v_shift(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row))
		return false;
	if (!gen_host_op(&row.lanes, op_of(&row)) && !is_rotation_by_shifts(&row))
		return false;
	row.prepare = prepare_shift;
	row.compute_part = shift_part;
	return gen_row(gen, &row);
}

static unsigned shift_count(const struct row *row)
{
	return (unsigned)row->insn->imm & ((8u << row->lanes.size) - 1);
}

/* The host shifts bytes as halfwords. Returns the lanes of what it shifts. */
static struct lanes shifted_lanes(const struct row *row)
{
	struct lanes lanes = row->lanes;

	lanes.size = MAX(lanes.size, 1u);
	return lanes;
}

/* Sets the bytes of scratch 1 to a mask of the bits that do not come from another byte. */
static void prepare_bytes(struct gen *gen, const struct row *row)
{
	const unsigned count = shift_count(row);

	gen_broadcast_constant(gen, &row->lanes, 1, 0,
			       op_of(row) == JIT_V_SLLI ? 0xffu << count & 0xff : 0xffu >> count);
}

static void shift_imm_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes, shifted = shifted_lanes(row);
	const struct x86_arg r = scratch(lanes, 0);

	OP(gen, &shifted, op_of(row), r, load_part(gen, lanes, 0, row->insn->rs2, at),
	   x86_imm(shift_count(row)));
	if (!lanes->size)
		OP(gen, lanes, JIT_V_AND, r, r, scratch(lanes, 1));
}

/*
 * Computes a rotation by two shifts, if the host does not have it. In bytes, the bits that the mask
 * excludes come from the other shift.
 */
static void rotate_imm_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes, shifted = shifted_lanes(row);
	const struct x86_arg r = scratch(lanes, 0), mask = scratch(lanes, 1);
	const struct x86_arg back = scratch(lanes, 2);
	const struct x86_arg value = load_part(gen, lanes, 0, row->insn->rs2, at);
	const unsigned count = shift_count(row);

	OP(gen, &shifted, JIT_V_SLLI, back, value, x86_imm((8 << lanes->size) - count));
	OP(gen, &shifted, JIT_V_SRLI, r, value, x86_imm(count));
	if (!lanes->size) {
		OP(gen, lanes, JIT_V_AND, r, r, mask);
		OP(gen, lanes, JIT_V_ANDN, back, mask, back);
	}
	OP(gen, lanes, JIT_V_OR, r, r, back);
}

bool jit_v_shift_imm(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct lanes shifted;
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row))
		return false;
	/* An arithmetic shift of bytes would need copies of their own signs. */
	if (!row.lanes.size && how->mnemonic == JIT_V_SRAI)
		return false;
	shifted = shifted_lanes(&row);
	row.prepare = row.lanes.size ? prepare_nothing : prepare_bytes;
	row.compute_part = shift_imm_part;
	if (!gen_host_op(&shifted, op_of(&row))) {
		if (how->mnemonic != JIT_V_RORI)
			return false;
		row.compute_part = rotate_imm_part;
	}
	return gen_row(gen, &row);
}

/*
 * Returns whether elements of 16 bits are all shifted by one count without AVX-512. AVX2 has no
 * shift of such elements by a count for each, only of all by an immediate or by the number in the
 * low 64 bits of a vector.
 */
static bool shifts_by_one(const struct row *row)
{
	return !row->lanes.avx512 && row->lanes.size == 1 && kind_of_b(row->insn) != OPERAND_V;
}

/* Shifts elements that are twice as wide, and keeps the low halves of the results. */
static void narrow_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg half = x86_reg(MAX(lanes->width / 2, 16u), lanes->first_scratch);
	const struct x86_arg r = scratch(lanes, 0);
	struct x86_arg b = scratch(lanes, 1);

	if (kind_of_b(row->insn) == OPERAND_V) {
		OP(gen, lanes, JIT_V_ZEXT_2, scratch(lanes, 2),
		   gen_held(gen, lanes->width / 2, place_of(gen, row->insn->rs1, at / 2)));
		b = scratch(lanes, 2);
		OP(gen, lanes, JIT_V_AND, b, b, scratch(lanes, 1));
	}
	if (shifts_by_one(row) && kind_of_b(row->insn) == OPERAND_X)
		x86_write(&gen->x,
			  op_of(row) == JIT_V_SRL ? ZYDIS_MNEMONIC_VPSRLW : ZYDIS_MNEMONIC_VPSRAW,
			  3,
			  (const struct x86_arg[]){ r, load_part(gen, lanes, 0, row->insn->rs2, at),
						    x86_xmm(lanes->first_scratch + 1) });
	else if (shifts_by_one(row))
		OP(gen, lanes, op_of(row) == JIT_V_SRL ? JIT_V_SRLI : JIT_V_SRAI, r,
		   load_part(gen, lanes, 0, row->insn->rs2, at), x86_imm(shift_count(row)));
	else
		OP(gen, lanes, op_of(row), r, load_part(gen, lanes, 0, row->insn->rs2, at), b);
	if (lanes->avx512)
		OP(gen, lanes, JIT_V_TRUNCATE, half, r);
	else
		gen_halve(gen, lanes, 0);
}

static void prepare_narrow(struct gen *gen, const struct row *row)
{
	unsigned most = (8u << row->lanes.size) - 1;

	switch (kind_of_b(row->insn)) {
	case OPERAND_V:
		gen_constant(gen, RAX, most);
		break;
	case OPERAND_X:
		gen_read_x(gen, RAX, row->insn->rs1);
		X86(&gen->x, AND, x86_reg(4, RAX), x86_imm(most));
		break;
	default:
		gen_constant(gen, RAX, (u64)row->insn->imm & most);
	}
	if (shifts_by_one(row)) {
		X86(&gen->x, VMOVQ, x86_xmm(row->lanes.first_scratch + 1), x86_reg(8, RAX));
		return;
	}
	gen_broadcast(gen, &row->lanes, 1, RAX);
}

bool jit_v_shift_narrow(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, (int)gen_sew(gen) + 1, &row) ||
	    !(gen_host_op(&row.lanes, op_of(&row)) || shifts_by_one(&row)))
		return false;
	row.narrow = 1;
	row.prepare = prepare_narrow;
	row.compute_part = narrow_part;
	return gen_row(gen, &row);
}

static void mul_add_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct insn *insn = row->insn;
	const struct lanes *lanes = &row->lanes;
	unsigned factor = row->how->flag ? insn->rd : insn->rs2;
	unsigned added = row->how->flag ? insn->rs2 : insn->rd;
	struct x86_arg r = scratch(lanes, 0);

	OP(gen, lanes, JIT_V_MUL, r, load_part(gen, lanes, 0, factor, at),
	   operand_b(gen, insn, lanes, 1, at));
	OP(gen, lanes, JIT_V_ADD, r, r, read_part(gen, lanes, added, at));
}

bool jit_v_mul_add(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!begin(gen, insn, how, &row))
		return false;
	row.compute_part = mul_add_part;
	return gen_row(gen, &row);
}

/* Loads an operand of half the width into a scratch vector, and widens it. */
static void load_half(struct gen *gen, const struct row *row, unsigned n, unsigned at)
{
	bool sign = row->how->size & (n ? JIT_V_SIGNED_B : JIT_V_SIGNED_A);
	unsigned reg = n ? row->insn->rs1 : row->insn->rs2;

	OP(gen, &row->lanes, sign ? JIT_V_SEXT_2 : JIT_V_ZEXT_2, scratch(&row->lanes, n),
	   gen_held(gen, row->lanes.width / 2, place_of(gen, reg, at / 2)));
}

static void prepare_widen(struct gen *gen, const struct row *row)
{
	static const ZydisMnemonic extend[2] = { ZYDIS_MNEMONIC_MOVZX, ZYDIS_MNEMONIC_MOVSX };
	bool sign = row->how->size & JIT_V_SIGNED_B;
	unsigned bytes = 1u << (row->lanes.size - 1);
	struct x86 *x = &gen->x;

	if (kind_of_b(row->insn) == OPERAND_V)
		return;
	gen_read_x(gen, RAX, row->insn->rs1);
	if (bytes < 4)
		x86_write(x, extend[sign], 2,
			  (const struct x86_arg[]){ x86_reg(4, RAX), x86_reg(bytes, RAX) });
	else if (sign)
		X86(x, MOVSXD, x86_reg(8, RAX), x86_reg(4, RAX));
	else
		X86(x, MOV, x86_reg(4, RAX), x86_reg(4, RAX));
	gen_broadcast(gen, &row->lanes, 1, RAX);
}

static void widen_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct insn *insn = row->insn;
	const struct lanes *lanes = &row->lanes;
	struct x86_arg r = scratch(lanes, 0), a = r, b = scratch(lanes, 1);

	if (row->how->size & JIT_V_WIDE_A)
		a = load_part(gen, lanes, 0, insn->rs2, at);
	else
		load_half(gen, row, 0, at);
	if (kind_of_b(insn) == OPERAND_V)
		load_half(gen, row, 1, at);
	OP(gen, lanes, op_of(row), r, a, b);
	if (row->how->flag)
		OP(gen, lanes, JIT_V_ADD, r, r, read_part(gen, lanes, insn->rd, at));
}

bool jit_v_op_widen(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, (int)gen_sew(gen) + 1, &row) ||
	    !gen_host_op(&row.lanes, (enum jit_vector)how->mnemonic))
		return false;
	row.prepare = prepare_widen;
	row.compute_part = widen_part;
	return gen_row(gen, &row);
}

static void extend_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;

	OP(gen, lanes, op_of(row), scratch(lanes, 0),
	   gen_held(gen, lanes->width >> row->how->size,
		    place_of(gen, row->insn->rs2, at >> row->how->size)));
}

bool jit_v_extend(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!begin(gen, insn, how, &row))
		return false;
	row.prepare = prepare_nothing;
	row.compute_part = extend_part;
	return gen_row(gen, &row);
}

/*
 * These are operands of VPSHUFB, by the logarithm of an element's bytes: the number of the byte
 * that goes to each of the first eight of 16 bytes.
 */
static const u64 reversals[4] = {
	0x0706050403020100, 0x0607040502030001, 0x0405060700010203, 0x0001020304050607,
};

static void prepare_reverse(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;
	struct x86 *x = &gen->x;

	if (row->how->flag) {
		gen_prepare_bits_reversed(gen, lanes, 1, 2);
		return;
	}
	gen_constant(gen, RAX, reversals[lanes->size]);
	if (!lanes->avx512) {
		gen_constant(gen, RCX, reversals[lanes->size] + 0x0808080808080808);
		gen_repeat(gen, lanes, 1);
		return;
	}
	X86(x, VPBROADCASTQ, scratch(lanes, 1), x86_reg(8, RAX));
	/* The numbers for the second eight of each 16 bytes, the odd quadwords, are 8 more. */
	gen_constant(gen, RCX, 0xaa);
	X86(x, KMOVQ, x86_reg(8, K2), x86_reg(8, RCX));
	gen_constant(gen, RAX, reversals[lanes->size] + 0x0808080808080808);
	X86(x, VPBROADCASTQ, x86_masked(scratch(lanes, 1), K2), x86_reg(8, RAX));
}

static void reverse_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	struct x86_arg r = scratch(lanes, 0), a;

	if (row->how->flag) {
		gen_move(gen, lanes, r, read_part(gen, lanes, row->insn->rs2, at));
		gen_reverse_bits(gen, lanes, r, 1, 2);
		return;
	}
	a = load_part(gen, lanes, 0, row->insn->rs2, at);
	X86(&gen->x, VPSHUFB, r, a, scratch(lanes, 1));
}

bool jit_v_reverse(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row) ||
	    (how->flag && row.lanes.avx512 && !gen->jit->host.has_gfni))
		return false;
	row.prepare = prepare_reverse;
	row.compute_part = reverse_part;
	return gen_row(gen, &row);
}

static void move_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;

	gen_move(gen, lanes, scratch(lanes, 0), operand_b(gen, row->insn, lanes, 1, at));
}

bool jit_v_move(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!begin(gen, insn, how, &row))
		return false;
	row.compute_part = move_part;
	return gen_row(gen, &row);
}

static void merge_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;

	const unsigned selector = lanes->avx512 ? K2 : lanes->first_scratch + 2;

	gen_carry(gen, row, K2, at);
	if (!lanes->avx512)
		gen_expand_bits(gen, lanes, selector);
	gen_move(gen, lanes, scratch(lanes, 0), read_part(gen, lanes, row->insn->rs2, at));
	gen_merge(gen, lanes, scratch(lanes, 0), operand_b(gen, row->insn, lanes, 1, at), selector);
}

/* Emits vmerge; and vfmerge in blocks with frm = 0, because with a reserved frm it traps. */
bool jit_v_merge(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row) ||
	    (kind_of_b(insn) == OPERAND_F && gen->block->key & BLOCK_KEY_RM))
		return false;
	row.carries = true;
	row.compute_part = merge_part;
	return gen_row(gen, &row);
}

static void compare_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;

	if (!lanes->avx512) {
		gen_compare_part(gen, row, at);
		return;
	}
	OP(gen, lanes, op_of(row), x86_reg(8, K2), load_part(gen, lanes, 0, row->insn->rs2, at),
	   operand_b(gen, row->insn, lanes, 1, at), x86_imm(row->how->size));
}

/*
 * Emits comparisons, whose results are the bits of vd; `size` is the host's predicate (Intel 64
 * manual, volume 2, "VPCMPD/VPCMPUD").
 */
bool jit_v_compare(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen_row_begin(gen, insn, how, -1, &row))
		return false;
	row.compute_part = compare_part;
	row.put = gen_put_mask;
	/* A part with fewer than eight results is less than a byte of vd. */
	row.always_active_only = row.lanes.width >> row.lanes.size < 8;
	return gen_row(gen, &row);
}
