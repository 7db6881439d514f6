/* SPDX-License-Identifier: MIT */
/*
 * Emitters of floating point: SSE computes, with MXCSR at round-to-nearest-even, and collects the
 * flags there. What x86 does otherwise than RISC-V is the body's: a result that is a NaN, since the
 * canonical one is another and infinity times zero plus a quiet NaN is invalid; a narrower value
 * that is not NaN-boxed; and other rounding. Halves are computed as singles, if the host has F16C:
 * for sums, products, quotients and roots a single is precise enough to be rounded again
 * (S. Figueroa, "When is double rounding innocuous?", 1995).
 */
#include "cpu/fpu/fpu.h"
#include "cpu/jit/emit/emit.h"

static bool is_pinned_f(const struct gen *gen, unsigned reg)
{
	return gen_pin_f(gen, reg) != X86_NONE;
}

/* Returns where an f register is in the hart, from the vector registers on (held.h). */
static s64 place_of_f(unsigned reg)
{
	return (s64)offsetof(struct hart, f) + 8 * (s64)reg - (s64)offsetof(struct hart, vector.v);
}

struct x86_arg gen_f(struct gen *gen, unsigned size, unsigned reg)
{
	struct x86_arg held;

	if (is_pinned_f(gen, reg))
		return x86_xmm(gen_pin_f(gen, reg));
	if (gen->f_in_hart) {
		held = gen_held(gen, 8, place_of_f(reg));
		if (is_held(held))
			return held;
	}
	return x86_at(size, ENV, ENV_OF(f) + 8 * (s64)reg);
}

/* Loads all 64 bits of an f register. */
void gen_read_f(struct gen *gen, unsigned xmm, unsigned reg)
{
	const struct x86_arg from = gen_f(gen, 8, reg);

	if (is_held(from))
		X86(&gen->x, MOVAPS, x86_xmm(xmm), from);
	else
		X86(&gen->x, MOVQ, x86_xmm(xmm), from);
}

void gen_note_fp_dirty(struct gen *gen)
{
	if (!gen->dirty)
		X86(&gen->x, MOV, x86_at(1, ENV, ENV_OF(fp_dirty)), x86_imm(1));
	gen->dirty = true;
}

/* Makes fd all of `xmm`, which has a boxed value if the size is less than 8. */
void gen_write_f(struct gen *gen, unsigned fd, unsigned xmm, unsigned size)
{
	if (is_pinned_f(gen, fd)) {
		X86(&gen->x, MOVAPS, x86_xmm(gen_pin_f(gen, fd)), x86_xmm(xmm));
	} else {
		X86(&gen->x, MOVQ, x86_at(8, ENV, ENV_OF(f) + 8 * (s64)fd), x86_xmm(xmm));
		if (gen->f_in_hart)
			gen_hold(gen, 8, place_of_f(fd), xmm);
	}
	if (size < 8)
		gen->boxed |= 1u << fd;
	else
		gen->boxed &= ~(1u << fd);
	gen_note_fp_dirty(gen);
}

void gen_read_bits(struct gen *gen, unsigned reg, unsigned fs)
{
	const struct x86_arg from = gen_f(gen, 8, fs);

	if (is_held(from))
		X86(&gen->x, MOVQ, x86_reg(8, reg), from);
	else
		X86(&gen->x, MOV, x86_reg(8, reg), from);
}

static void require_boxed_half(struct gen *gen, unsigned reg)
{
	gen_read_bits(gen, RAX, reg);
	X86(&gen->x, OR, x86_reg(8, RAX), x86_imm(0xffff));
	X86(&gen->x, CMP, x86_reg(8, RAX), x86_imm(-1));
	gen_cold(gen, ZYDIS_MNEMONIC_JNZ);
}

void emitter_compare_boxed(struct gen *gen, unsigned reg)
{
	if (is_pinned_f(gen, reg)) {
		X86(&gen->x, PEXTRD, x86_reg(4, RAX), gen_f(gen, 8, reg), x86_imm(1));
		X86(&gen->x, CMP, x86_reg(4, RAX), x86_imm(-1));
	} else {
		X86(&gen->x, CMP, x86_at(4, ENV, ENV_OF(f) + 8 * (s64)reg + 4), x86_imm(-1));
	}
}

