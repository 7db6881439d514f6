/* SPDX-License-Identifier: MIT */
/*
 * Records of a program that does not exist: random instructions in a small memory, and whatever may
 * become of them. A model has to take them all; what they would compute does not matter. The
 * records of a wild world could not even come from a hart.
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
	unsigned calm; /* records of which one traps, on average; ECALL does always */
	bool wild, translates;
	unsigned roots; /* the first page of roots, if it translates */
	u8 after; /* the same, for the records to come */
	struct timing_host host; /* reads the memory */
};

void world_init(struct world *world, u64 seed);

/*
 * Makes a world wild from now on: much of memory's upper half is page table entries that lead back
 * there.
 */
void world_run_wild(struct world *world);

/* Makes correct tables, except for permissions, and longer times in S and U mode. */
void world_translate(struct world *world);

/* Puts vector instructions into the lower half of memory. */
void world_add_vectors(struct world *world);

/* Gets the next record and its shadows; returns how many in all, at most 1 + TIMING_SHADOWS_MAX. */
unsigned world_step(struct world *world, struct timing_record *records);

#endif
