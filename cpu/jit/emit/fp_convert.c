/* SPDX-License-Identifier: MIT */
/* Emitters of conversions: between integers and floating point, and between formats. */
#include "cpu/jit/emit/emit.h"
#include "cpu/jit/emit/fp.h"

/* The conversions of x86: [double][truncates]; the others round as MXCSR says, to nearest. */
static const u16 to_int[2][2] = {
	{ ZYDIS_MNEMONIC_CVTSS2SI, ZYDIS_MNEMONIC_CVTTSS2SI },
	{ ZYDIS_MNEMONIC_CVTSD2SI, ZYDIS_MNEMONIC_CVTTSD2SI },
};

static void convert_to_int(struct gen *gen, unsigned size, struct x86_arg from, unsigned bytes,
			   bool truncates)
{
	x86_write(&gen->x, to_int[size == 8][truncates], 2,
		  (struct x86_arg[]){ x86_reg(bytes, RAX), from });
}

/* Writes the integer of `bytes` bytes in RAX to rd, sign-extended. */
static void write_int(struct gen *gen, unsigned rd, unsigned bytes)
{
	unsigned reg = gen_target(gen, rd);

	if (bytes == 4)
		X86(&gen->x, MOVSXD, x86_reg(8, reg), x86_reg(4, RAX));
	gen_write_x(gen, rd, bytes == 4 ? reg : RAX);
	gen_set_fp_dirty(gen);
}

/*
 * Emits a conversion to a signed integer of `mnemonic` bytes. x86 returns the least integer for a
 * number that does not fit, so that result is left to the body. Rounding up or down takes two
 * steps: the number is rounded without flags and converted, and if it fits, it is rounded once more
 * to raise the inexact flag.
 */
bool jit_fp_to_int(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned bytes = how->mnemonic;
	s32 mode = fp_rounding(gen, insn);
	bool twice = mode == DOWN || mode == UP;
	struct x86_arg from;

	if (mode < 0 || !fp_can_compute(gen, how->size))
		return false;
	gen_require_boxed(gen, insn->rs1, how->size);
	from = fp_operand(gen, XMM1, insn->rs1, how->size);
	if (twice)
		fp_round_integral(gen, how->size, from, mode | QUIETLY);
	convert_to_int(gen, how->size, twice ? x86_xmm(XMM0) : from, bytes, mode != TO_NEAREST);
	X86(&gen->x, CMP, x86_reg(bytes, RAX), x86_imm(1));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JO);
	if (twice)
		fp_round_integral(gen, how->size, from, mode);
	write_int(gen, insn->rd, bytes);
	return true;
}

/*
 * Returns the bits of a floating-point number such that all positive numbers below it, however they
 * are rounded, fit into an unsigned word, or into a signed doubleword.
 */
static u64 unsigned_limit(unsigned size, bool word)
{
	if (size == 2)
		return 0x7c00; /* infinity */
	if (size == 4)
		return word ? 0x4f800000 : 0x5f000000;
	return word ? 0x41efffffffe00000 : 0x43e0000000000000;
}

/*
 * Emits a conversion to an unsigned integer of `mnemonic` bytes. Negative numbers, whose bits are
 * above all limits, and results in the upper half of the doublewords are left to the body.
 */
bool jit_fp_to_unsigned(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	s32 mode = fp_rounding(gen, insn);
	struct x86 *x = &gen->x;

	if ((mode != TO_NEAREST && mode != TRUNCATE) || !fp_can_compute(gen, how->size))
		return false;
	gen_require_boxed(gen, insn->rs1, how->size);
	gen_read_bits(gen, RAX, insn->rs1);
	gen_constant(gen, RCX, unsigned_limit(how->size, how->mnemonic == 4));
	X86(x, CMP, x86_reg(how->size, RAX), x86_reg(how->size, RCX));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNB);
	convert_to_int(gen, how->size, fp_operand(gen, XMM0, insn->rs1, how->size), 8,
		       mode == TRUNCATE);
	write_int(gen, insn->rd, how->mnemonic);
	return true;
}

/* Loads a signed or unsigned integer of `bytes` bytes into RAX, extended to 64 bits. */
static void read_int(struct gen *gen, unsigned rs, unsigned bytes, bool is_unsigned)
{
	if (bytes == 8)
		gen_read_x(gen, RAX, rs);
	else if (is_unsigned)
		X86(&gen->x, MOV, x86_reg(4, RAX), gen_x(gen, 4, rs));
	else
		X86(&gen->x, MOVSXD, x86_reg(8, RAX), gen_x(gen, 4, rs));
}