/* That it was boxed here says nothing about later instructions: the body returns to them. */
void gen_require_boxed(struct gen *gen, unsigned reg, unsigned size)
{
	if (size == 2)
		require_boxed_half(gen, reg);
	if (size != 4 || gen->boxed >> reg & 1)
		return;
	emitter_compare_boxed(gen, reg);
	gen_cold(gen, ZYDIS_MNEMONIC_JNZ);
}

/* The result in XMM0 is the body's if it is a NaN. */
static void refuse_nan(struct gen *gen, unsigned size)
{
	if (size == 8)
		X86(&gen->x, UCOMISD, x86_xmm(XMM0), x86_xmm(XMM0));
	else
		X86(&gen->x, UCOMISS, x86_xmm(XMM0), x86_xmm(XMM0));
	gen_cold(gen, ZYDIS_MNEMONIC_JP);
}

/* Returns whether values of a size can be computed with. */
static bool can_compute(const struct gen *gen, unsigned size)
{
	return size != 2 || gen->jit->has_f16c;
}

/* Returns where an operand is, as a double or a single: a half is widened in `xmm`. */
static struct x86_arg operand(struct gen *gen, unsigned xmm, unsigned reg, unsigned size)
{
	if (size != 2)
		return gen_f(gen, size, reg);
	/* The box, three halves that are NaNs, becomes NaNs that become a box again. */
	X86(&gen->x, VCVTPH2PS, x86_xmm(xmm), gen_f(gen, 8, reg));
	return x86_xmm(xmm);
}

/* Loads an operand. */
static void read_operand(struct gen *gen, unsigned xmm, unsigned reg, unsigned size)
{
	if (size == 2)
		operand(gen, xmm, reg, size);
	else
		gen_read_f(gen, xmm, reg);
}

/* Loads one operand into XMM0, and returns where the other one is: XMM1 may have it. */
static struct x86_arg read_operands(struct gen *gen, unsigned one, unsigned other, unsigned size)
{
	gen_require_boxed(gen, one, size);
	gen_require_boxed(gen, other, size);
	read_operand(gen, XMM0, one, size);
	return operand(gen, XMM1, other, size);
}

/* Makes fd the result in XMM0. */
static void write_result(struct gen *gen, unsigned fd, unsigned size)
{
	if (size == 2)
		X86(&gen->x, VCVTPS2PH, x86_xmm(XMM0), x86_xmm(XMM0), x86_imm(0));
	gen_write_f(gen, fd, XMM0, size);
}

/* The block's key says whether the dynamic mode is to nearest. */
static bool to_nearest(const struct gen *gen, const struct insn *insn)
{
	unsigned rm = insn->rs3_rm & 7;

	return rm == RM_RNE || (rm == RM_DYN && !(gen->block->key & BLOCK_KEY_RM));
}

/*
 * How to round, as ROUNDSS and ROUNDSD have it (Intel 64 manual, volume 2, "Rounding Modes and
 * Encoding of Rounding Control Field"): not MXCSR's mode, and with or without the inexact flag.
 */
enum { TO_NEAREST = 0, DOWN = 1, UP = 2, TRUNCATE = 3, QUIETLY = 8 };

/* Returns how the instruction rounds; -1 is the body's: to nearest away, or what frm says. */
static s32 rounding(const struct gen *gen, const struct insn *insn)
{
	static const s8 modes[] = {
		[RM_RNE] = TO_NEAREST,
		[RM_RTZ] = TRUNCATE,
		[RM_RDN] = DOWN,
		[RM_RUP] = UP,
	};
	unsigned rm = insn->rs3_rm & 7;

	if (to_nearest(gen, insn))
		return TO_NEAREST;
	return rm < ARRAY_SIZE(modes) ? modes[rm] : -1;
}

/* Makes XMM0 a value rounded to an integral one. */
static void round_integral(struct gen *gen, unsigned size, struct x86_arg from, s32 mode)
{
	if (size == 8)
		X86(&gen->x, ROUNDSD, x86_xmm(XMM0), from, x86_imm(mode));
	else
		X86(&gen->x, ROUNDSS, x86_xmm(XMM0), from, x86_imm(mode));
}

