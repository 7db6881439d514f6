/* SPDX-License-Identifier: MIT */
/* Registers in a round of a loop, as sums of what they were when the round began. */
#ifndef CPU_JIT_LOOP_FORM_H
#define CPU_JIT_LOOP_FORM_H

#include "cpu/isa/isa.h"

struct gen;
struct stream;

/*
 * base + (index << shift) + c, of two registers as they were at the beginning of the round, of
 * which x0 stands for none.
 */
struct form {
	bool known;
	u8 base, index, shift;
	s32 low, high; /* c is between them */
};

/* Returns the form of what the instruction computes, by the forms of all x registers. */
struct form form_of(const struct form *forms, const struct insn *insn);

/* Returns the form with the constant moved; not known if it gets too far away. */
struct form form_moved(struct form form, s64 by);

/* Returns the form of an address so many bytes from a stream's base and index. */
struct form form_of_stream(const struct stream *stream, s32 at);

/* Leaves an exact form in a register of the host; changes `scratch`. */
void gen_write_form(struct gen *gen, const struct form *form, unsigned reg, unsigned scratch);

#endif
