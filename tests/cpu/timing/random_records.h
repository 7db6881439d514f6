/* SPDX-License-Identifier: MIT */
/*
 * Random records for timing models, of a program that does not exist: random instructions in a
 * small memory, with random outcomes. A model must accept all of them; their results do not matter.
 * The records of a "wild" world are such that no hart could produce them.
 */
#ifndef TESTS_CPU_TIMING_RANDOM_RECORDS_H
#define TESTS_CPU_TIMING_RANDOM_RECORDS_H

#include "cpu/isa/isa.h"
#include "cpu/timing/kind.h"
#include "tests/cpu/random.h"

#define WORLD_BASE 0x80000000ull
#define WORLD_SIZE 0x10000u

struct world {
	u64 seed;
	struct isa isa;
	u8 memory[WORLD_SIZE];
	u64 pc;
	unsigned calm; /* one of this many records traps, on average; ECALL always traps */
	bool wild, translates;
	unsigned roots; /* the page of the first root table, if it translates */
	u8 after; /* the field `after` of the next records */
	struct timing_host host; /* reads the memory */
};

void world_init(struct world *world, u64 seed);

/*
 * Makes a world wild. In the upper half of memory, two of three doublewords become page-table
 * entries that point back into memory.
 */
void world_run_wild(struct world *world);

/*
 * Makes page tables that are correct except for permissions, and lets the program stay longer in S
 * and U mode.
 */
void world_translate(struct world *world);

/* Writes vector instructions into the lower half of memory. */
void world_add_vectors(struct world *world);

/*
 * Stores the next record and those of its shadows. Returns their number, at most 1 +
 * TIMING_SHADOWS_MAX.
 */
unsigned world_step(struct world *world, struct timing_record *records);

#endif