/* An operation that never rounds needs a mode that is not reserved all the same. */
static bool is_mode(const struct gen *gen, const struct insn *insn)
{
	return (insn->rs3_rm & 7) <= RM_RMM || to_nearest(gen, insn);
}

bool jit_fp_op(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86_arg second;

	if (!to_nearest(gen, insn) || !can_compute(gen, how->size))
		return false;
	second = read_operands(gen, insn->rs1, insn->rs2, how->size);
	x86_write(&gen->x, how->mnemonic, 2, (struct x86_arg[]){ x86_xmm(XMM0), second });
	refuse_nan(gen, how->size);
	write_result(gen, insn->rd, how->size);
	return true;
}

bool jit_fp_sqrt(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	if (!to_nearest(gen, insn) || !can_compute(gen, how->size))
		return false;
	gen_require_boxed(gen, insn->rs1, how->size);
	read_operand(gen, XMM0, insn->rs1, how->size);
	x86_write(&gen->x, how->mnemonic, 2, (struct x86_arg[]){ x86_xmm(XMM0), x86_xmm(XMM0) });
	refuse_nan(gen, how->size);
	write_result(gen, insn->rd, how->size);
	return true;
}

bool jit_fp_fma(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned rs3 = insn->rs3_rm >> 3;
	struct x86_arg second;

	if (!to_nearest(gen, insn) || !gen->jit->has_fma)
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
	refuse_nan(gen, how->size);
	gen_write_f(gen, insn->rd, XMM0, how->size);
	return true;
}

static void write_bool(struct gen *gen, unsigned rd)
{
	unsigned reg = gen_target(rd);

	X86(&gen->x, MOVZX, x86_reg(4, reg), x86_reg(1, RAX));
	gen_write_x(gen, rd, reg);
	gen_note_fp_dirty(gen);
}

/*
 * `mnemonic` sets AL behind a comparison of rs2 with rs1, which an unordered pair makes false but
 * for equality. `flag`: the comparison is quiet.
 */
bool jit_fp_compare(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;
	unsigned quiet = how->size == 8 ? ZYDIS_MNEMONIC_UCOMISD : ZYDIS_MNEMONIC_UCOMISS;
	unsigned loud = how->size == 8 ? ZYDIS_MNEMONIC_COMISD : ZYDIS_MNEMONIC_COMISS;
	struct x86_arg first;

	if (!can_compute(gen, how->size))
		return false;
	first = read_operands(gen, insn->rs2, insn->rs1, how->size);
	x86_write(x, how->flag ? quiet : loud, 2, (struct x86_arg[]){ x86_xmm(XMM0), first });
	x86_write(x, how->mnemonic, 1, (struct x86_arg[]){ x86_reg(1, RAX) });
	if (how->mnemonic == ZYDIS_MNEMONIC_SETZ) {
		X86(x, SETNP, x86_reg(1, RCX));
		X86(x, AND, x86_reg(1, RAX), x86_reg(1, RCX));
	}
	write_bool(gen, insn->rd);
	return true;
}

/* The conversions of x86 that round as asked for: [double][truncates]. */
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

/* Makes rd the integer of `bytes` bytes in RAX. */
static void write_int(struct gen *gen, unsigned rd, unsigned bytes)
{
	unsigned reg = gen_target(rd);

	if (bytes == 4)
		X86(&gen->x, MOVSXD, x86_reg(8, reg), x86_reg(4, RAX));
	gen_write_x(gen, rd, bytes == 4 ? reg : RAX);
	gen_note_fp_dirty(gen);
}

/*
 * To a signed integer of `mnemonic` bytes. The least one may stand for what does not fit. To round
 * up or down takes two steps; what fits then is rounded again for its inexact flag.
 */
bool jit_fp_to_int(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned bytes = how->mnemonic;
	s32 mode = rounding(gen, insn);
	bool twice = mode == DOWN || mode == UP;
	struct x86_arg from;

	if (mode < 0 || !can_compute(gen, how->size))
		return false;
	gen_require_boxed(gen, insn->rs1, how->size);
	from = operand(gen, XMM1, insn->rs1, how->size);
	if (twice)
		round_integral(gen, how->size, from, mode | QUIETLY);
	convert_to_int(gen, how->size, twice ? x86_xmm(XMM0) : from, bytes, mode != TO_NEAREST);
	X86(&gen->x, CMP, x86_reg(bytes, RAX), x86_imm(1));
	gen_cold(gen, ZYDIS_MNEMONIC_JO);
	if (twice)
		round_integral(gen, how->size, from, mode);
	write_int(gen, insn->rd, bytes);
	return true;
}

