/* SPDX-License-Identifier: MIT */
/*
 * Harts that execute a vector instruction of floating point from a random image (image.h), in each
 * tier, with agnostic elements left alone and made ones, and what it should make of that.
 */
#ifndef TESTS_CPU_FPU_VECTOR_BENCH_H
#define TESTS_CPU_FPU_VECTOR_BENCH_H

#include "operands.h"
#include "tests/cpu/fixture.h"
#include "tests/cpu/vector/image.h"

/* FS and VS are Initial. */
#define BENCH_INITIAL (BIT(13) | BIT(9))

/* Operands: v0, and those that an instruction names. */
enum operand { MASK, VD, VS2, VS1, OPERANDS };

struct bench {
	struct unit *unit, *ones_unit; /* the second makes agnostic elements ones */
	const struct isa *isa;
	struct rng rng;
	unsigned vlenb;
	u64 ones; /* bytes of them that were seen */
	/* The case: what the instruction is executed from, and what it should make of it. */
	struct vector_image in, want;
	unsigned op;
	unsigned first[OPERANDS]; /* where each begins */
	unsigned size; /* the logarithm of SEW in bytes */
	bool masked;
	bool plain; /* it is one that native code computes, if no result is a NaN */
	u64 scalar; /* as it is read: SEW bits */
	u64 status, dirty; /* mstatus before, and what of it is then Dirty */
};

/* One for each VLEN, 128 to 1024. The caller ends it with bench_free. */
#define BENCHES 4
struct bench *bench_create(unsigned number);
void bench_free(struct bench *bench);

/* Returns how often a test goes through all vtypes: VECTOR_CASES, or a part of the usual number. */
u64 bench_cases(void);
/* Sets it, and the seed, from VECTOR_CASES and VECTOR_SEED; prints both. */
void bench_settings(void);

/* Returns a number below `count`. */
unsigned bench_pick(struct bench *bench, unsigned count);

/* Element n, of 2^size bytes, of an operand: where it is in `v`, and its value before. */
u8 *bench_place(u8 *v, const struct bench *bench, enum operand operand, u64 n, unsigned size);
u64 bench_get(struct bench *bench, enum operand operand, u64 n, unsigned size);
/* Bit n of v0 before. */
bool bench_bit(struct bench *bench, u64 n);

/*
 * Makes an image with any policy. Operands are apart, or in any registers that are legal. Returns
 * false if the instruction is not legal in this vtype, which has no policy.
 */
bool bench_set(struct bench *bench, unsigned op, u64 vtype);

/* Puts a scalar of SEW bits into its f register, sometimes not NaN-boxed. */
void bench_set_scalar(struct bench *bench, u64 value);
void bench_random_scalar(struct bench *bench);

/* Begins bench->want: nothing has changed but vstart, which is 0. */
void bench_expect(struct bench *bench);
/* Sets an element of vd in it. */
void bench_put(struct bench *bench, u64 n, unsigned size, u64 value);

/* Executes it in each tier, and compares what it leaves with bench->want, which is lost. */
void bench_check(struct bench *bench);

#endif
