/* SPDX-License-Identifier: MIT */
/*
 * Writes x86-64 instructions. Zydis encodes them; as it takes longer than a guest instruction may
 * cost, each form (mnemonic, kinds of operands, registers, widths of numbers) is encoded once and
 * kept with the places of its displacement and immediate. Whoever asks for the form again has it
 * copied and the two numbers filled in.
 */
#ifndef CPU_JIT_X86_H
#define CPU_JIT_X86_H

#include "bus/base.h"

#include <Zydis/Zydis.h>

/* The general registers and the vector registers by their numbers in encodings. */
enum x86_reg {
	RAX, RCX, RDX, RBX, RSP, RBP, RSI, RDI, R8, R9, R10, R11, R12, R13, R14, R15,
	XMM0, XMM1, XMM15 = XMM0 + 15, X86_NONE
};

enum x86_kind { X86_REG, X86_MEM, X86_IMM };

/* An operand; `size` is in bytes, 16 for a vector register. */
struct x86_arg {
	u8 kind, size;
	u8 reg; /* of X86_MEM: the base */
	u8 index, scale; /* of X86_MEM; X86_NONE: there is no index */
	s64 value; /* the displacement or the immediate */
};

static inline struct x86_arg x86_reg(unsigned size, unsigned reg)
{
	return (struct x86_arg){ .kind = X86_REG, .size = (u8)size, .reg = (u8)reg };
}

static inline struct x86_arg x86_xmm(unsigned reg)
{
	return x86_reg(16, reg);
}

static inline struct x86_arg x86_imm(s64 value)
{
	return (struct x86_arg){ .kind = X86_IMM, .value = value };
}

static inline struct x86_arg x86_at(unsigned size, unsigned base, s64 disp)
{
	return (struct x86_arg){ .kind = X86_MEM, .size = (u8)size, .reg = (u8)base,
				 .index = X86_NONE, .value = disp };
}

static inline struct x86_arg x86_indexed(unsigned size, unsigned base, unsigned index,
					 unsigned scale, s64 disp)
{
	return (struct x86_arg){ .kind = X86_MEM, .size = (u8)size, .reg = (u8)base,
				 .index = (u8)index, .scale = (u8)scale, .value = disp };
}

/* The longest instruction (Intel 64 manual, volume 2, "Instruction Format"). */
#define X86_MAX 15

struct x86_forms;

/* Where instructions are written. Whoever writes sees to it that the room is enough. */
struct x86 {
	u8 *at;
	struct x86_forms *forms;
};

struct x86_forms *x86_forms_create(void); /* NULL when out of memory */
void x86_forms_free(struct x86_forms *forms);

/* Writes an instruction of at most three operands. An operand that it cannot have is a bug. */
void x86_write(struct x86 *x86, ZydisMnemonic mnemonic, unsigned count, const struct x86_arg *args);

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
