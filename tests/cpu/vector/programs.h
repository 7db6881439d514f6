/* SPDX-License-Identifier: MIT */
/*
 * Random vector programs for U-mode, with the state in which they start: vector instructions of all
 * rows, vsets, moves between scalars and vectors, CSR accesses, branches, and loops as compilers
 * make them (loops.h). Most programs are executed several times, so that native code, which depends
 * on the state for which it was made, meets other states. All programs end.
 */
#ifndef TESTS_CPU_VECTOR_PROGRAMS_H
#define TESTS_CPU_VECTOR_PROGRAMS_H

#include "tests/cpu/vector/case.h"
#include "tests/cpu/vector/loops.h"
#include "tests/cpu/vector/unit.h"

/* The most instructions that a program executes. */
#define PROGRAM_STEPS 1000

struct program {
	struct loops_program loops; /* the program before traps are removed from it */
	struct unit_code code; /* `loops.count` instructions, followed by UNIT_END */
	struct vector_image in;
	bool leaves; /* its loops start near the ends of the memory window, and may leave it */
};

/*
 * Makes a program. The caller has initialised program->loops.maker, whose seed determines it. The
 * interpreter executes the program: instructions that trap are mostly replaced by no-ops, and a
 * program that does not end is replaced by another one.
 */
void program_make(struct program *program, struct case_maker *maker, struct unit *unit);

/* Sets the x registers of blocks.h. Addresses are in the memory window, or near its end. */
void program_make_x(struct block_maker *maker, u64 *x);

#endif
