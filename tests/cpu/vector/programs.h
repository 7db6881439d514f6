/* SPDX-License-Identifier: MIT */
/*
 * Random programs of vectors for U-mode, with the state that they start from: instructions of all
 * rows, vsets, scalars that go to vectors and come from them, CSRs, branches, and loops as
 * compilers make them (loops.h). Most are executed several times, so that native code, which knows
 * the state that it was made in, meets other ones. Each of them ends.
 */
#ifndef TESTS_CPU_VECTOR_PROGRAMS_H
#define TESTS_CPU_VECTOR_PROGRAMS_H

#include "tests/cpu/vector/case.h"
#include "tests/cpu/vector/loops.h"
#include "tests/cpu/vector/unit.h"

/* The most instructions that one executes. */
#define PROGRAM_STEPS 1000

struct program {
	struct loops_program loops; /* what it is made with */
	struct unit_code code; /* `loops.count` instructions, and behind them UNIT_END */
	struct vector_image in;
	bool leaves; /* its loops begin near the ends of the window */
};

/*
 * Makes a program; program->loops.maker has been initialised, and goes on from its seed. The
 * interpreter executes it: what traps is mostly taken out again, and what does not end is made
 * anew.
 */
void program_make(struct program *program, struct case_maker *maker, struct unit *unit);

/* Makes what the x registers of blocks.h hold: addresses are in the window, or near its end. */
void program_make_x(struct block_maker *maker, u64 *x);

#endif
