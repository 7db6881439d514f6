/* SPDX-License-Identifier: MIT */
/*
 * Generates operands that are difficult for floating-point arithmetic: special values,
 * cancellation, ties, results at the limits of the formats, and random bits. A seed determines
 * them.
 */
#ifndef TESTS_CPU_FPU_OPERANDS_H
#define TESTS_CPU_FPU_OPERANDS_H

#include "oracle.h"

struct rng {
	u64 state;
};

u64 rng_next(struct rng *rng);

/* Fills in[0 .. op->operands) with operands for the operation. */
void operands_draw(struct rng *rng, const struct fpu_op *op, u64 *in);

/* Stores the special values of a type, at most OPERANDS_SPECIAL of them. Returns their number. */
#define OPERANDS_SPECIAL 64
unsigned operands_special(enum type type, u64 *values);

#endif
