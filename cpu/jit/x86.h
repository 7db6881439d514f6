/* SPDX-License-Identifier: MIT */
/*
 * Writes x86-64 instructions. Encoding one with Zydis takes longer than the translation of a guest
 * instruction may take. So each form (mnemonic, kinds of operands, registers, widths of numbers) is
 * encoded once and cached, and is then copied with its displacement and immediate filled in.
 */
#ifndef CPU_JIT_X86_H
#define CPU_JIT_X86_H

#include "bus/base.h"

#include <Zydis/Zydis.h>

/* The general, the vector and the mask registers, each in the order of their encodings. */
enum x86_reg {
	RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15,
	XMM0, XMM1, XMM15 = XMM0 + 15, XMM16, XMM31 = XMM0 + 31,
	K0, K1, K2, K3, K7 = K0 + 7, X86_NONE
};

/*
 * An operand. All but its number is in `form`, which is mostly a constant for the compiler: kind,
 * width of the number, size (in bytes), register or base, index, scale and mask register. The
 * constants below are the first bits of these fields.
 */
struct x86_arg {
	u32 form;
	s64 value; /* the displacement or the immediate */
};

enum x86_kind { X86_REG = 1, X86_MEM, X86_IMM };
enum { X86_WIDTH = 2, X86_SIZE = 4, X86_BASE = 11, X86_INDEX = 17, X86_SCALE = 23, X86_MASK = 27 };

/* Flags in a key's mnemonic: SSE is to become AVX; there is a fourth operand, of 8 bits. */
enum { X86_VEX = 0x4000, X86_FOURTH = 0x8000 };

/* Returns the register of a register operand, or the base register of a memory operand. */
static inline unsigned x86_base(struct x86_arg arg)
{
	return arg.form >> X86_BASE & 63;
}

/* Returns the width class of a number: 0 for zero, or 1, 2 or 3 for 8, 32 or 64 bits. */
static inline u32 x86_width(s64 value)
{
	bool wide = value != (s32)value && value != (s64)(u32)value;

	return (u32)(value != 0) + (value != (s8)value) + wide;
}

static inline struct x86_arg x86_reg(unsigned size, unsigned reg)
{
	return (struct x86_arg){ X86_REG | size << X86_SIZE | reg << X86_BASE, 0 };
}

/* Returns `to` with a mask register (AVX-512): only elements whose bits in it are 1 are changed. */
static inline struct x86_arg x86_masked(struct x86_arg to, unsigned mask)
{
	to.form |= (mask - K0) << X86_MASK;
	return to;
}

static inline struct x86_arg x86_xmm(unsigned reg)
{
	return x86_reg(16, reg);
}

/* Returns an immediate. One of 0 has 8 bits, because there is no shorter form. */
static inline struct x86_arg x86_imm(s64 value)
{
	return (struct x86_arg){ X86_IMM | (value ? x86_width(value) : 1) << X86_WIDTH, value };
}

/* Returns a vector register as a fourth operand, which is in bits 7:4 of an immediate. */
static inline struct x86_arg x86_fourth(unsigned reg)
{
	return x86_imm((s64)(reg - XMM0) << 4);
}

static inline struct x86_arg x86_indexed(unsigned size, unsigned base, unsigned index,
					 unsigned scale, s64 disp)
{
	return (struct x86_arg){ X86_MEM | x86_width(disp) << X86_WIDTH | size << X86_SIZE |
					 base << X86_BASE | index << X86_INDEX | scale << X86_SCALE,
				 disp };
}

static inline struct x86_arg x86_at(unsigned size, unsigned base, s64 disp)
{
	return x86_indexed(size, base, X86_NONE, 0, disp);
}

/* The longest instruction (Intel 64 manual, volume 2, "Instruction Format"). */
#define X86_MAX 15

struct x86_forms;

/* The place where the next instruction is written. Sixteen bytes after it may be changed, too. */
struct x86 {
	u8 *at;
	struct x86_forms *forms; /* the cache of forms, which the caller owns */
	u32 vex; /* X86_VEX: instructions of SSE are written as those of AVX; or 0 */
};

struct x86_forms *x86_forms_create(void); /* NULL when out of memory */
void x86_forms_free(struct x86_forms *forms);

/* Writes the instruction whose form has the key that x86_write builds, with its numbers, or 0. */
void x86_put(struct x86 *x86, u64 head, u64 tail, s64 disp, s64 imm);

/* Returns an operand's number if it is an immediate (`imm`) or not one (!`imm`); otherwise 0. */
static inline s64 x86_number(struct x86_arg arg, bool imm)
{
	return ((arg.form & 3) == X86_IMM) == imm ? arg.value : 0;
}

/*
 * Writes an instruction with at most three operands, and possibly a fourth: an immediate of 8 bits
 * or x86_fourth(). A register from XMM16 on needs AVX-512. A wrong operand is a bug.
 */
static inline void x86_write(struct x86 *x86, ZydisMnemonic mnemonic, unsigned count,
			     const struct x86_arg *args)
{
	const struct x86_arg none = { 0 };
	const struct x86_arg a = count > 0 ? args[0] : none, b = count > 1 ? args[1] : none,
			     c = count > 2 ? args[2] : none, d = count > 3 ? args[3] : none;
	const u32 head = mnemonic | (count > 3 ? X86_FOURTH : 0) | x86->vex;

	x86_put(x86, (u64)head << 32 | a.form, (u64)b.form << 32 | c.form,
		x86_number(a, false) + x86_number(b, false) + x86_number(c, false),
		x86_number(a, true) + x86_number(b, true) + x86_number(c, true) + d.value);
}

#define X86(x86, mnemonic, ...)                                                                    \
	x86_write(x86, ZYDIS_MNEMONIC_##mnemonic,                                                  \
		  sizeof((const struct x86_arg[]){ __VA_ARGS__ }) / sizeof(struct x86_arg),        \
		  (const struct x86_arg[]){ __VA_ARGS__ })

/* Writes a jump or a call with a 32-bit offset, and returns the offset's place for x86_patch. */
u8 *x86_jump(struct x86 *x86, ZydisMnemonic mnemonic);

/* Patches the jump whose offset is at `place` to lead to `target`. */
static inline void x86_patch(u8 *place, const u8 *target)
{
	s32 offset = (s32)(target - (place + 4));

	__builtin_memcpy(place, &offset, sizeof(offset));
}

#endif
