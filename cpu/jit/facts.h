/* SPDX-License-Identifier: MIT */
/*
 * Facts about registers that are true before each instruction of a block, on every path to it: a
 * forward data-flow analysis (Kildall, "A Unified Approach to Global Program Optimization"). They
 * do not depend on whether an instruction is emitted or its body is called.
 */
#ifndef CPU_JIT_FACTS_H
#define CPU_JIT_FACTS_H

#include "bus/base.h"

struct gen;
struct insn;

struct facts {
	u32 boxed; /* a mask of the f registers that hold a NaN-boxed single or half */
	u32 words; /* a mask of the x registers that hold a sign-extended word, as x0 does */
	bool dirty; /* the state of the floating-point unit is dirty */
};

/* Changes the facts before an instruction to those after it: the transfer function. */
void gen_transfer_facts(struct facts *facts, const struct insn *insn);

/* Finds the facts of the block (place->known). The block's places must be known. */
void gen_find_facts(struct gen *gen);

#endif
