/* SPDX-License-Identifier: MIT */
/*
 * Emitters of floating point. SSE or AVX computes, with MXCSR set to round to nearest even, and
 * collects the exception flags there. Sums, products, quotients and roots raise the flags that
 * RISC-V requires even if the result is a NaN; such a result is replaced by the canonical NaN,
 * unless the guest cannot observe it (nan.h). Cases in which x86 differs are left to the body: a
 * fused multiply-add whose result is a NaN, because infinity times zero plus a quiet NaN is invalid
 * on RISC-V; the minimum or maximum of a NaN; conversions of halves that are NaNs; narrower values
 * that are not NaN-boxed; other rounding modes. Halves are computed as singles, if the host has
 * F16C: for sums, products, quotients and roots a single is precise enough to be rounded a second
 * time (S. Figueroa, "When is double rounding innocuous?", 1995).
 */
#include "cpu/jit/emit/fp.h"

#include "cpu/fpu/fpu.h"
#include "cpu/jit/emit/emit.h"
#include "cpu/jit/nan.h"

void fp_refuse_nan(struct gen *gen, unsigned size)
{
	gen_compare_nan(&gen->x, XMM0, size);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JP);
}

void fp_replace_nan(struct gen *gen, unsigned xmm, unsigned size)
{
	struct x86 hot;

	gen_compare_nan(&gen->x, xmm, size);
	hot = gen_begin_cold(gen, x86_jump(&gen->x, ZYDIS_MNEMONIC_JP));
	gen_write_nan(&gen->x, xmm, size);
	gen_end_cold(gen, hot);
}

bool fp_can_compute(const struct gen *gen, unsigned size)
{
	return size != 2 || gen->jit->host.has_f16c;
}

struct x86_arg fp_operand(struct gen *gen, unsigned xmm, unsigned reg, unsigned size)
{
	if (size != 2)
		return gen_f(gen, size, reg);
	/*
	 * The three upper halves, which are the NaN box, become NaNs, and become a box again when
	 * the result is converted to halves.
	 */
	X86(&gen->x, VCVTPH2PS, x86_xmm(xmm), gen_f(gen, 8, reg));
	return x86_xmm(xmm);
}

void fp_read_operand(struct gen *gen, unsigned xmm, unsigned reg, unsigned size)
{
	if (size == 2)
		fp_operand(gen, xmm, reg, size);
	else
		gen_read_f(gen, xmm, reg);
}

/* Returns a host register that holds an operand: the one to which it is pinned, or `xmm`. */
static unsigned fp_source(struct gen *gen, unsigned xmm, unsigned reg, unsigned size)
{
	if (size != 2)
		return gen_source_f(gen, xmm, reg);
	fp_operand(gen, xmm, reg, size);
	return xmm;
}

unsigned fp_target(const struct gen *gen, unsigned fd, unsigned size)
{
	return size == 2 ? XMM0 : gen_target_f(gen, fd);
}

void fp_write_result(struct gen *gen, unsigned fd, unsigned xmm, unsigned size)
{
	if (size == 2)
		X86(&gen->x, VCVTPS2PH, x86_xmm(xmm), x86_xmm(xmm), x86_imm(0));
	gen_write_f(gen, fd, xmm);
}

static bool is_register(struct x86_arg arg, unsigned reg)
{
	return is_held(arg) && x86_base(arg) == reg;
}

/* Writes an instruction with three operands, as the AVX form of an SSE instruction. */
static void write_avx(struct x86 *x, unsigned sse, const struct x86_arg args[3])
{
	const u32 vex = x->vex;

	x->vex = X86_VEX;
	x86_write(x, (ZydisMnemonic)sse, 3, args);
	x->vex = vex;
}

void fp_compute(struct gen *gen, unsigned mnemonic, unsigned to, unsigned first,
		struct x86_arg second)
{
	unsigned in = to != first && is_register(second, to) ? XMM0 : to;
	struct x86 *x = &gen->x;

	if (gen->jit->host.has_avx) {
		write_avx(x, mnemonic, (struct x86_arg[]){ x86_xmm(to), x86_xmm(first), second });
		return;
	}
	if (in != first)
		X86(x, MOVAPS, x86_xmm(in), x86_xmm(first));
	x86_write(x, (ZydisMnemonic)mnemonic, 2, (struct x86_arg[]){ x86_xmm(in), second });
	if (in != to)
		X86(x, MOVAPS, x86_xmm(to), x86_xmm(in));
}

