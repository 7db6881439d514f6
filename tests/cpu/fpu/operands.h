/* SPDX-License-Identifier: MIT */
/*
 * Generates operands that are hard for floating-point arithmetic: special values, cancellation,
 * ties, results at the borders of the formats, and plain random bits. They are reproducible from a
 * seed.
 */
#ifndef TESTS_CPU_FPU_OPERANDS_H
#define TESTS_CPU_FPU_OPERANDS_H

#include "oracle.h"

struct rng {
	u64 state;
};

u64 rng_next(struct rng *rng);

/* Fills in[0 .. op->operands) with operands that suit the operation. */
void operands_draw(struct rng *rng, const struct fpu_op *op, u64 *in);

/* The special values of a type, at most OPERANDS_SPECIAL of them; returns how many. */
#define OPERANDS_SPECIAL 64
unsigned operands_special(enum type type, u64 *values);

#endif
