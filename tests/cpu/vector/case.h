/* SPDX-License-Identifier: MIT */
/*
 * Makes random cases: a vector instruction of the table v.def, and the state in which it is
 * executed.
 */
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
 * Makes an image for a row of v.def. It is mostly legal with vstart 0, and the operands are chosen
 * such that the instruction has an effect. In one of `reserved` cases (0: in none) the registers
 * are random, and therefore mostly reserved.
 */
void case_make(struct case_maker *maker, unsigned op, unsigned reserved,
	       struct vector_image *image);

/* The state that a case must have. */
struct case_state {
	u64 vtype, vl, vstart;
	bool masked;
};

/* Makes a case in that state. Returns false if none is legal, or none was found. */
bool case_make_in(struct case_maker *maker, unsigned op, const struct case_state *state,
		  struct vector_image *image);

/*
 * Fills the memory window with random numbers. case_make leaves it zero for rows that do not access
 * memory.
 */
void case_fill_memory(struct case_maker *maker, struct vector_image *image);

/* Fills `count` bytes, a multiple of 8, with elements of 1 << size bytes, many of them extreme. */
void case_fill(struct case_maker *maker, u8 *bytes, size_t count, unsigned size, bool fp);

/*
 * Makes what the registers contain, halves, singles or doubles by the image's SEW, numbers near 1:
 * their signs and fractions stay random. Bytes (SEW 8) become random ones.
 */
void case_make_plain(struct case_maker *maker, struct vector_image *in);

/* Writes one line about an image, without the contents of its registers, for a message. */
void case_print(const struct case_maker *maker, const struct vector_image *image, char *text,
		size_t size);

#endif
