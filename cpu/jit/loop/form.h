/* SPDX-License-Identifier: MIT */
/* Values of registers in an iteration of a loop, as sums of the values when the iteration began. */
#ifndef CPU_JIT_LOOP_FORM_H
#define CPU_JIT_LOOP_FORM_H

#include "cpu/isa/isa.h"

struct gen;
struct stream;

/*
 * The value base + (index << shift) + c, where `base` and `index` are the values of two registers
 * when the iteration began; x0 means that there is none. A form is exact if low and high are equal.
 */
struct form {
	bool known;
	u8 base, index, shift;
	s32 low, high; /* the bounds of c, inclusive */
	u8 zeros; /* if it is not known: the value has at least so many leading zeros */
};

/* Returns the form of an instruction's result; `forms` has those of all x registers before it. */
struct form form_of(const struct form *forms, const struct insn *insn);

/* Returns the form plus a constant; an unknown form if its bounds would become too large. */
struct form form_moved(struct form form, s64 by);

/* Returns the form of the address `at` bytes from a stream's base and index. */
struct form form_of_stream(const struct stream *stream, s32 at);

/* Writes code that leaves the value of an exact form in `reg`, and that changes `scratch`. */
void gen_write_form(struct gen *gen, const struct form *form, unsigned reg, unsigned scratch);

#endif
