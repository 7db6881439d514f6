/* SPDX-License-Identifier: MIT */
/*
 * A reference implementation of integer vector instructions, with Zvbb and Zvbc: it computes
 * element by element, with integers of 128 bits, as the manual's chapters describe. It shares only
 * the image with Baya. Agnostic elements are undisturbed.
 */
#ifndef TESTS_CPU_VECTOR_REFERENCE_REFERENCE_H
#define TESTS_CPU_VECTOR_REFERENCE_REFERENCE_H

#include "bus/base.h"
#include "tests/cpu/vector/image.h"
#include "tests/cpu/vector/rules.h"

typedef __int128 wide;

/* An instruction and its state. Operands are read from `in`, and results written to `out`. */
struct reference {
	const struct vector_image *in;
	struct vector_image *out;
	struct form form;
	unsigned vlenb, funct6, vd, vs2, vs1, sew;
	u64 vlmax;
	bool masked, opm; /* masked: by v0; opm: OPMVV or OPMVX, not OPIVV, OPIVX or OPIVI */
};

/* Returns the decoded instruction of `in`. */
struct reference reference_of(const struct vector_image *in, struct vector_image *out,
			      unsigned vlenb);

/*
 * Returns whether `is` is a possible result of any instruction if agnostic elements may become
 * ones; `should` is the result if they are undisturbed, and is modified. Adds the number of bytes
 * that have become ones to *ones.
 */
bool reference_allows(const struct vector_image *in, struct vector_image *should,
		      const struct vector_image *is, unsigned vlenb, u64 *ones);

/*
 * Executes the instruction of `in` and stores the resulting image in `out`. Returns false if the
 * reference does not have this instruction.
 */
bool reference_run(const struct vector_image *in, struct vector_image *out, unsigned vlenb);

/* The operands for one element, zero- and sign-extended from their widths. */
struct element {
	wide ua, sa, ub, sb, d;
	unsigned a_bits, carry;
};

/*
 * Returns the result for an element, of which only the low bits are used. Sets *saturated if the
 * result was saturated.
 */
wide reference_value(const struct reference *r, const struct element *e, bool *saturated);

/*
 * reference_bits returns the result of an instruction of Zvbb or Zvbc; reference_is_bits returns
 * whether it is such an instruction.
 */
wide reference_bits(const struct reference *r, const struct element *e);
bool reference_is_bits(const struct reference *r);

/* Returns the result of a step of a reduction. */
wide reference_fold(const struct reference *r, const struct element *e);

void reference_memory(struct reference *r);

/*
 * Transfers those fields of segment n that are in the memory window, as hardware may do before a
 * trap.
 */
void reference_segment(struct reference *r, u64 n);

void reference_permute(struct reference *r);

/*
 * Read element n of the operand in register `first`, write element n of vd, and read a bit of a
 * mask. `operand` is a letter of struct form.
 */
u64 reference_get(const struct reference *r, char operand, unsigned first, u64 n);
void reference_put(struct reference *r, u64 n, u64 value);
bool reference_bit(const struct reference *r, unsigned first, u64 n);

/* Returns whether v0 is an operand, not a mask: vadc, vmadc, vsbc, vmsbc, vmerge, vfmerge. */
bool reference_has_carry(const struct reference *r);

/* Returns whether element n is active: it is in the body, and the mask does not exclude it. */
bool reference_active(const struct reference *r, u64 n);

#endif