/*
 * Returns the bits of a number below which all positive ones, however they are rounded, fit an
 * unsigned word, or a signed doubleword.
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
 * To an unsigned integer of `mnemonic` bytes. Negative numbers, whose bits are above all limits,
 * and the upper half of the doublewords are the body's.
 */
bool jit_fp_to_unsigned(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	s32 mode = rounding(gen, insn);
	struct x86 *x = &gen->x;

	if ((mode != TO_NEAREST && mode != TRUNCATE) || !can_compute(gen, how->size))
		return false;
	gen_require_boxed(gen, insn->rs1, how->size);
	gen_read_bits(gen, RAX, insn->rs1);
	gen_constant(gen, RCX, unsigned_limit(how->size, how->mnemonic == 4));
	X86(x, CMP, x86_reg(how->size, RAX), x86_reg(how->size, RCX));
	gen_cold(gen, ZYDIS_MNEMONIC_JNB);
	convert_to_int(gen, how->size, operand(gen, XMM0, insn->rs1, how->size), 8,
		       mode == TRUNCATE);
	write_int(gen, insn->rd, how->mnemonic);
	return true;
}

/* Loads a signed or an unsigned integer of so many bytes into RAX, extended. */
static void read_int(struct gen *gen, unsigned rs, unsigned bytes, bool is_unsigned)
{
	if (bytes == 8)
		gen_read_x(gen, RAX, rs);
	else if (is_unsigned)
		X86(&gen->x, MOV, x86_reg(4, RAX), gen_x(4, rs));
	else
		X86(&gen->x, MOVSXD, x86_reg(8, RAX), gen_x(4, rs));
}

/* Goes to the body if the integer in RAX has more bits than the format's significand. */
static void require_exact(struct gen *gen, unsigned size, bool is_unsigned)
{
	unsigned bits = size == 2 ? 11 : size == 4 ? 24 : 53;
	struct x86 *x = &gen->x;

	gen_constant(gen, RCX, is_unsigned ? 0 : BIT(bits));
	X86(x, ADD, x86_reg(8, RCX), x86_reg(8, RAX));
	X86(x, SHR, x86_reg(8, RCX), x86_imm(bits + !is_unsigned));
	gen_cold(gen, ZYDIS_MNEMONIC_JNZ);
}

/*
 * From a signed integer of `mnemonic` bytes, or (`flag`) from an unsigned one. Where rounding would
 * not be to nearest the result must be exact, and doublewords must be positive for x86 too.
 */
bool jit_int_to_fp(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	bool exact = how->size == 8 && how->mnemonic == 4;
	struct x86_arg from = gen_x(how->mnemonic, insn->rs1);
	struct x86 *x = &gen->x;
	bool rounds = !exact && !to_nearest(gen, insn);

	if (!is_mode(gen, insn) || !can_compute(gen, how->size))
		return false;
	if (rounds || how->flag) {
		read_int(gen, insn->rs1, how->mnemonic, how->flag);
		from = x86_reg(8, RAX);
	}
	if (rounds)
		require_exact(gen, how->size, how->flag);
	if (how->flag && how->mnemonic == 8) {
		X86(x, TEST, from, from);
		gen_cold(gen, ZYDIS_MNEMONIC_JS);
	}
	/* The part of the register that is not written stays all ones: a NaN box. */
	X86(x, PCMPEQD, x86_xmm(XMM0), x86_xmm(XMM0));
	if (how->size == 8)
		X86(x, CVTSI2SD, x86_xmm(XMM0), from);
	else
		X86(x, CVTSI2SS, x86_xmm(XMM0), from);
	write_result(gen, insn->rd, how->size);
	return true;
}

