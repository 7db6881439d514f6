/* SPDX-License-Identifier: MIT */
/* Operations for which AVX2 has no instruction: narrowing, reversal of bits, comparisons. */
#include "cpu/jit/emit/vector/avx2.h"

void gen_set_ones(struct gen *gen, const struct lanes *lanes, unsigned n)
{
	const struct x86_arg to = scratch(lanes, n);

	if (lanes->avx512)
		X86(&gen->x, VPTERNLOGD, to, to, to, x86_imm((s8)0xff));
	else
		X86(&gen->x, VPCMPEQD, to, to, to);
}

void gen_repeat(struct gen *gen, const struct lanes *lanes, unsigned n)
{
	const struct x86_arg to = scratch(lanes, n), low = x86_xmm(lanes->first_scratch + n);
	struct x86 *x = &gen->x;

	X86(x, VMOVQ, low, x86_reg(8, RAX));
	X86(x, VPINSRQ, low, low, x86_reg(8, RCX), x86_imm(1));
	if (lanes->width > 16 && lanes->avx512)
		X86(x, VSHUFI32X4, to, to, to, x86_imm(0));
	else if (lanes->width > 16)
		X86(x, VINSERTI128, to, to, low, x86_imm(1));
}

/* This is done within each 16 bytes, and then the two halves are joined. */
void gen_halve(struct gen *gen, const struct lanes *lanes, unsigned n)
{
	const struct x86_arg r = scratch(lanes, n);
	struct x86 *x = &gen->x;

	switch (lanes->size) {
	case 1:
		X86(x, VPSLLW, r, r, x86_imm(8));
		X86(x, VPSRLW, r, r, x86_imm(8));
		X86(x, VPACKUSWB, r, r, r);
		break;
	case 2:
		X86(x, VPSLLD, r, r, x86_imm(16));
		X86(x, VPSRLD, r, r, x86_imm(16));
		X86(x, VPACKUSDW, r, r, r);
		break;
	default:
		X86(x, VPSHUFD, r, r, x86_imm((s8)0x88));
	}
	if (lanes->width > 16)
		X86(x, VPERMQ, r, r, x86_imm(8));
}

void gen_prepare_nibbles(struct gen *gen, const struct lanes *lanes, const struct nibbles *nibbles)
{
	gen_repeat(gen, lanes, nibbles->table);
	gen_broadcast_constant(gen, lanes, nibbles->low, 0, 0x0f);
}

/* The matrix of 8 by 8 bits that reverses a byte (Intel 64 manual, volume 2, "GF2P8AFFINEQB"). */
#define BITS_REVERSED 0x8040201008040201

void gen_prepare_bits_reversed(struct gen *gen, const struct lanes *lanes, unsigned n,
			       unsigned other)
{
	if (gen->jit->host.has_gfni) {
		gen_broadcast_constant(gen, lanes, n, 3, BITS_REVERSED);
		return;
	}
	gen_constant(gen, RAX, 0x0e060a020c040800);
	gen_constant(gen, RCX, 0x0f070b030d050901);
	gen_prepare_nibbles(gen, lanes, &(struct nibbles){ n, other });
}

void gen_look_up_nibbles(struct gen *gen, const struct lanes *lanes, struct x86_arg value,
			 struct x86_arg high, const struct nibbles *nibbles)
{
	const struct x86_arg table = scratch(lanes, nibbles->table);
	const struct x86_arg low = scratch(lanes, nibbles->low);
	struct x86 *x = &gen->x;

	X86(x, VPSRLW, high, value, x86_imm(4));
	OP(gen, lanes, JIT_V_AND, high, high, low);
	OP(gen, lanes, JIT_V_AND, value, value, low);
	X86(x, VPSHUFB, high, table, high);
	X86(x, VPSHUFB, value, table, value);
}

void gen_reverse_bits(struct gen *gen, const struct lanes *lanes, struct x86_arg value, unsigned n,
		      unsigned other)
{
	const struct x86_arg high = x86_reg(lanes->width, XMM0);
	struct x86 *x = &gen->x;

	if (gen->jit->host.has_gfni) {
		X86(x, VGF2P8AFFINEQB, value, value, scratch(lanes, n), x86_imm(0));
		return;
	}
	gen_look_up_nibbles(gen, lanes, value, high, &(struct nibbles){ n, other });
	X86(x, VPSLLW, value, value, x86_imm(4));
	X86(x, VPOR, value, value, high);
}

/* --- comparisons --- */

