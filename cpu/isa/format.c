/* SPDX-License-Identifier: MIT */
/* The table of format.def, and the immediates and widths that follow from it (see format.h). */
#include "cpu/isa/format.h"

enum immediate {
#define IMMEDIATE(name, sign, pieces) IMMEDIATE_##name,
#include "cpu/isa/format.def"
};

static const struct {
	u8 bytes, from, width;
} accesses[] = {
#define MEMORY(name, size, low, count) [MEMORY_##name] = { size, low, count },
#include "cpu/isa/format.def"
};

#define FIELD(operand, what, low, count) .operand = { OPERAND_##what, low, count },
#define RD(what) FIELD(rd, what, 7, 5)
#define RS1(what) FIELD(rs1, what, 15, 5)
#define RS2(what) FIELD(rs2, what, 20, 5)
#define RS3(what) FIELD(rs3, what, 27, 5)

const struct format formats[FORMAT_COUNT] = {
#define FORMAT(name, number, operands, text, access)                                               \
	[FORMAT_##name] = { operands .immediate = IMMEDIATE_##number, .template = (text),          \
			    .memory = MEMORY_##access },
#include "cpu/isa/format.def"
};

static s32 signed_of(u64 value, unsigned sign)
{
	return (s32)(sign ? (u64)sext(value, sign) : value);
}

/* Extracts each piece of an immediate by a shift and a mask that are constants to the compiler. */
s32 format_immediate(enum insn_format format, u32 raw)
{
	u64 value = 0;

#define PIECE(from, width, to) value |= bits(raw, from, width) << (to);
	switch ((enum immediate)formats[format].immediate) {
#define IMMEDIATE(name, sign, pieces)                                                              \
	case IMMEDIATE_##name:                                                                     \
		pieces                                                                             \
		return signed_of(value, sign);
#include "cpu/isa/format.def"
	}
#undef PIECE
	return 0;
}

u32 format_place(enum insn_format format, s32 immediate)
{
	u64 raw = 0;

#define PIECE(from, width, to) raw |= bits((u64)immediate, to, width) << (from);
	switch ((enum immediate)formats[format].immediate) {
#define IMMEDIATE(name, sign, pieces)                                                              \
	case IMMEDIATE_##name:                                                                     \
		pieces                                                                             \
		break;
#include "cpu/isa/format.def"
	}
#undef PIECE
	return (u32)raw;
}

unsigned format_bytes(enum insn_format format, u32 raw)
{
	unsigned memory = formats[format].memory;

	return (unsigned)accesses[memory].bytes
	       << bits(raw, accesses[memory].from, accesses[memory].width);
}

bool format_has_width(enum insn_format format)
{
	return accesses[formats[format].memory].width;
}
