/* SPDX-License-Identifier: MIT */
/*
 * Random programs for timing models. They run in machine mode for ever, and execute the same
 * instructions however fast time passes, on any simulator of RV64GC. The seed alone determines a
 * program.
 */
#ifndef TESTS_CYCLES_RANDOM_PROGRAM_H
#define TESTS_CYCLES_RANDOM_PROGRAM_H

#include "bus/base.h"
#include "cpu/isa/isa.h"
#include "tests/cpu/random.h"
#include "tests/cpu/tiers/tier_emit.h"

/* The layout of memory. Data are addressed by constants. */
#define PROGRAM_BASE 0x80000000ull /* also the entry point */
#define PROGRAM_CODE_MAX 0x10000u
#define PROGRAM_TABLES 0x80020000ull /* page tables: a root, a middle one, and one of 4 KiB pages */
/* Pointers, each to another one: a cycle through all of them. */
#define PROGRAM_POINTERS 0x80030000ull
#define PROGRAM_POINTER_COUNT 2048u
#define PROGRAM_FUNCTIONS 0x80038000ull /* addresses of functions */
#define PROGRAM_HOT 0x80039800ull /* the middle of 4 KiB */
#define PROGRAM_IMAGE 0x40000u /* bytes of the program's image; memory after it is zero */
#define PROGRAM_BIG 0x80100000ull /* 512 KiB */
#define PROGRAM_PAGES 256u /* pages at VIRTUAL, which map random pages of BIG */
#define PROGRAM_VIRTUAL 0x40000000ull

/* The registers with a fixed purpose. Units use the others; the handler uses x30 and x31. */
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
	u64 seed; /* the state of the random numbers for what is made next */
	u8 *image; /* has PROGRAM_IMAGE bytes */
	unsigned weights[PROGRAM_UNITS_MAX]; /* the weights of the kinds of units */
	u64 functions[PROGRAM_FUNCTION_COUNT], recursion, millicode;
	unsigned built; /* the number of functions made so far; only these are called */
	bool quiet; /* the present units must not trap, because data is translated */
	unsigned depth; /* how deeply units are nested */
};

/* Makes a program in the image, which must be zero. */
void program_build(struct program *program, const struct isa *isa, u8 *image, u64 seed);

/* Add one unit of a random kind, or several. */
void program_unit(struct program *program);
void program_units(struct program *program, unsigned count);

/*
 * Chooses random weights. Programs with seeds from PROGRAM_CALM on have neither FENCE.I nor
 * SFENCE.VMA, translate no data, and have no floating-point division and no square root.
 */
#define PROGRAM_CALM 1000000u
void program_weigh(struct program *program, bool calm);

/*
 * Adds a CSR access without effect, after an instruction that empties the pipeline. Few models know
 * whether the pipeline has already begun the instructions that follow such an instruction; this
 * ensures that it never has.
 */
void program_synchronize(struct program *program);

static inline u64 program_below(struct program *program, u64 limit)
{
	return (random_u64(&program->seed) >> 16) % limit;
}

#endif