/* Flips the highest bits of two operands, so that a signed comparison orders unsigned numbers. */
static void flip_signs(struct gen *gen, const struct lanes *lanes, struct x86_arg *a,
		       struct x86_arg *b)
{
	const struct x86_arg sign = scratch(lanes, 4);

	gen_broadcast_constant(gen, lanes, 4, 3, 1ull << 63);
	OP(gen, lanes, JIT_V_XOR, scratch(lanes, 3), sign, *b);
	OP(gen, lanes, JIT_V_XOR, scratch(lanes, 2), *a, sign);
	*a = scratch(lanes, 2);
	*b = scratch(lanes, 3);
}

/*
 * Sets scratch 2 to all ones where the predicate without NOT is true for a and b, or where it is
 * false: gen_compare_part() knows which.
 */
static void compare(struct gen *gen, const struct row *row, struct x86_arg a, struct x86_arg b)
{
	const bool is_signed = row->how->mnemonic == JIT_V_CMP;
	const unsigned predicate = row->how->size & 3;
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg r = scratch(lanes, 2);

	if (predicate == EQUAL) {
		OP(gen, lanes, JIT_V_EQUAL, r, a, b);
		return;
	}
	if (!is_signed && lanes->size == 3)
		flip_signs(gen, lanes, &a, &b);
	else if (!is_signed) {
		/* a <= b if min(a, b) is a; a >= b if max(a, b) is a. */
		OP(gen, lanes, predicate == LESS ? JIT_V_MAXU : JIT_V_MINU, r, a, b);
		OP(gen, lanes, JIT_V_EQUAL, r, r, a);
		return;
	}
	if (predicate == NOT_GREATER) {
		OP(gen, lanes, JIT_V_GREATER, r, a, b);
		return;
	}
	if (!is_held(b)) {
		gen_move(gen, lanes, r, b);
		b = r;
	}
	OP(gen, lanes, JIT_V_GREATER, r, b, a);
}

/* Sets RDX to a bit for each element of scratch 2, which are all ones or zero. */
static void take_bits(struct gen *gen, const struct lanes *lanes)
{
	const struct x86_arg r = scratch(lanes, 2), bits = x86_reg(4, RDX);
	struct x86 *x = &gen->x;

	switch (lanes->size) {
	case 0:
		X86(x, VPMOVMSKB, bits, r);
		break;
	case 1:
		X86(x, VPACKSSWB, r, r, r);
		if (lanes->width > 16)
			X86(x, VPERMQ, r, r, x86_imm(8));
		X86(x, VPMOVMSKB, bits, x86_xmm(lanes->first_scratch + 2));
		break;
	case 2:
		X86(x, VMOVMSKPS, bits, r);
		break;
	default:
		X86(x, VMOVMSKPD, bits, r);
	}
}

void gen_compare_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const bool is_signed = row->how->mnemonic == JIT_V_CMP;
	const unsigned predicate = row->how->size;
	struct x86_arg a = load_part(gen, lanes, 0, row->insn->rs2, at);
	struct x86_arg b = operand_b(gen, row->insn, lanes, 1, at);
	bool negated = predicate & NOT;

	/* By MAXU and GREATER, the opposite of "less" and of "not greater" was computed. */
	if ((predicate & 3) == LESS && !is_signed && lanes->size < 3)
		negated = !negated;
	if ((predicate & 3) == NOT_GREATER && (is_signed || lanes->size == 3))
		negated = !negated;
	compare(gen, row, a, b);
	take_bits(gen, lanes);
	if (negated)
		X86(&gen->x, NOT, x86_reg(4, RDX));
}

void gen_compare_floats_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	struct x86_arg a = load_part(gen, lanes, 0, row->insn->rs2, at);
	struct x86_arg b = operand_b(gen, row->insn, lanes, 1, at);

	if (row->active_only) {
		gen_active_vector(gen, lanes, vector_is_masked(row->insn->raw), 0);
		OP(gen, lanes, JIT_V_AND, scratch(lanes, 3), x86_reg(lanes->width, ACTIVE_VECTOR),
		   b);
		OP(gen, lanes, JIT_V_AND, scratch(lanes, 0), x86_reg(lanes->width, ACTIVE_VECTOR),
		   a);
		a = scratch(lanes, 0);
		b = scratch(lanes, 3);
	}
	OP(gen, lanes, JIT_V_FCMP, scratch(lanes, 2), a, b, x86_imm(row->how->size));
	take_bits(gen, lanes);
}
