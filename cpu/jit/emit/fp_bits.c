/* SPDX-License-Identifier: MIT */
/* Emitters of floating point that do not compute: signs, classes, constants, moves. */
#include "cpu/fpu/fpu.h"
#include "cpu/jit/emit/emit.h"

/* Leaves in RCX the sign bit of rs2, or its inverse, and clears all other bits. */
static void read_sign(struct gen *gen, unsigned rs2, unsigned size, bool inverted)
{
	struct x86 *x = &gen->x;

	gen_read_bits(gen, RCX, rs2);
	if (inverted)
		X86(x, NOT, x86_reg(8, RCX));
	if (size < 8) {
		X86(x, AND, x86_reg(4, RCX), x86_imm(size == 4 ? (s32)F32_SIGN : (s32)F16_SIGN));
	} else {
		X86(x, SHR, x86_reg(8, RCX), x86_imm(63));
		X86(x, SHL, x86_reg(8, RCX), x86_imm(63));
	}
}

/* Emits a sign injection of two registers. The NaN box of rs1 is preserved. */
static void take_sign(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	read_sign(gen, insn->rs2, how->size, how->flag);
	gen_read_bits(gen, RAX, insn->rs1);
	if (how->mnemonic == ZYDIS_MNEMONIC_OR)
		X86(x, BTR, x86_reg(8, RAX), x86_imm(how->size * 8 - 1));
	x86_write(x, how->mnemonic, 2, (struct x86_arg[]){ x86_reg(8, RAX), x86_reg(8, RCX) });
	X86(x, MOVQ, x86_xmm(XMM0), x86_reg(8, RAX));
}

/*
 * Emits a sign injection of one register: fneg (fsgnjn) inverts the sign, and fabs (fsgnjx) clears
 * it.
 */
static void change_sign(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const unsigned from = gen_source_f(gen, XMM1, insn->rs1);
	struct x86 *x = &gen->x;

	X86(x, PCMPEQD, x86_xmm(XMM0), x86_xmm(XMM0));
	X86(x, PSLLQ, x86_xmm(XMM0), x86_imm(63));
	if (how->size < 8)
		X86(x, PSRLQ, x86_xmm(XMM0), x86_imm(64 - 8 * how->size));
	if (how->flag)
		X86(x, XORPS, x86_xmm(XMM0), x86_xmm(from));
	else
		X86(x, ANDNPS, x86_xmm(XMM0), x86_xmm(from));
}

/*
 * Emits sign injections. `mnemonic` is OR to take the sign of rs2 (`flag`: its inverse), or XOR to
 * multiply by it.
 */
bool jit_fp_sign(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const bool takes = how->mnemonic == ZYDIS_MNEMONIC_OR;
	unsigned result = XMM0;

	gen_require_boxed(gen, insn->rs1, how->size);
	gen_require_boxed(gen, insn->rs2, how->size);
	if (insn->rs1 != insn->rs2)
		take_sign(gen, insn, how);
	else if (takes && !how->flag)
		result = gen_source_f(gen, XMM0, insn->rs1);
	else
		change_sign(gen, insn, how);
	gen_write_f(gen, insn->rd, result);
	return true;
}

/* Returns the constant that FLI loads, in its NaN box. */
static u64 constant(unsigned size, unsigned index)
{
	if (size == 2)
		return f16_box(f16_constant(index));
	return size == 4 ? f32_box(f32_constant(index)) : f64_constant(index);
}

/* Emits FLI. */
bool jit_fp_constant(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const unsigned to = gen_target_f(gen, insn->rd);

	gen_constant(gen, RAX, constant(how->size, (unsigned)insn->imm));
	X86(&gen->x, MOVQ, x86_xmm(to), x86_reg(8, RAX));
	gen_write_f(gen, insn->rd, to);
	return true;
}

/*
 * Emits FCLASS. The classes from -inf to +inf have the bits 0 to 7 of the result. A positive number
 * has one of the bits 4 to 7 by its magnitude (zero, subnormal, normal, infinite), and a negative
 * one the bit whose number is 7 minus that of its absolute value.
 */
bool jit_fp_class(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned size = how->size, frac = size == 2 ? 10 : size == 4 ? 23 : 52;
	const struct x86_arg a = x86_reg(size, RAX), c = x86_reg(size, RCX);
	const struct x86_arg d = x86_reg(4, RDX);
	struct x86 *x = &gen->x;

	gen_require_boxed(gen, insn->rs1, size);
	gen_read_bits(gen, RAX, insn->rs1);
	gen_constant(gen, RCX, BIT(size * 8 - 1) - BIT(frac)); /* infinity */
	X86(x, BTR, a, x86_imm(size * 8 - 1));
	X86(x, SBB, d, d);
	X86(x, AND, d, x86_imm(7));
	X86(x, CMP, a, c);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNBE);
	X86(x, MOV, x86_reg(4, RCX), x86_imm(4));
	/*
	 * Each comparison sets the carry if the magnitude is below a threshold; SBB of -1 adds 1
	 * otherwise.
	 */
	X86(x, SBB, x86_reg(4, RCX), x86_imm(-1));
	X86(x, CMP, a, x86_imm(1));
	X86(x, SBB, x86_reg(4, RCX), x86_imm(-1));
	X86(x, SHR, a, x86_imm(frac));
	X86(x, CMP, a, x86_imm(1));
	X86(x, SBB, x86_reg(4, RCX), x86_imm(-1));
	X86(x, XOR, x86_reg(4, RCX), d);
	gen_constant(gen, RAX, 0);
	X86(x, BTS, x86_reg(8, RAX), x86_reg(8, RCX));
	gen_write_x(gen, insn->rd, RAX);
	return true;
}

/* Emits fmv.x.h, fmv.x.w and fmv.x.d. */
bool jit_x_move_fp(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(gen, insn->rd);
	struct x86 *x = &gen->x;

	if (insn->rd == X_SINK)
		return true;
	gen_read_bits(gen, reg, insn->rs1);
	if (how->size == 4)
		X86(x, MOVSXD, x86_reg(8, reg), x86_reg(4, reg));
	if (how->size == 2)
		X86(x, MOVSX, x86_reg(8, reg), x86_reg(2, reg));
	gen_write_x(gen, insn->rd, reg);
	return true;
}

/* Emits fmv.h.x, fmv.w.x and fmv.d.x. */
bool jit_fp_move_x(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const unsigned to = gen_target_f(gen, insn->rd);
	struct x86 *x = &gen->x;

	if (how->size == 2) {
		gen_read_x(gen, RAX, insn->rs1);
		X86(x, PCMPEQD, x86_xmm(to), x86_xmm(to));
		X86(x, PINSRW, x86_xmm(to), x86_reg(4, RAX), x86_imm(0));
	} else if (how->size == 4) {
		X86(x, MOVD, x86_xmm(to), gen_x(gen, 4, insn->rs1));
		gen_box_single(gen, to);
	} else {
		X86(x, MOVQ, x86_xmm(to), gen_x(gen, 8, insn->rs1));
	}
	gen_write_f(gen, insn->rd, to);
	return true;
}
