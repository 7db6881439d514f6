/* SPDX-License-Identifier: MIT */
/*
 * The tables of format.def as data: the places of an instruction's operands and immediate, how they
 * are written, and the instruction's access to memory. All other code gets facts about formats from
 * here, so that a new format is one row of the table.
 */
#ifndef CPU_ISA_FORMAT_H
#define CPU_ISA_FORMAT_H

#include "bus/base.h"

enum insn_format {
#define FORMAT(name, immediate, operands, template, memory) FORMAT_##name,
#include "cpu/isa/format.def"
	FORMAT_COUNT,
};

enum format_memory {
#define MEMORY(name, bytes, from, width) MEMORY_##name,
#include "cpu/isa/format.def"
};

/* The size of a cache block in bytes (Zic64b). */
#define CBO_BLOCK 64

/*
 * The meaning of an operand's field. SAVED: one of s0 to s7, in three bits; LIST: a register list
 * of Zcmp.
 */
enum operand_kind {
	OPERAND_NONE, OPERAND_X, OPERAND_F, OPERAND_V, OPERAND_NUMBER, OPERAND_SAVED, OPERAND_LIST,
};

struct format_operand {
	u8 kind, from, width;
};

struct format {
	struct format_operand rd, rs1, rs2, rs3;
	u8 immediate; /* a row of format.c */
	u8 memory; /* enum format_memory */
	const char *template; /* format.def defines its letters */
};

extern const struct format formats[FORMAT_COUNT];

/*
 * Return the immediate of an instruction with this format (0 if it has none), and the bits of an
 * instruction that encode an immediate.
 */
s32 format_immediate(enum insn_format format, u32 raw);
u32 format_place(enum insn_format format, s32 immediate);

/*
 * Returns how many bytes an instruction accesses, for a register list per register; 0: it accesses
 * no memory.
 */
unsigned format_bytes(enum insn_format format, u32 raw);

/* Returns whether the width of the access is in a field of the instruction. */
bool format_has_width(enum insn_format format);

/*
 * The numbers of the first floating-point and the first vector register, if all registers are
 * numbered together.
 */
#define FORMAT_F 32
#define FORMAT_V 64

/*
 * Returns the number of the register that an operand of a decoded instruction names; 0, as for x0,
 * if it names none.
 */
static inline u8 format_register(struct format_operand operand, unsigned field)
{
	if (operand.kind == OPERAND_F)
		return (u8)(FORMAT_F + field);
	if (operand.kind == OPERAND_V)
		return (u8)(FORMAT_V + field);
	return (u8)(operand.kind == OPERAND_X ? field % 32 : 0); /* X_SINK is x0 */
}

#endif
