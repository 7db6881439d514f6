/* SPDX-License-Identifier: MIT */
/*
 * Computes the result of an operation according to IEEE 754 and the RISC-V manual, by MPFR and
 * without any code of cpu/. oracle_compute() finds the exact value once; oracle_answer() rounds it
 * in a rounding mode by comparing it with the two neighbouring values of the format.
 */
#ifndef TESTS_CPU_FPU_ORACLE_H
#define TESTS_CPU_FPU_ORACLE_H

#include "bus/base.h"

enum operation {
	OP_ADD, OP_SUB, OP_MUL, OP_DIV, OP_SQRT, OP_FMA, OP_CONVERT,
	OP_ROUND, OP_ROUNDNX, OP_MODULAR, OP_MIN, OP_MAX, OP_MINM, OP_MAXM,
	OP_EQ, OP_LT, OP_LE, OP_LTQ, OP_LEQ, OP_CLASSIFY,
	OP_CONVERT_ODD, OP_RSQRT7, OP_REC7, /* operations of vectors only */
};

/* TYPE_NONE is not a format: the result of a comparison or a classification. */
enum type {
	TYPE_F16, TYPE_BF16, TYPE_F32, TYPE_F64,
	TYPE_S32, TYPE_U32, TYPE_S64, TYPE_U64, TYPE_S8, TYPE_U8, TYPE_S16, TYPE_U16, TYPE_NONE,
};

static inline bool is_float(enum type type)
{
	return type <= TYPE_F64;
}

/* An operation of cpu/fpu/fpu.h with a common signature. Operands and results are bit patterns. */
struct fpu_op {
	const char *name;
	enum operation operation;
	enum type from, to;
	unsigned operands;
	u64 (*run)(const u64 *in, unsigned rm, u8 *flags);
};

struct answer {
	u64 value;
	u8 flags;
};

struct oracle;

/* Returns a new oracle, which the caller frees by oracle_free(). */
struct oracle *oracle_new(void);
void oracle_free(struct oracle *oracle);

/* Computes the exact result of op for in[0 .. op->operands). */
void oracle_compute(struct oracle *oracle, const struct fpu_op *op, const u64 *in);

/*
 * Returns the result and the flags of the operation that was computed last, in rounding mode rm (0
 * to 4).
 */
struct answer oracle_answer(struct oracle *oracle, unsigned rm);

/*
 * Computes the value of a floating-point result, but not the flags, by MPFR's emulation of a
 * format's subnormal range; this checks oracle_answer() for rm 0 to 3. Returns false if the result
 * is a NaN.
 */
bool oracle_second_opinion(struct oracle *oracle, unsigned rm, u64 *value);

#endif
