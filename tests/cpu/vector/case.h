/* SPDX-License-Identifier: MIT */
/* Random vector instructions with the state that they are executed from, made of the table. */
#ifndef TESTS_CPU_VECTOR_CASE_H
#define TESTS_CPU_VECTOR_CASE_H

#include "cpu/isa/vector.h"
#include "tests/cpu/random.h"
#include "tests/cpu/vector/image.h"

struct case_maker {
	const struct isa *isa;
	unsigned vlenb; /* VLEN in bytes */
	u64 seed; /* never 0 */
};

/*
 * Makes an image for a row of v.def: mostly a legal one with vstart 0, and the operands such that
 * something happens. In one of `reserved` cases registers are at random, and thus mostly reserved;
 * 0: in none.
 */
void case_make(struct case_maker *maker, unsigned op, unsigned reserved,
	       struct vector_image *image);

/* The state that a case is asked for. */
struct case_state {
	u64 vtype, vl, vstart;
	bool masked;
};

/* Makes one in that state; false: there is none that is legal, or none was found. */
bool case_make_in(struct case_maker *maker, unsigned op, const struct case_state *state,
		  struct vector_image *image);

/* Fills the window, which is 0 in images for rows that do not access memory. */
void case_fill_memory(struct case_maker *maker, struct vector_image *image);

/* Writes an image in a line, without its registers' contents, for a message. */
void case_print(const struct case_maker *maker, const struct vector_image *image, char *text,
		size_t size);

#endif
