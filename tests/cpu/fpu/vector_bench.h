/* SPDX-License-Identifier: MIT */
/*
 * A hart that executes a vector instruction of floating point from random registers, and what it
 * should leave there.
 */
#ifndef TESTS_CPU_FPU_VECTOR_BENCH_H
#define TESTS_CPU_FPU_VECTOR_BENCH_H

#include "operands.h"
#include "tests/cpu/fixture.h"

/* Where the operands are: groups of eight registers. */
enum { MASK = 0, VD = 8, VS2 = 16, VS1 = 24, SCALAR = 5 };

struct bench {
	struct machine *machine;
	struct hart *hart;
	struct rng rng;
	/* The case: the instruction, and what it should leave in the registers and raise. */
	u32 raw;
	unsigned op;
	unsigned size; /* the logarithm of SEW in bytes */
	u64 first;
	bool masked;
	u64 scalar; /* as it is read: SEW bits */
	u8 want[VECTOR_REGISTERS * VLENB_MAX];
	u8 flags;
};

/* The caller ends it with bench_free. VLEN is one of 128 to 1024. */
struct bench *bench_create(void);
void bench_free(struct bench *bench);

/* Returns how often a test goes through all vtypes: VECTOR_CASES, or a part of the usual number. */
u64 bench_cases(void);
/* Sets it, and the seed, from VECTOR_CASES and VECTOR_SEED; prints both. */
void bench_settings(void);

/* Returns a number below `count`. */
unsigned bench_pick(struct bench *bench, unsigned count);

/* Element n, of 2^size bytes, of a register group in `registers`, all of a hart. */
u8 *bench_place(u8 *registers, const struct bench *bench, unsigned number, u64 n, unsigned size);
u64 bench_get(u8 *registers, const struct bench *bench, unsigned number, u64 n, unsigned size);
void bench_put(struct bench *bench, u64 n, unsigned size, u64 value);
/* Bit n of v0. */
bool bench_bit(u8 *registers, const struct bench *bench, u64 n);

/*
 * Sets the state that the instruction is executed from, with the registers of above. Returns false
 * if it is not legal in this vtype.
 */
bool bench_set(struct bench *bench, unsigned op, u64 vtype);

/* Puts a scalar of SEW bits into its f register, sometimes not NaN-boxed. */
void bench_set_scalar(struct bench *bench, u64 value);
void bench_random_scalar(struct bench *bench);

/* Executes it; bench->want is what was in the registers before. */
void bench_execute(struct bench *bench);

/* Compares what it has left with bench->want and bench->flags. */
void bench_check(struct bench *bench);

#endif