/* FROUND and (`flag`) FROUNDNX, which raises the inexact flag. */
bool jit_fp_round(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	s32 mode = rounding(gen, insn);

	if (mode < 0 || !can_compute(gen, how->size))
		return false;
	gen_require_boxed(gen, insn->rs1, how->size);
	read_operand(gen, XMM0, insn->rs1, how->size);
	round_integral(gen, how->size, x86_xmm(XMM0), how->flag ? mode : mode | QUIETLY);
	refuse_nan(gen, how->size);
	write_result(gen, insn->rd, how->size);
	return true;
}

/*
 * `mnemonic` takes the lesser (`flag`: greater) one, of equal operands the second. Equal operands
 * differ in the sign of zero at most: of both orders' results the OR is the lesser zero, and the
 * AND the greater.
 */
static void emit_min_max(struct gen *gen, const struct insn *insn, const struct emitter *how,
			 struct x86_arg second)
{
	struct x86 *x = &gen->x;

	gen_cold(gen, ZYDIS_MNEMONIC_JP);
	gen_read_f(gen, XMM1, insn->rs2);
	x86_write(x, how->mnemonic, 2, (struct x86_arg[]){ x86_xmm(XMM1), x86_xmm(XMM0) });
	x86_write(x, how->mnemonic, 2, (struct x86_arg[]){ x86_xmm(XMM0), second });
	if (how->flag)
		X86(x, ANDPS, x86_xmm(XMM0), x86_xmm(XMM1));
	else
		X86(x, ORPS, x86_xmm(XMM0), x86_xmm(XMM1));
}

/* If an operand is a NaN, the result is the body's, and of halves also if they are equal. */
bool jit_fp_min_max(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;
	struct x86_arg second;

	if (!can_compute(gen, how->size))
		return false;
	second = read_operands(gen, insn->rs1, insn->rs2, how->size);
	if (how->size == 8)
		X86(x, UCOMISD, x86_xmm(XMM0), second);
	else
		X86(x, UCOMISS, x86_xmm(XMM0), second);
	if (how->size == 2) {
		gen_cold(gen, ZYDIS_MNEMONIC_JZ);
		x86_write(x, how->mnemonic, 2, (struct x86_arg[]){ x86_xmm(XMM0), second });
	} else {
		emit_min_max(gen, insn, how, second);
	}
	write_result(gen, insn->rd, how->size);
	return true;
}

/* From the other format: `size` is the result's. */
bool jit_fp_convert(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	if (!(how->size == 8 ? is_mode : to_nearest)(gen, insn))
		return false;
	gen_require_boxed(gen, insn->rs1, 12 - how->size);
	X86(x, PCMPEQD, x86_xmm(XMM0), x86_xmm(XMM0));
	if (how->size == 4)
		X86(x, CVTSD2SS, x86_xmm(XMM0), gen_f(gen, 8, insn->rs1));
	else
		X86(x, CVTSS2SD, x86_xmm(XMM0), gen_f(gen, 4, insn->rs1));
	refuse_nan(gen, how->size);
	gen_write_f(gen, insn->rd, XMM0, how->size);
	return true;
}

/*
 * From or to a half: `size` is the result's. A double is the body's, for it could not be rounded to
 * a single first.
 */
bool jit_half_convert(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	if (!gen->jit->has_f16c || !(how->size == 2 ? to_nearest : is_mode)(gen, insn))
		return false;
	gen_require_boxed(gen, insn->rs1, how->size == 2 ? 4 : 2);
	read_operand(gen, XMM0, insn->rs1, how->size == 2 ? 4 : 2);
	refuse_nan(gen, 4);
	X86(x, PCMPEQD, x86_xmm(XMM1), x86_xmm(XMM1));
	if (how->size == 8)
		X86(x, CVTSS2SD, x86_xmm(XMM0), x86_xmm(XMM0));
	else
		X86(x, MOVSS, x86_xmm(XMM1), x86_xmm(XMM0));
	if (how->size == 4)
		X86(x, MOVAPS, x86_xmm(XMM0), x86_xmm(XMM1));
	if (how->size == 2)
		X86(x, VCVTPS2PH, x86_xmm(XMM0), x86_xmm(XMM1), x86_imm(0));
	gen_write_f(gen, insn->rd, XMM0, how->size);
	return true;
}
