/* SPDX-License-Identifier: MIT */
/*
 * The vector instructions as data: the fields of vtype, and which instruction is legal in which
 * vtype. It uses neither registers nor harts. The names are those of the manual's vector chapter
 * (VLEN, SEW, LMUL, EEW, EMUL); all widths and multipliers are binary logarithms.
 */
#ifndef CPU_ISA_VECTOR_H
#define CPU_ISA_VECTOR_H

#include "bus/base.h"
#include "cpu/isa/isa.h"

/* The bits of vtype. */
#define VTYPE_VLMUL 7ull
#define VTYPE_VSEW (7ull << 3)
#define VTYPE_VTA BIT(6)
#define VTYPE_VMA BIT(7)
#define VTYPE_VILL BIT(63)

#define VECTOR_REGISTERS 32

/* The effective element widths of operands, as in shape.def. */
enum vector_eew {
	EEW_NONE, EEW_SEW, EEW_WIDE, EEW_HALF, EEW_QUARTER, EEW_EIGHTH, EEW_FIXED_16, EEW_ENCODED,
	EEW_MASK, EEW_ELEMENT, EEW_WIDE_ELEMENT, EEW_WHOLE,
};

enum {
	SHAPE_READS_D = 1, SHAPE_DISJOINT = 2, SHAPE_START_0 = 4, SHAPE_SEGMENTS = 8,
	SHAPE_ANY_TYPE = 16, SHAPE_SEW_32 = 32, SHAPE_SEW_64 = 64, SHAPE_DISJOINT_A = 128,
};

struct vector_shape {
	u8 d, a, b; /* enum vector_eew */
	u8 flags; /* SHAPE_* */
};

/* Returns whether the operation is a row of v.def. Only these have shapes. */
static inline bool vector_is_row(unsigned op)
{
	return op >= OP_vsetivli && op < OP_COUNT;
}

const struct vector_shape *vector_shape(unsigned op);

/* Return SEW and LMUL, from -3 to 3, of a legal vtype. */
static inline unsigned vtype_sew(u64 vtype)
{
	return (unsigned)field_get(vtype, VTYPE_VSEW) + 3;
}

static inline int vtype_lmul(u64 vtype)
{
	return (int)sext(vtype & VTYPE_VLMUL, 3);
}

/* Returns the vtype that results when software requests `value`: that, or VTYPE_VILL alone. */
u64 vtype_legal(const struct isa *isa, u64 value);

/* The rules by which the manual reserves instructions in a vtype. */
enum vector_rule {
	VECTOR_LEGAL,
	VECTOR_VILL, /* vtype is not legal */
	VECTOR_SEW, /* the instruction does not exist for this SEW */
	VECTOR_EEW, /* an operand's EEW is below 8 bits or above ELEN */
	VECTOR_EMUL, /* an operand's EMUL, times the fields of a segment, is not within 1/8 and 8 */
	/* A group's register number is not a multiple of EMUL, or the group extends past v31. */
	VECTOR_GROUP,
	VECTOR_OVERLAP, /* the destination overlaps a source or the mask */
	VECTOR_READ_TWICE, /* a register is a source with two EEWs, including v0 as the mask */
	VECTOR_RULES
};

/*
 * Returns the first rule that a decoded vector instruction violates in this vtype, which may have
 * VTYPE_VILL; or VECTOR_LEGAL: then every register group is in range and aligned, and overlaps
 * another one only where the manual allows it.
 */
enum vector_rule vector_rule(const struct isa *isa, const struct insn *insn, u64 vtype);

static inline bool vector_legal(const struct isa *isa, const struct insn *insn, u64 vtype)
{
	return vector_rule(isa, insn, vtype) == VECTOR_LEGAL;
}

/*
 * Returns the width of an operand in a legal vtype, as the binary logarithm of the number of bits,
 * as SEW is; so a mask has 0.
 */
unsigned vector_eew(const struct insn *insn, enum vector_eew eew, u64 vtype);

/* Returns the element width that the width field of a load or store encodes. */
static inline unsigned vector_encoded_eew(u32 raw)
{
	unsigned width = (unsigned)bits(raw, 12, 3);

	return width ? width - 1 : 3; /* 5, 6, 7 are 16, 32 and 64 bits */
}

/*
 * Returns the number of fields of the segments that the instruction loads or stores; 1 for all
 * other instructions.
 */
unsigned vector_nf(const struct insn *insn);

/* Returns the number of registers that a whole-register instruction moves, loads or stores. */
unsigned vector_whole_count(const struct insn *insn);

/* Returns whether the instruction is masked by v0: its bit vm is 0. */
static inline bool vector_is_masked(u32 raw)
{
	return !(raw >> 25 & 1);
}

#endif
