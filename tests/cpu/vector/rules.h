/* SPDX-License-Identifier: MIT */
/*
 * The vector instructions as the manual lists them ("Vector Instruction Listing"), and which of
 * them are legal, written from its rules alone: nothing of Baya's tables is used. Of the extensions
 * of V, Zvbb, Zvkned, Zvkg, Zvknha, Zvksed and Zvksh are there, with ELEN 64 Zvbc, and with single
 * precision Zvfbfmin and Zvfbfwma.
 */
#ifndef TESTS_CPU_VECTOR_RULES_H
#define TESTS_CPU_VECTOR_RULES_H

#include "bus/base.h"

/* The properties of a hart that the rules depend on. */
struct rules_hart {
	unsigned elen;
	unsigned floats; /* the sum of the widths in bits of its formats of IEEE 754 */
	bool v; /* V, beside Zve64d */
	bool zvfhmin, zvknhb;
};

/*
 * Operands are letters: - none, s SEW, w 2 * SEW, h q e a half, a quarter, an eighth of SEW, 6 16
 * bits, i what a load or store encodes, m a mask, 1 and 2 a scalar of SEW and of 2 * SEW bits in a
 * register by itself, r whole registers.
 */
struct form {
	const struct rules_hart *hart;
	char d, a, b; /* vd or vs3, vs2, vs1 */
	char type; /* of the second operand: v, x, i, f; of one operand 1; a load l, a store t */
	bool integer; /* neither of floating point nor of cryptography's groups */
	bool reads_d; /* vd is a source */
	bool apart; /* vd may overlap no source */
	bool apart_a; /* vd may not overlap vs2 */
	bool whole; /* registers, whatever vtype is */
	unsigned fields; /* of a segment; of whole registers, how many */
	unsigned eew; /* in bits, of operands i */
	unsigned group; /* of elements that an instruction takes at once */
	unsigned sews; /* the sum of each SEW in bits with which it is there */
};

enum rules { RULES_RESERVED, RULES_LEGAL, RULES_UNKNOWN };

/* Finds the form; RULES_UNKNOWN: it is none of these instructions, and may be another's. */
enum rules rules_form_on(const struct rules_hart *hart, u32 raw, struct form *form);

/* Returns whether the instruction is legal in a vtype, which may have vill set. */
enum rules rules_legal_on(const struct rules_hart *hart, u32 raw, u64 vtype);

/*
 * Returns whether an instruction that is no integer one, and is legal in this vtype, may be
 * executed with this vl and vstart where a register has so many bytes.
 */
bool rules_start(const struct form *form, u64 vtype, u64 vl, u64 vstart, unsigned vlenb);

/* Returns EEW of an operand in bits, 1 for a mask, and EMUL in eighths; the vtype is legal. */
unsigned rules_eew(const struct form *form, char operand, u64 vtype);
unsigned rules_emul(const struct form *form, char operand, u64 vtype);

/* Returns SEW in bits, LMUL in eighths, and VLMAX. */
unsigned rules_sew(u64 vtype);
unsigned rules_lmul(u64 vtype);
u64 rules_vlmax(u64 vtype, unsigned vlenb);

/* Returns whether software may set this vtype, all 64 bits of it. */
bool rules_vtype_on(const struct rules_hart *hart, u64 vtype);

/* The hart that has all of this; the functions below do the same for it. */
extern const struct rules_hart rules_whole_hart;

static inline enum rules rules_form(u32 raw, struct form *form)
{
	return rules_form_on(&rules_whole_hart, raw, form);
}

static inline enum rules rules_legal(u32 raw, u64 vtype)
{
	return rules_legal_on(&rules_whole_hart, raw, vtype);
}

static inline bool rules_vtype(u64 vtype)
{
	return rules_vtype_on(&rules_whole_hart, vtype);
}

#endif
