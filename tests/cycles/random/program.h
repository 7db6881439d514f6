/* SPDX-License-Identifier: MIT */
/*
 * Random programs for timing models: they run in machine mode for ever, the same instructions
 * whatever time goes by, on any simulator of RV64GC. A program follows from its seed alone.
 */
#ifndef TESTS_CYCLES_RANDOM_PROGRAM_H
#define TESTS_CYCLES_RANDOM_PROGRAM_H

#include "bus/base.h"
#include "cpu/isa/isa.h"
#include "tests/cpu/random.h"
#include "tests/cpu/tiers/tier_emit.h"

/* The layout of memory; what is not code is addressed by constants. */
#define PROGRAM_BASE 0x80000000ull /* and where it starts */
#define PROGRAM_CODE_MAX 0x10000u
#define PROGRAM_TABLES 0x80020000ull /* page tables: a root, a middle, one of 4 KiB pages */
#define PROGRAM_POINTERS 0x80030000ull /* each leads to another: a cycle through all */
#define PROGRAM_POINTER_COUNT 2048u
#define PROGRAM_FUNCTIONS 0x80038000ull /* addresses of functions */
#define PROGRAM_HOT 0x80039800ull /* 4 KiB around it */
#define PROGRAM_IMAGE 0x40000u /* bytes that are loaded; what follows is zero */
#define PROGRAM_BIG 0x80100000ull /* 512 KiB */
#define PROGRAM_PAGES 256u /* pages of BIG, at random places from VIRTUAL on */
#define PROGRAM_VIRTUAL 0x40000000ull

/* The registers with a purpose. Units use the others, of which x30 and x31 are the handler's. */
enum {
	REG_RETURN = 1, REG_STACK = 2, REG_BIG = 3, REG_FACTOR = 4, REG_MILLICODE = 5,
	REG_HOT = 8, REG_RANDOM = 9, REG_ADDRESS = 18, REG_COUNT = 19, REG_STRIDE = 20,
	REG_CHASE = 21, REG_VIRTUAL = 22, REG_FUNCTIONS = 23, REG_DEPTH = 24, REG_MASK = 25,
	REG_TARGET = 26, REG_ATOMIC = 27, REG_HANDLER = 30, REG_HANDLER2 = 31,
};

#define PROGRAM_FUNCTION_COUNT 8u
#define PROGRAM_UNITS_MAX 32u

struct program {
	struct emit emit;
	u64 seed; /* the seed of the rest of it */
	u8 *image; /* PROGRAM_IMAGE bytes */
	unsigned weights[PROGRAM_UNITS_MAX]; /* the weights of the kinds of units */
	u64 functions[PROGRAM_FUNCTION_COUNT], recursion, millicode;
	unsigned built; /* functions: only those are called */
	bool quiet; /* nothing that traps: data is translated */
	unsigned depth; /* how deep units are in units */
};

/* Fills the image, which must be zero. */
void program_build(struct program *program, const struct isa *isa, u8 *image, u64 seed);

/* Make one unit of a random kind, or several. */
void program_unit(struct program *program);
void program_units(struct program *program, unsigned count);

/*
 * Sets random weights. Programs of seeds from CALM on have no FENCE.I and no SFENCE.VMA, translate
 * no data, and have no division and no root of floating point.
 */
#define PROGRAM_CALM 1000000u
void program_weigh(struct program *program, bool calm);

/*
 * Makes a CSR access that does nothing, behind one that empties the pipeline: few models know
 * whether the instructions there have been begun by then, and so they never are.
 */
void program_synchronize(struct program *program);

static inline u64 program_below(struct program *program, u64 limit)
{
	return (random_u64(&program->seed) >> 16) % limit;
}

#endif
