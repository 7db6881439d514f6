/* SPDX-License-Identifier: MIT */
/*
 * Integer vector instructions, with Zvbb and Zvbc, element by element, in integers of 128 bits, as
 * the manual's chapters describe them; it shares nothing with Baya but the image. Agnostic elements
 * are undisturbed.
 */
#ifndef TESTS_CPU_VECTOR_REFERENCE_REFERENCE_H
#define TESTS_CPU_VECTOR_REFERENCE_REFERENCE_H

#include "bus/base.h"
#include "tests/cpu/vector/image.h"
#include "tests/cpu/vector/rules.h"

typedef __int128 wide;

/* An instruction in its state: operands are read from `in`, and results written to `out`. */
struct reference {
	const struct vector_image *in;
	struct vector_image *out;
	struct form form;
	unsigned vlenb, funct6, vd, vs2, vs1, sew;
	u64 vlmax;
	bool masked, opm; /* by v0; OPMVV and OPMVX, not OPIVV, OPIVX and OPIVI */
};

/* Returns the instruction of `in`, decoded. */
struct reference reference_of(const struct vector_image *in, struct vector_image *out,
			      unsigned vlenb);

/*
 * Returns whether `is` may be the result where agnostic elements may become ones; `should` is what
 * it is where they are undisturbed, of any instruction. *ones counts the bytes that did.
 */
bool reference_allows(const struct vector_image *in, struct vector_image *should,
		      const struct vector_image *is, unsigned vlenb, u64 *ones);

/* Makes image `out` of `in`; false: it knows no such instruction. */
bool reference_run(const struct vector_image *in, struct vector_image *out, unsigned vlenb);

/* The operands of one element, zero- and sign-extended from their widths. */
struct element {
	wide ua, sa, ub, sb, d;
	unsigned a_bits, carry;
};

/* Returns the element's result, of which the low bits count, and sets *saturated where it is. */
wide reference_value(const struct reference *r, const struct element *e, bool *saturated);

/* Return the result of an instruction of Zvbb or Zvbc, and whether it is one of theirs. */
wide reference_bits(const struct reference *r, const struct element *e);
bool reference_is_bits(const struct reference *r);

/* Returns the result of a step of a reduction. */
wide reference_fold(const struct reference *r, const struct element *e);

void reference_memory(struct reference *r);

/* Moves the fields of segment n that are in the window, as hardware may before a trap. */
void reference_segment(struct reference *r, u64 n);

void reference_permute(struct reference *r);

/* Read and write element n of a group that begins at a register; operands are letters of form. */
u64 reference_get(const struct reference *r, char operand, unsigned first, u64 n);
void reference_put(struct reference *r, u64 n, u64 value);
bool reference_bit(const struct reference *r, unsigned first, u64 n);

/* v0 is an operand, not a mask: vadc, vmadc, vsbc, vmsbc, vmerge, vfmerge. */
bool reference_has_carry(const struct reference *r);

/* Returns whether element n is to be written: it is in the body, and not masked off. */
bool reference_active(const struct reference *r, u64 n);

#endif
