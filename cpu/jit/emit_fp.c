/* SPDX-License-Identifier: MIT */
/*
 * Emitters of floating point: SSE computes, with MXCSR at round-to-nearest-even, and collects the
 * flags there. What x86 does otherwise than RISC-V is the body's: a result that is a NaN, since the
 * canonical one is another and infinity times zero plus a quiet NaN is invalid; a single that is
 * not NaN-boxed; and other rounding.
 */
#include "cpu/fpu/fpu.h"
#include "cpu/jit/emit.h"

static bool is_pinned_f(unsigned reg)
{
	return pin_f[reg] != X86_NONE;
}

/* Returns where an f register is; `size` counts if that is in memory. */
static struct x86_arg gen_f(unsigned size, unsigned reg)
{
	if (is_pinned_f(reg))
		return x86_xmm(pin_f[reg]);
	return x86_at(size, ENV, ENV_OF(f) + 8 * (s64)reg);
}

/* Loads all 64 bits of an f register. */
void gen_read_f(struct gen *gen, unsigned xmm, unsigned reg)
{
	if (is_pinned_f(reg))
		X86(&gen->x, MOVAPS, x86_xmm(xmm), gen_f(16, reg));
	else
		X86(&gen->x, MOVQ, x86_xmm(xmm), gen_f(8, reg));
}

/* The unit's state is dirty from here on. */
static void note_dirty(struct gen *gen)
{
	if (!gen->dirty)
		X86(&gen->x, MOV, x86_at(1, ENV, ENV_OF(fp_dirty)), x86_imm(1));
	gen->dirty = true;
}

/* Makes fd all of `xmm`, which has a boxed value if the size is 4. */
void gen_write_f(struct gen *gen, unsigned fd, unsigned xmm, unsigned size)
{
	if (is_pinned_f(fd))
		X86(&gen->x, MOVAPS, gen_f(16, fd), x86_xmm(xmm));
	else
		X86(&gen->x, MOVQ, gen_f(8, fd), x86_xmm(xmm));
	if (size == 4)
		gen->boxed |= 1u << fd;
	else
		gen->boxed &= ~(1u << fd);
	note_dirty(gen);
}

/*
 * A single that is not NaN-boxed reads as a NaN, which is the body's. That it was boxed here says
 * nothing about later instructions, because the body returns to them.
 */
static void require_boxed(struct gen *gen, unsigned reg, unsigned size)
{
	if (size != 4 || gen->boxed >> reg & 1)
		return;
	if (is_pinned_f(reg)) {
		X86(&gen->x, PEXTRD, x86_reg(4, RAX), gen_f(16, reg), x86_imm(1));
		X86(&gen->x, CMP, x86_reg(4, RAX), x86_imm(-1));
	} else {
		X86(&gen->x, CMP, x86_at(4, ENV, ENV_OF(f) + 8 * (s64)reg + 4), x86_imm(-1));
	}
	gen_cold(gen, ZYDIS_MNEMONIC_JNZ);
}

/* The result in XMM0 is the body's if it is a NaN. */
static void refuse_nan(struct gen *gen, unsigned size)
{
	if (size == 4)
		X86(&gen->x, UCOMISS, x86_xmm(XMM0), x86_xmm(XMM0));
	else
		X86(&gen->x, UCOMISD, x86_xmm(XMM0), x86_xmm(XMM0));
	gen_cold(gen, ZYDIS_MNEMONIC_JP);
}

/* The block's key says whether the dynamic mode is to nearest. */
static bool to_nearest(const struct gen *gen, const struct insn *insn)
{
	unsigned rm = insn->rs3_rm & 7;

	return rm == RM_RNE || (rm == RM_DYN && !(gen->block->key & BLOCK_KEY_RM));
}

/* An operation that never rounds needs a mode that is not reserved all the same. */
static bool is_mode(const struct gen *gen, const struct insn *insn)
{
	return (insn->rs3_rm & 7) <= RM_RMM || to_nearest(gen, insn);
}

bool jit_fp_op(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	if (!to_nearest(gen, insn))
		return false;
	require_boxed(gen, insn->rs1, how->size);
	require_boxed(gen, insn->rs2, how->size);
	gen_read_f(gen, XMM0, insn->rs1);
	x86_write(&gen->x, how->mnemonic, 2,
		  (struct x86_arg[]){ x86_xmm(XMM0), gen_f(how->size, insn->rs2) });
	refuse_nan(gen, how->size);
	gen_write_f(gen, insn->rd, XMM0, how->size);
	return true;
}

