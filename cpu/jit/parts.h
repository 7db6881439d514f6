/* SPDX-License-Identifier: MIT */
/* Notes on the parts of a block's code, taken while it is written. */
#ifndef CPU_JIT_PARTS_H
#define CPU_JIT_PARTS_H

#include "cpu/jit/facts.h"
#include "cpu/jit/x86.h"

struct insn;
struct loop;

/*
 * An access whose check fails calls `ask` (one of jit_stubs) to find its page. If the page is
 * found, execution continues at `access`.
 */
struct retry {
	u8 *access; /* NULL: there is nothing to try */
	const u8 *ask;
	struct x86_arg at;
	s32 site; /* a number; less than 0: it has none */
};

/* The code that calls an instruction's body and returns from there. */
struct slow_path {
	u8 *jump[6];
	unsigned jumps;
	u8 *back;
	const struct insn *insn;
	const struct loop *loop; /* whose strip it is in; NULL: it is checked code */
	u8 repeats; /* of a strip (gen_leave_strip) */
	bool ungrouped; /* it is in the version without groups */
	u8 vectors; /* which are held where it comes back (held.h) */
	u8 more; /* instructions behind it whose bodies are called, too */
	const struct insn_place
		*place; /* where it goes on without groups; NULL: the body is called */
	struct retry retry;
};

/* A branch that is taken, to be written behind the block's instructions. */
struct side_exit {
	u8 *jump;
	s32 offset;
	unsigned next; /* the index of the instruction behind the branch */
	const struct loop *loop; /* whose strip it is in; NULL: it is checked code */
	u8 repeats; /* of a strip (gen_leave_strip) */
	bool ungrouped; /* it is in the version without groups */
};

/* Where an instruction is. */
struct insn_place {
	u8 at; /* halfwords into the block */
	bool joined; /* a jump of the block leads here */
	u8 group; /* its number and one, for an access; 0: none */
	struct facts known; /* in front of it */
	bool rcx_group; /* RCX has what its group keeps */
	bool inside; /* its code relies on a check in front of it, of a group */
	bool sized; /* on one of vl, which calls of bodies leave as it is */
	bool sure; /* vl follows from the block, and is no guess */
	u16 vl; /* which vl a vector instruction knows; 0: none (length.h) */
	bool drops; /* no vectors are held behind it (held.h) */
	u8 vectors; /* which are held where its code begins; 0 at a loop's start */
	u8 wants; /* which a loop that begins here finds held, behind code that loads them */
	u32 boxed; /* f registers in which its emitter wants singles in NaN boxes */
	u32 nans[2]; /* singles and doubles in front of it whose NaNs were left (nan.h) */
	u8 *inner; /* where that code ends */
	u8 *code; /* where it is jumped to */
	u8 *strip, *ungrouped; /* the same in the strip of its loop, and without groups */
	u8 *taken; /* where a branch that is taken goes on */
};

#endif
