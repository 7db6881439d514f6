/* SPDX-License-Identifier: MIT */
/*
 * Writes x86-64 instructions. Zydis takes longer to encode one than a guest instruction may cost;
 * so a form (mnemonic, kinds of operands, registers, widths of numbers) is encoded once and kept,
 * and is then copied with its displacement and immediate filled in.
 */
#ifndef CPU_JIT_X86_H
#define CPU_JIT_X86_H

#include "bus/base.h"

#include <Zydis/Zydis.h>

/* The general, the vector and the mask registers by their numbers in encodings. */
enum x86_reg {
	RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15,
	XMM0, XMM1, XMM15 = XMM0 + 15, XMM16, XMM31 = XMM0 + 31,
	K0, K1, K2, K3, K7 = K0 + 7, X86_NONE
};

/*
 * An operand. All but its number is in `form`, of which the compiler knows most: kind, width of the
 * number, size (in bytes), register or base, index and scale, from these bits on.
 */
struct x86_arg {
	u32 form;
	s64 value; /* the displacement or the immediate */
};

enum x86_kind { X86_REG = 1, X86_MEM, X86_IMM };
enum { X86_WIDTH = 2, X86_SIZE = 4, X86_BASE = 11, X86_INDEX = 17, X86_SCALE = 23, X86_MASK = 27 };

/* Flags beside the mnemonic: there is a fourth operand, which has 8 bits; SSE is to become AVX. */
enum { X86_VEX = 0x4000, X86_FOURTH = 0x8000 };

/* Returns the register of an operand that is one, or the base of one in memory. */
static inline unsigned x86_base(struct x86_arg arg)
{
	return arg.form >> X86_BASE & 63;
}

/* Returns the width class of a number: it is zero, or has 8, 32 or 64 bits. */
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

/* An immediate of 0 has 8 bits: it has no shorter form. */
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

/* Where instructions are written, in room for them and for sixteen bytes, which are changed. */
struct x86 {
	u8 *at;
	struct x86_forms *forms;
	u32 vex; /* X86_VEX or 0 */
};

struct x86_forms *x86_forms_create(void); /* NULL when out of memory */
void x86_forms_free(struct x86_forms *forms);

/* Writes the instruction of a key, as x86_write puts it together, with the numbers or 0. */
void x86_put(struct x86 *x86, u64 head, u64 tail, s64 disp, s64 imm);

/* Returns the number of an operand if it is, or is not, an immediate; 0 otherwise. */
static inline s64 x86_number(struct x86_arg arg, bool imm)
{
	return ((arg.form & 3) == X86_IMM) == imm ? arg.value : 0;
}

/*
 * Writes an instruction of at most three operands, and an immediate of 8 bits or x86_fourth(). With
 * vector registers behind the first sixteen it is one of AVX-512. A wrong operand is a bug.
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

/* Writes a jump or a call with a 32-bit offset and returns the place for x86_land. */
u8 *x86_jump(struct x86 *x86, ZydisMnemonic mnemonic);

/* Lets the jump whose offset is at `place` lead to `target`. */
static inline void x86_land(u8 *place, const u8 *target)
{
	s32 offset = (s32)(target - (place + 4));

	__builtin_memcpy(place, &offset, sizeof(offset));
}

#endif
