/* SPDX-License-Identifier: MIT */
/*
 * The value of vl as far as it is known when a block is translated: a vset of the block gave it, or
 * a check before several vector instructions compares vl with it. Where that check fails, execution
 * continues in the version without groups (group.h), in which each instruction checks vl by itself.
 */
#ifndef CPU_JIT_VL_KNOWN_H
#define CPU_JIT_VL_KNOWN_H

#include "bus/base.h"

struct gen;
struct insn;

/* Return the vtype of a block with vectors, and the binary logarithm of its SEW in bytes. */
u64 gen_vtype(const struct gen *gen);
unsigned gen_sew(const struct gen *gen);

/* Returns whether that many bytes fill whole vector registers of the host. */
bool gen_are_whole(u64 bytes);

/* Returns VLMAX for a vtype that is legal. */
u64 gen_vlmax(const struct gen *gen, u64 vtype);

/* Finds the instructions for which vl is known. The block's places and groups must be known. */
void gen_find_lengths(struct gen *gen);

/* Writes the check of vl before an instruction, if the instruction has one. */
void gen_check_length(struct gen *gen, const struct insn *insn);

/* Returns the vl of the instruction that is being translated; 0 if it is not known. */
u64 gen_known_vl(const struct gen *gen);

#endif
