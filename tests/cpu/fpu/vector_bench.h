/* SPDX-License-Identifier: MIT */
/*
 * Harts that execute a floating-point vector instruction from a random image (image.h) in each
 * tier, and the image that is expected after it. Agnostic elements are either undisturbed or become
 * ones.
 */
#ifndef TESTS_CPU_FPU_VECTOR_BENCH_H
#define TESTS_CPU_FPU_VECTOR_BENCH_H

#include "operands.h"
#include "tests/cpu/fixture.h"
#include "tests/cpu/vector/image.h"

/* FS and VS are Initial. */
#define BENCH_INITIAL (BIT(13) | BIT(9))

/* The operands: v0, and those that an instruction names. */
enum operand { MASK, VD, VS2, VS1, OPERANDS };

struct bench {
	struct unit *unit, *ones_unit; /* in the second, agnostic elements become ones */
	const struct isa *isa;
	struct rng rng;
	unsigned vlenb;
	u64 ones; /* the number of agnostic bytes that have become ones */
	/*
	 * The present case: the image from which the instruction is executed, and the one that is
	 * expected after it.
	 */
	struct vector_image in, want;
	unsigned op;
	unsigned first[OPERANDS]; /* the first register of each operand */
	unsigned size; /* the binary logarithm of SEW in bytes */
	bool masked;
	bool plain; /* native code computes the instruction inline if no result is a NaN */
	u64 scalar; /* the scalar operand as the instruction reads it: SEW bits */
	u64 status, dirty; /* mstatus before, and which of its fields must be Dirty after it */
};

/*
 * Returns a new bench, number 0 to BENCHES - 1: one for each VLEN from 128 to 1024. The caller
 * frees it by bench_free.
 */
#define BENCHES 4
struct bench *bench_create(unsigned number);
void bench_free(struct bench *bench);

/*
 * Returns how often a test iterates over all vtypes: VECTOR_CASES of the environment, or the usual
 * number or a part of it.
 */
u64 bench_cases(void);
/*
 * Sets that number and the seed from VECTOR_CASES and VECTOR_SEED of the environment, and prints
 * both.
 */
void bench_settings(void);

/* Returns a number below `count`. */
unsigned bench_pick(struct bench *bench, unsigned count);

/*
 * bench_place returns where element n of an operand is in `v`, the 32 registers; elements have
 * 2^size bytes. bench_get returns its value in the image before the instruction.
 */
u8 *bench_place(u8 *v, const struct bench *bench, enum operand operand, u64 n, unsigned size);
u64 bench_get(struct bench *bench, enum operand operand, u64 n, unsigned size);
/* Returns bit n of v0 in the image before the instruction. */
bool bench_bit(struct bench *bench, u64 n);

/*
 * Makes a case: an image and an instruction, with random policies for agnostic elements and random
 * legal registers, which are often far apart. Returns false if the instruction is not legal in this
 * vtype, in which the bits of the policies must be 0.
 */
bool bench_set(struct bench *bench, unsigned op, u64 vtype);

/*
 * bench_set_scalar puts a scalar of SEW bits into its f register, sometimes not NaN-boxed;
 * bench_random_scalar does so with a random one.
 */
void bench_set_scalar(struct bench *bench, u64 value);
void bench_random_scalar(struct bench *bench);

/* Initialises bench->want with the image before, with vstart 0. */
void bench_expect(struct bench *bench);
/* Sets an element of vd in bench->want. */
void bench_put(struct bench *bench, u64 n, unsigned size, u64 value);

/*
 * Executes the instruction in each tier, and compares the results with bench->want, which is
 * modified.
 */
void bench_check(struct bench *bench);

#endif