bool jit_fp_sqrt(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	if (!to_nearest(gen, insn))
		return false;
	require_boxed(gen, insn->rs1, how->size);
	gen_read_f(gen, XMM0, insn->rs1);
	x86_write(&gen->x, how->mnemonic, 2, (struct x86_arg[]){ x86_xmm(XMM0), x86_xmm(XMM0) });
	refuse_nan(gen, how->size);
	gen_write_f(gen, insn->rd, XMM0, how->size);
	return true;
}

bool jit_fp_fma(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned rs3 = insn->rs3_rm >> 3, second = XMM0 + 1;

	if (!to_nearest(gen, insn) || !gen->jit->has_fma)
		return false;
	require_boxed(gen, insn->rs1, how->size);
	require_boxed(gen, insn->rs2, how->size);
	require_boxed(gen, rs3, how->size);
	gen_read_f(gen, XMM0, insn->rs1);
	if (is_pinned_f(insn->rs2))
		second = pin_f[insn->rs2];
	else
		gen_read_f(gen, second, insn->rs2);
	x86_write(&gen->x, how->mnemonic, 3,
		  (struct x86_arg[]){ x86_xmm(XMM0), x86_xmm(second), gen_f(how->size, rs3) });
	refuse_nan(gen, how->size);
	gen_write_f(gen, insn->rd, XMM0, how->size);
	return true;
}

/* Loads an f register into a general one. */
static void move_to_x(struct gen *gen, unsigned reg, unsigned fs)
{
	if (is_pinned_f(fs))
		X86(&gen->x, MOVQ, x86_reg(8, reg), gen_f(16, fs));
	else
		X86(&gen->x, MOV, x86_reg(8, reg), gen_f(8, fs));
}

/* Leaves the sign bit of rs2, or its opposite, and no other bit in RCX. */
static void read_sign(struct gen *gen, unsigned rs2, unsigned size, bool inverted)
{
	struct x86 *x = &gen->x;

	move_to_x(gen, RCX, rs2);
	if (inverted)
		X86(x, NOT, x86_reg(8, RCX));
	if (size == 4) {
		X86(x, AND, x86_reg(4, RCX), x86_imm((s32)F32_SIGN));
	} else {
		X86(x, SHR, x86_reg(8, RCX), x86_imm(63));
		X86(x, SHL, x86_reg(8, RCX), x86_imm(63));
	}
}

/* `mnemonic` is OR to take the sign of rs2 (`flag`: the opposite), XOR to multiply by it. */
bool jit_fp_sign(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	bool takes = how->mnemonic == ZYDIS_MNEMONIC_OR;
	struct x86 *x = &gen->x;

	require_boxed(gen, insn->rs1, how->size);
	require_boxed(gen, insn->rs2, how->size);
	if (insn->rs1 == insn->rs2 && takes && !how->flag) {
		gen_read_f(gen, XMM0, insn->rs1);
	} else {
		/* The upper half of a boxed single stays as it is. */
		read_sign(gen, insn->rs2, how->size, how->flag);
		move_to_x(gen, RAX, insn->rs1);
		if (takes)
			X86(x, BTR, x86_reg(8, RAX), x86_imm(how->size * 8 - 1));
		x86_write(x, how->mnemonic, 2,
			  (struct x86_arg[]){ x86_reg(8, RAX), x86_reg(8, RCX) });
		X86(x, MOVQ, x86_xmm(XMM0), x86_reg(8, RAX));
	}
	gen_write_f(gen, insn->rd, XMM0, how->size);
	return true;
}

static void write_bool(struct gen *gen, unsigned rd)
{
	unsigned reg = gen_target(rd);

	X86(&gen->x, MOVZX, x86_reg(4, reg), x86_reg(1, RAX));
	gen_write_x(gen, rd, reg);
	note_dirty(gen);
}

/*
 * `mnemonic` sets AL behind a comparison of rs2 with rs1, which an unordered pair makes false.
 * `flag`: the comparison is for equality and quiet.
 */
bool jit_fp_compare(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;
	unsigned quiet = how->size == 4 ? ZYDIS_MNEMONIC_UCOMISS : ZYDIS_MNEMONIC_UCOMISD;
	unsigned loud = how->size == 4 ? ZYDIS_MNEMONIC_COMISS : ZYDIS_MNEMONIC_COMISD;

	require_boxed(gen, insn->rs1, how->size);
	require_boxed(gen, insn->rs2, how->size);
	gen_read_f(gen, XMM0, insn->rs2);
	x86_write(x, how->flag ? quiet : loud, 2,
		  (struct x86_arg[]){ x86_xmm(XMM0), gen_f(how->size, insn->rs1) });
	x86_write(x, how->mnemonic, 1, (struct x86_arg[]){ x86_reg(1, RAX) });
	if (how->flag) {
		X86(x, SETNP, x86_reg(1, RCX));
		X86(x, AND, x86_reg(1, RAX), x86_reg(1, RCX));
	}
	write_bool(gen, insn->rd);
	return true;
}