/*
 * Writes a check that goes to the body if the integer in RAX has more bits than the format's
 * significand.
 */
static void require_exact(struct gen *gen, unsigned size, bool is_unsigned)
{
	unsigned bits = size == 2 ? 11 : size == 4 ? 24 : 53;
	struct x86 *x = &gen->x;

	gen_constant(gen, RCX, is_unsigned ? 0 : BIT(bits));
	X86(x, ADD, x86_reg(8, RCX), x86_reg(8, RAX));
	X86(x, SHR, x86_reg(8, RCX), x86_imm(bits + !is_unsigned));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

/*
 * Emits a conversion from a signed integer of `mnemonic` bytes, or (`flag`) an unsigned one. If the
 * rounding mode is not to nearest, only exact results are emitted. An unsigned doubleword must not
 * be negative as a signed one, because x86 converts only signed integers.
 */
bool jit_int_to_fp(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const unsigned to = fp_target(gen, insn->rd, how->size);
	bool exact = how->size == 8 && how->mnemonic == 4;
	struct x86_arg from = gen_x(gen, how->mnemonic, insn->rs1);
	struct x86 *x = &gen->x;
	bool rounds = !exact && !fp_to_nearest(gen, insn);

	if (!fp_is_mode(gen, insn) || !fp_can_compute(gen, how->size))
		return false;
	if (rounds || how->flag) {
		read_int(gen, insn->rs1, how->mnemonic, how->flag);
		from = x86_reg(8, RAX);
	}
	if (rounds)
		require_exact(gen, how->size, how->flag);
	if (how->flag && how->mnemonic == 8) {
		X86(x, TEST, from, from);
		gen_slow_path(gen, ZYDIS_MNEMONIC_JS);
	}
	/*
	 * The part of the register that the conversion does not write remains all ones: a NaN box.
	 */
	X86(x, PCMPEQD, x86_xmm(to), x86_xmm(to));
	if (how->size == 8)
		X86(x, CVTSI2SD, x86_xmm(to), from);
	else
		X86(x, CVTSI2SS, x86_xmm(to), from);
	fp_write_result(gen, insn->rd, to, how->size);
	return true;
}

/* Emits conversions between singles and doubles: `size` is the result's. */
bool jit_fp_convert(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const unsigned to = gen_target_f(gen, insn->rd);
	struct x86 *x = &gen->x;
	struct x86_arg from;

	if (!(how->size == 8 ? fp_is_mode : fp_to_nearest)(gen, insn))
		return false;
	gen_require_boxed(gen, insn->rs1, 12 - how->size);
	from = x86_xmm(gen_source_f(gen, XMM1, insn->rs1));
	X86(x, PCMPEQD, x86_xmm(XMM0), x86_xmm(XMM0));
	fp_compute(gen, how->size == 4 ? ZYDIS_MNEMONIC_CVTSD2SS : ZYDIS_MNEMONIC_CVTSS2SD, to,
		   XMM0, from);
	fp_replace_nan(gen, to, how->size);
	gen_write_f(gen, insn->rd, to);
	return true;
}

/*
 * Emits conversions from and to halves: `size` is the result's. That of a double to a half has no
 * emitter, because rounding it to a single first could give another result.
 */
bool jit_half_convert(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	if (!gen->jit->host.has_f16c || !(how->size == 2 ? fp_to_nearest : fp_is_mode)(gen, insn))
		return false;
	gen_require_boxed(gen, insn->rs1, how->size == 2 ? 4 : 2);
	fp_read_operand(gen, XMM0, insn->rs1, how->size == 2 ? 4 : 2);
	fp_refuse_nan(gen, 4);
	X86(x, PCMPEQD, x86_xmm(XMM1), x86_xmm(XMM1));
	if (how->size == 8)
		X86(x, CVTSS2SD, x86_xmm(XMM0), x86_xmm(XMM0));
	else
		X86(x, MOVSS, x86_xmm(XMM1), x86_xmm(XMM0));
	if (how->size == 4)
		X86(x, MOVAPS, x86_xmm(XMM0), x86_xmm(XMM1));
	if (how->size == 2)
		X86(x, VCVTPS2PH, x86_xmm(XMM0), x86_xmm(XMM1), x86_imm(0));
	gen_write_f(gen, insn->rd, XMM0);
	return true;
}