bool fp_to_nearest(const struct gen *gen, const struct insn *insn)
{
	unsigned rm = insn->rs3_rm & 7;

	return rm == RM_RNE || (rm == RM_DYN && !(gen->block->key & BLOCK_KEY_RM));
}

s32 fp_rounding(const struct gen *gen, const struct insn *insn)
{
	static const s8 modes[] = {
		[RM_RNE] = TO_NEAREST,
		[RM_RTZ] = TRUNCATE,
		[RM_RDN] = DOWN,
		[RM_RUP] = UP,
	};
	unsigned rm = insn->rs3_rm & 7;

	if (fp_to_nearest(gen, insn))
		return TO_NEAREST;
	return rm < ARRAY_SIZE(modes) ? modes[rm] : -1;
}

void fp_round_integral(struct gen *gen, unsigned size, struct x86_arg from, s32 mode)
{
	if (size == 8)
		X86(&gen->x, ROUNDSD, x86_xmm(XMM0), from, x86_imm(mode));
	else
		X86(&gen->x, ROUNDSS, x86_xmm(XMM0), from, x86_imm(mode));
}

bool fp_is_mode(const struct gen *gen, const struct insn *insn)
{
	return (insn->rs3_rm & 7) <= RM_RMM || fp_to_nearest(gen, insn);
}

bool jit_fp_op(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const unsigned to = fp_target(gen, insn->rd, how->size);
	struct x86_arg second;
	unsigned first;

	if (!fp_to_nearest(gen, insn) || !fp_can_compute(gen, how->size))
		return false;
	gen_require_boxed(gen, insn->rs1, how->size);
	gen_require_boxed(gen, insn->rs2, how->size);
	first = fp_source(gen, XMM0, insn->rs1, how->size);
	second = fp_operand(gen, XMM1, insn->rs2, how->size);
	fp_compute(gen, how->mnemonic, to, first, second);
	if (!gen_hides_nan(gen, insn))
		fp_replace_nan(gen, to, how->size);
	fp_write_result(gen, insn->rd, to, how->size);
	return true;
}

bool jit_fp_sqrt(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const unsigned to = fp_target(gen, insn->rd, how->size);
	unsigned from;

	if (!fp_to_nearest(gen, insn) || !fp_can_compute(gen, how->size))
		return false;
	gen_require_boxed(gen, insn->rs1, how->size);
	from = fp_source(gen, XMM0, insn->rs1, how->size);
	fp_compute(gen, how->mnemonic, to, from, x86_xmm(from));
	if (!gen_hides_nan(gen, insn))
		fp_replace_nan(gen, to, how->size);
	fp_write_result(gen, insn->rd, to, how->size);
	return true;
}

bool jit_fp_fma(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned rs3 = insn->rs3_rm >> 3;
	struct x86_arg second;

	if (!fp_to_nearest(gen, insn) || !gen->jit->host.has_fma)
		return false;
	gen_require_boxed(gen, insn->rs1, how->size);
	gen_require_boxed(gen, insn->rs2, how->size);
	gen_require_boxed(gen, rs3, how->size);
	gen_read_f(gen, XMM0, insn->rs1);
	second = gen_f(gen, 8, insn->rs2);
	if (!is_held(second)) {
		X86(&gen->x, MOVQ, x86_xmm(XMM1), second);
		second = x86_xmm(XMM1);
	}
	x86_write(&gen->x, how->mnemonic, 3,
		  (struct x86_arg[]){ x86_xmm(XMM0), second, gen_f(gen, how->size, rs3) });
	fp_refuse_nan(gen, how->size);
	gen_write_f(gen, insn->rd, XMM0);
	return true;
}

/*
 * Emits a comparison. `mnemonic` sets AL after x86 has compared rs2 with rs1; the rest of RAX is
 * cleared before. For an unordered pair it is false, except for equality, which checks the parity
 * flag as well. `flag`: the comparison is quiet.
 */
