/* SPDX-License-Identifier: MIT */
/*
 * Makes encodings of compressed instructions, from the bits that the manual's tables fix, and
 * fields.
 */
#ifndef TESTS_CYCLES_RANDOM_COMPACT_H
#define TESTS_CYCLES_RANDOM_COMPACT_H

#include "bus/base.h"

/* Encodes rd and an immediate of six bits, for c.addi, c.addiw, c.li, c.slli and others. */
static inline u32 compact_immediate(u32 bits16, unsigned rd, u32 imm)
{
	return bits16 | rd << 7 | (imm >> 5 & 1) << 12 | (imm & 31) << 2;
}

/* Encodes two registers, for c.mv, c.add, c.jr and c.jalr. */
static inline u32 compact_registers(u32 bits16, unsigned rd, unsigned rs2)
{
	return bits16 | rd << 7 | rs2 << 2;
}

/* Encodes two registers of x8 to x15, for c.sub and others. */
static inline u32 compact_pair(u32 bits16, unsigned rd, unsigned rs2)
{
	return bits16 | (rd & 7) << 7 | (rs2 & 7) << 2;
}

/* Encodes a load or store of a doubleword: data register, base, and an offset below 256. */
static inline u32 compact_double(u32 bits16, unsigned data, unsigned base, u32 offset)
{
	return bits16 | (data & 7) << 2 | (base & 7) << 7 | (offset >> 3 & 7) << 10 |
	       (offset >> 6 & 3) << 5;
}

/* Encodes a load or store of a word, with an offset below 128. */
static inline u32 compact_word(u32 bits16, unsigned data, unsigned base, u32 offset)
{
	return bits16 | (data & 7) << 2 | (base & 7) << 7 | (offset >> 3 & 7) << 10 |
	       (offset >> 2 & 1) << 6 | (offset >> 6 & 1) << 5;
}

/* Encodes the offset of c.beqz and c.bnez. */
static inline u16 compact_branch(u16 bits16, s64 offset)
{
	u32 v = (u32)offset;

	return (u16)(bits16 | (v >> 8 & 1) << 12 | (v >> 3 & 3) << 10 | (v >> 6 & 3) << 5 |
		     (v >> 1 & 3) << 3 | (v >> 5 & 1) << 2);
}

enum {
	C_ADDI = 0x0001, C_ADDIW = 0x2001, C_LI = 0x4001, C_SLLI = 0x0002, C_SRLI = 0x8001,
	C_SRAI = 0x8401, C_ANDI = 0x8801, C_SUB = 0x8c01, C_XOR = 0x8c21, C_OR = 0x8c41,
	C_AND = 0x8c61, C_SUBW = 0x9c01, C_ADDW = 0x9c21, C_MV = 0x8002, C_ADD = 0x9002,
	C_LW = 0x4000, C_LD = 0x6000, C_FLD = 0x2000, C_SW = 0xc000, C_SD = 0xe000, C_FSD = 0xa000,
	C_BEQZ = 0xc001, C_BNEZ = 0xe001, C_EBREAK = 0x9002,
};

#endif
