/* SPDX-License-Identifier: MIT */
/*
 * Random instructions for blocks with vectors: most of the vector ones have native code, and name
 * few registers, so that they read what is just written, in the same width or another.
 */
#ifndef TESTS_CPU_VECTOR_BLOCKS_H
#define TESTS_CPU_VECTOR_BLOCKS_H

#include "cpu/isa/isa.h"

/* x registers: four numbers, four addresses, a mask of indices, a stride, and what counts down. */
enum { BLOCK_NUMBER = 5, BLOCK_ADDRESS = 9, BLOCK_MASK = 13, BLOCK_STRIDE, BLOCK_COUNT };

#define BLOCK_NOP 0x00000013

struct block_rows {
	u16 op[OP_TABLE_SIZE];
	unsigned count;
};

struct block_maker {
	const struct isa *isa;
	struct block_rows native,
		others; /* the vector rows that have emitters, and those without */
	struct block_rows floats; /* the scalar rows of floating point that have emitters */
	u64 vtype; /* in which the instructions are legal */
	u64 seed; /* never 0 */
};

void block_maker_init(struct block_maker *maker, const struct isa *isa, u64 seed);

/* Returns a random number below `count`. */
u64 block_pick(struct block_maker *maker, u64 count);

/* Makes maker->vtype a random one of at least so many bits; returns VLMAX, or less. */
u64 block_make_vtype(struct block_maker *maker, unsigned sew, unsigned vlenb);

/* Returns a vector instruction, of the rows that have emitters or of the others. */
u32 block_vector(struct block_maker *maker, bool native);

/*
 * Makes a load or store by indices, and in front of it an instruction that masks them. Returns how
 * many instructions these are: 2 or none.
 */
unsigned block_indexed(struct block_maker *maker, u32 *to);

/* Returns a branch over so many instructions; or back to one as long as a register is not 0. */
u32 block_branch(struct block_maker *maker, int by);

/* Returns an instruction of integers, of floating point, of memory or of CSRs. */
u32 block_scalar(struct block_maker *maker);

/* Prints a program. */
void block_print(const struct block_maker *maker, const u32 *insn, unsigned count);

#endif
