/* SPDX-License-Identifier: MIT */
/*
 * Records of a program that never was: random instructions in a small memory, and whatever may
 * become of them. A model has to take them all; what they would compute does not matter. Of a
 * wild world not even a hart could tell such things.
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
	bool wild, translates;
	unsigned roots; /* the first page of them, if it translates */
	u8 after; /* of records, the same */
	struct timing_host host; /* reads the memory */
};

void world_init(struct world *world, u64 seed);

/* From now on; and much of memory's upper half is page table entries that lead back there. */
void world_run_wild(struct world *world);

/* Tables, too, but as they should be, but for permissions; and S and U mode for longer. */
void world_translate(struct world *world);

/* The next record and its shadows: how many in all, at most 1 + TIMING_SHADOWS_MAX. */
unsigned world_step(struct world *world, struct timing_record *records);

#endif
