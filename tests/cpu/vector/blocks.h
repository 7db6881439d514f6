/* SPDX-License-Identifier: MIT */
/*
 * Random instructions for blocks with vectors. Most of the vector instructions have native code,
 * and they use few registers, so that they read what was just written, with the same element width
 * or another.
 */
#ifndef TESTS_CPU_VECTOR_BLOCKS_H
#define TESTS_CPU_VECTOR_BLOCKS_H

#include "cpu/isa/isa.h"

/*
 * The first x register of each use: four numbers, four addresses, a mask for indices, a stride, and
 * a counter.
 */
enum { BLOCK_NUMBER = 5, BLOCK_ADDRESS = 9, BLOCK_MASK = 13, BLOCK_STRIDE, BLOCK_COUNT };

#define BLOCK_NOP 0x00000013

struct block_rows {
	u16 op[OP_TABLE_SIZE];
	unsigned count;
};

struct block_maker {
	const struct isa *isa;
	struct block_rows native,
		others; /* the rows of vector instructions with and without an emitter */
	/* The rows of scalar floating-point instructions with an emitter. */
	struct block_rows floats;
	u64 vtype; /* the vtype in which the instructions are legal */
	u64 seed; /* never 0 */
};

void block_maker_init(struct block_maker *maker, const struct isa *isa, u64 seed);

/* Returns a random number below `count`. */
u64 block_pick(struct block_maker *maker, u64 count);

/*
 * Sets maker->vtype to a random one whose SEW is at least `sew` bits. Returns a vl for it: VLMAX,
 * or less.
 */
u64 block_make_vtype(struct block_maker *maker, unsigned sew, unsigned vlenb);

/* Returns a random vector instruction, with an emitter (`native`) or without one. */
u32 block_vector(struct block_maker *maker, bool native);

/*
 * Makes an indexed load or store, preceded by an instruction that limits the indices by a mask.
 * Returns the number of instructions: 2, or 0 if they would not be legal.
 */
unsigned block_indexed(struct block_maker *maker, u32 *to);

/*
 * Returns a branch over `by` instructions; or if `by` is not positive, a branch back that is taken
 * unless BLOCK_COUNT is 0.
 */
u32 block_branch(struct block_maker *maker, int by);

/* Returns a random scalar instruction: of integers, of floating point, of memory or of CSRs. */
u32 block_scalar(struct block_maker *maker);

/* Prints a program's disassembly. */
void block_print(const struct block_maker *maker, const u32 *insn, unsigned count);

#endif