/* The conversions of x86 that round as asked for: [single or double][truncates]. */
static const u16 to_int[2][2] = {
	{ ZYDIS_MNEMONIC_CVTSD2SI, ZYDIS_MNEMONIC_CVTTSD2SI },
	{ ZYDIS_MNEMONIC_CVTSS2SI, ZYDIS_MNEMONIC_CVTTSS2SI },
};

/* To a signed integer of `mnemonic` bytes. The least one may stand for what does not fit. */
bool jit_fp_to_int(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	bool truncates = (insn->rs3_rm & 7) == RM_RTZ;
	unsigned reg = gen_target(insn->rd), bytes = how->mnemonic;
	struct x86 *x = &gen->x;

	if (!truncates && !to_nearest(gen, insn))
		return false;
	require_boxed(gen, insn->rs1, how->size);
	x86_write(x, to_int[how->size == 4][truncates], 2,
		  (struct x86_arg[]){ x86_reg(bytes, RAX), gen_f(how->size, insn->rs1) });
	X86(x, CMP, x86_reg(bytes, RAX), x86_imm(1));
	gen_cold(gen, ZYDIS_MNEMONIC_JO);
	if (bytes == 4)
		X86(x, MOVSXD, x86_reg(8, reg), x86_reg(4, RAX));
	gen_write_x(gen, insn->rd, bytes == 4 ? reg : RAX);
	note_dirty(gen);
	return true;
}

/* From a signed integer of `mnemonic` bytes, or (`flag`) from an unsigned word. */
bool jit_int_to_fp(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86_arg from = gen_x(how->mnemonic, insn->rs1);
	bool exact = how->size == 8 && (how->mnemonic == 4 || how->flag);
	struct x86 *x = &gen->x;

	if (!(exact ? is_mode : to_nearest)(gen, insn))
		return false;
	if (how->flag) {
		X86(x, MOV, x86_reg(4, RAX), gen_x(4, insn->rs1));
		from = x86_reg(8, RAX);
	}
	/* What is not written of the register stays all ones: a NaN box. */
	X86(x, PCMPEQD, x86_xmm(XMM0), x86_xmm(XMM0));
	if (how->size == 4)
		X86(x, CVTSI2SS, x86_xmm(XMM0), from);
	else
		X86(x, CVTSI2SD, x86_xmm(XMM0), from);
	gen_write_f(gen, insn->rd, XMM0, how->size);
	return true;
}

/* From the other format: `size` is the result's. */
bool jit_fp_convert(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	if (!(how->size == 8 ? is_mode : to_nearest)(gen, insn))
		return false;
	require_boxed(gen, insn->rs1, 12 - how->size);
	X86(x, PCMPEQD, x86_xmm(XMM0), x86_xmm(XMM0));
	if (how->size == 4)
		X86(x, CVTSD2SS, x86_xmm(XMM0), gen_f(8, insn->rs1));
	else
		X86(x, CVTSS2SD, x86_xmm(XMM0), gen_f(4, insn->rs1));
	refuse_nan(gen, how->size);
	gen_write_f(gen, insn->rd, XMM0, how->size);
	return true;
}

/* fmv.x.w and fmv.x.d */
bool jit_x_move_fp(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(insn->rd);
	struct x86 *x = &gen->x;

	if (insn->rd == X_SINK)
		return true;
	move_to_x(gen, reg, insn->rs1);
	if (how->size == 4)
		X86(x, MOVSXD, x86_reg(8, reg), x86_reg(4, reg));
	gen_write_x(gen, insn->rd, reg);
	return true;
}

/* fmv.w.x and fmv.d.x */
bool jit_fp_move_x(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	if (how->size == 4) {
		X86(x, PCMPEQD, x86_xmm(XMM0), x86_xmm(XMM0));
		X86(x, PINSRD, x86_xmm(XMM0), gen_x(4, insn->rs1), x86_imm(0));
	} else {
		X86(x, MOVQ, x86_xmm(XMM0), gen_x(8, insn->rs1));
	}
	gen_write_f(gen, insn->rd, XMM0, how->size);
	return true;
}
