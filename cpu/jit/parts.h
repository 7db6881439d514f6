/* SPDX-License-Identifier: MIT */
/* What is noted of the parts of a block's code while it is written. */
#ifndef CPU_JIT_PARTS_H
#define CPU_JIT_PARTS_H

#include "cpu/jit/x86.h"

struct insn;
struct loop;

/*
 * An access whose check fails, or that of its group, asks `ask` (one of jit_stubs) for its page. If
 * that is found it goes on at `access`. `forget` is a slot to be cleared before; 0: none.
 */
struct retry {
	u8 *access; /* NULL: there is nothing to try */
	const u8 *ask;
	struct x86_arg at;
	s64 forget;
};

/* An instruction's way to a call of its body, from which it comes back. */
struct cold {
	u8 *jump[4];
	unsigned jumps;
	u8 *back;
	const struct insn *insn;
	const struct loop *loop; /* whose strip it is in; NULL: it is checked code */
	const u8 *checked; /* of a strip: the instruction in the checked version */
	struct retry retry;
};

/* A branch that is taken, to be written behind the block's instructions. */
struct side {
	u8 *jump;
	s32 offset;
	unsigned next; /* the index of the instruction behind the branch */
	const struct loop *loop; /* whose strip it is in; NULL: it is checked code */
};

/* Where an instruction is. */
struct place {
	u8 at; /* halfwords into the block */
	bool joined; /* a jump of the block leads here */
	u8 group, stream; /* its number and one, for an access; 0: none */
	u8 *code, *strip; /* its code, and that in the strip of its loop */
	u8 *taken; /* where a branch that is taken goes on */
};

#endif
