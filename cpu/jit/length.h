/* SPDX-License-Identifier: MIT */
/*
 * The knowledge of vl when a block is translated: the value that a vset of the block gave it, or
 * the one that a check in front of several vector instructions compares it with. Where that check
 * fails the second version of the code (group.h) is gone to, in which each instruction asks for
 * itself.
 */
#ifndef CPU_JIT_LENGTH_H
#define CPU_JIT_LENGTH_H

#include "bus/base.h"

struct gen;
struct insn;

/* Return the vtype of a block with vectors, and the logarithm of its SEW in bytes. */
u64 gen_vtype(const struct gen *gen);
unsigned gen_sew(const struct gen *gen);

/* Returns whether so many bytes are whole vectors of the host. */
bool gen_are_whole(u64 bytes);

/* Returns VLMAX for a vtype that is legal. */
u64 gen_vlmax(const struct gen *gen, u64 vtype);

/* Finds the instructions that know vl; the block's places and groups are known. */
void gen_find_lengths(struct gen *gen);

/* Writes the check in front of an instruction, if that has one. */
void gen_check_length(struct gen *gen, const struct insn *insn);

/* Returns the vl that the instruction being translated is sure to have; 0: it is not known. */
u64 gen_known_vl(const struct gen *gen);

#endif