bool jit_fp_compare(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;
	unsigned quiet = how->size == 8 ? ZYDIS_MNEMONIC_UCOMISD : ZYDIS_MNEMONIC_UCOMISS;
	unsigned loud = how->size == 8 ? ZYDIS_MNEMONIC_COMISD : ZYDIS_MNEMONIC_COMISS;
	struct x86_arg first;
	unsigned second;

	if (!fp_can_compute(gen, how->size))
		return false;
	gen_require_boxed(gen, insn->rs2, how->size);
	gen_require_boxed(gen, insn->rs1, how->size);
	second = fp_source(gen, XMM0, insn->rs2, how->size);
	first = fp_operand(gen, XMM1, insn->rs1, how->size);
	X86(x, XOR, x86_reg(4, RAX), x86_reg(4, RAX));
	x86_write(x, how->flag ? quiet : loud, 2, (struct x86_arg[]){ x86_xmm(second), first });
	x86_write(x, how->mnemonic, 1, (struct x86_arg[]){ x86_reg(1, RAX) });
	if (how->mnemonic == ZYDIS_MNEMONIC_SETZ) {
		X86(x, SETNP, x86_reg(1, RCX));
		X86(x, AND, x86_reg(1, RAX), x86_reg(1, RCX));
	}
	gen_write_x(gen, insn->rd, RAX);
	gen_set_fp_dirty(gen);
	return true;
}

/* Emits FROUND and (`flag`) FROUNDNX, which raises the inexact flag. */
bool jit_fp_round(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	s32 mode = fp_rounding(gen, insn);

	if (mode < 0 || !fp_can_compute(gen, how->size))
		return false;
	gen_require_boxed(gen, insn->rs1, how->size);
	/* The NaN box above a narrower value is preserved. */
	fp_read_operand(gen, XMM0, insn->rs1, how->size);
	fp_round_integral(gen, how->size, x86_xmm(XMM0), how->flag ? mode : mode | QUIETLY);
	fp_replace_nan(gen, XMM0, how->size);
	fp_write_result(gen, insn->rd, XMM0, how->size);
	return true;
}

/*
 * Emits the minimum (`flag`: maximum) of singles or doubles. If the operands are equal, x86's
 * `mnemonic` returns the second one. Equal operands can differ only in the sign of zero, so the
 * result is computed in both orders: the OR of the two results is the lesser zero, and the AND the
 * greater one.
 */
static void emit_min_max(struct gen *gen, const struct insn *insn, const struct emitter *how,
			 struct x86_arg second)
{
	struct x86 *x = &gen->x;

	gen_slow_path(gen, ZYDIS_MNEMONIC_JP);
	gen_read_f(gen, XMM1, insn->rs2);
	x86_write(x, how->mnemonic, 2, (struct x86_arg[]){ x86_xmm(XMM1), x86_xmm(XMM0) });
	x86_write(x, how->mnemonic, 2, (struct x86_arg[]){ x86_xmm(XMM0), second });
	if (how->flag)
		X86(x, ANDPS, x86_xmm(XMM0), x86_xmm(XMM1));
	else
		X86(x, ORPS, x86_xmm(XMM0), x86_xmm(XMM1));
}

/*
 * Emits the minimum or maximum. The case of an operand that is a NaN, and that of equal halves, are
 * left to the body.
 */
bool jit_fp_min_max(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;
	struct x86_arg second;

	if (!fp_can_compute(gen, how->size))
		return false;
	gen_require_boxed(gen, insn->rs1, how->size);
	gen_require_boxed(gen, insn->rs2, how->size);
	fp_read_operand(gen, XMM0, insn->rs1, how->size);
	second = fp_operand(gen, XMM1, insn->rs2, how->size);
	if (how->size == 8)
		X86(x, UCOMISD, x86_xmm(XMM0), second);
	else
		X86(x, UCOMISS, x86_xmm(XMM0), second);
	if (how->size == 2) {
		gen_slow_path(gen, ZYDIS_MNEMONIC_JZ);
		x86_write(x, how->mnemonic, 2, (struct x86_arg[]){ x86_xmm(XMM0), second });
	} else {
		emit_min_max(gen, insn, how, second);
	}
	fp_write_result(gen, insn->rd, XMM0, how->size);
	return true;
}
