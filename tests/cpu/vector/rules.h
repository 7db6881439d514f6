/* SPDX-License-Identifier: MIT */
/*
 * The vector instructions as the manual lists them ("Vector Instruction Listing"), and which of
 * them are legal, written from the manual's rules and without Baya's tables. Of the extensions of V
 * it has Zvbb, Zvkned, Zvkg, Zvknha, Zvksed and Zvksh; with ELEN 64 also Zvbc, and with single
 * precision Zvfbfmin and Zvfbfwma.
 */
#ifndef TESTS_CPU_VECTOR_RULES_H
#define TESTS_CPU_VECTOR_RULES_H

#include "bus/base.h"

/* The properties of a hart that the rules depend on. */
struct rules_hart {
	unsigned elen;
	unsigned floats; /* the sum of the widths, in bits, of its IEEE 754 formats */
	bool v; /* V, not only Zve64d */
	bool zvfhmin, zvknhb;
};

/*
 * The form of an instruction. Letters stand for the width of operands: - no operand; s SEW; w 2 *
 * SEW; h, q and e a half, a quarter and an eighth of SEW; 6 16 bits; i the width that a load or
 * store encodes; m a mask; 1 and 2 a scalar of SEW and of 2 * SEW bits in element 0 of a single
 * register; r whole registers.
 */
struct form {
	const struct rules_hart *hart;
	char d, a, b; /* vd or vs3, vs2, vs1 */
	/*
	 * The kind of the second operand: v, x, i or f; 1 if there is only one; l a load, t a
	 * store.
	 */
	char type;
	bool integer; /* neither floating point nor an instruction on element groups */
	bool reads_d; /* vd is a source */
	bool apart; /* vd may overlap no source */
	bool apart_a; /* vd may not overlap vs2 */
	bool whole; /* whole registers, independent of vtype */
	unsigned fields; /* fields of a segment, or the number of whole registers */
	unsigned eew; /* the EEW of operands i in bits */
	unsigned group; /* the number of elements of an element group; 1: it has none */
	unsigned sews; /* the sum of the SEWs, in bits, with which the instruction exists */
};

enum rules { RULES_RESERVED, RULES_LEGAL, RULES_UNKNOWN };

/*
 * Finds the form of an instruction. Returns RULES_UNKNOWN if it is not one of these instructions;
 * it may be another one.
 */
enum rules rules_form_on(const struct rules_hart *hart, u32 raw, struct form *form);

/* Returns whether the instruction is legal in a vtype, which may have vill set. */
enum rules rules_legal_on(const struct rules_hart *hart, u32 raw, u64 vtype);

/*
 * Returns whether an instruction that is not an integer one, and that is legal in this vtype, may
 * be executed with this vl and vstart. `vlenb` is VLEN in bytes.
 */
bool rules_start(const struct form *form, u64 vtype, u64 vl, u64 vstart, unsigned vlenb);

/*
 * Return an operand's EEW in bits (1 for a mask), and its EMUL in eighths. The vtype must be legal.
 */
unsigned rules_eew(const struct form *form, char operand, u64 vtype);
unsigned rules_emul(const struct form *form, char operand, u64 vtype);

/* Return SEW in bits, LMUL in eighths, and VLMAX. */
unsigned rules_sew(u64 vtype);
unsigned rules_lmul(u64 vtype);
u64 rules_vlmax(u64 vtype, unsigned vlenb);

/* Returns whether software may set this vtype, all 64 bits of it. */
bool rules_vtype_on(const struct rules_hart *hart, u64 vtype);

/* The hart that has all of these; the functions below assume it. */
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
