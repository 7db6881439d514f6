/* SPDX-License-Identifier: MIT */
/* The operands, results and rounding of emitters that compute with floating point. */
#ifndef CPU_JIT_EMIT_FP_H
#define CPU_JIT_EMIT_FP_H

#include "cpu/jit/gen.h"

/* Returns whether the host can compute with values of `size` bytes. */
bool fp_can_compute(const struct gen *gen, unsigned size);

/* Returns the operand for reading an f register. A half is first converted to a single in `xmm`. */
struct x86_arg fp_operand(struct gen *gen, unsigned xmm, unsigned reg, unsigned size);

/* Loads an f register into `xmm`, a scratch register, where it may be changed. */
void fp_read_operand(struct gen *gen, unsigned xmm, unsigned reg, unsigned size);

/* Returns the host register in which to compute fd: its own, or XMM0. */
unsigned fp_target(const struct gen *gen, unsigned fd, unsigned size);

/*
 * Writes a scalar SSE instruction with two operands, or the AVX form of it, with the result in
 * `to`. The bits above the lowest number are those of the first operand, and so keep a NaN box.
 */
void fp_compute(struct gen *gen, unsigned mnemonic, unsigned to, unsigned first,
		struct x86_arg second);

/* Writes a check that calls the body if the result in XMM0 is a NaN. */
void fp_refuse_nan(struct gen *gen, unsigned size);

/* Writes code that replaces a result by the canonical NaN if it is a NaN. */
void fp_replace_nan(struct gen *gen, unsigned xmm, unsigned size);

/* Writes the move of a result from fp_target() to fd. */
void fp_write_result(struct gen *gen, unsigned fd, unsigned xmm, unsigned size);

/*
 * Returns whether the instruction rounds to nearest even. If its mode is dynamic, the block's key
 * says whether frm is that.
 */
bool fp_to_nearest(const struct gen *gen, const struct insn *insn);

/*
 * Returns whether the rounding mode is known not to be reserved, which even an operation that never
 * rounds requires.
 */
bool fp_is_mode(const struct gen *gen, const struct insn *insn);

/*
 * Rounding controls of ROUNDSS and ROUNDSD (Intel 64 manual, volume 2, "Rounding Modes and Encoding
 * of Rounding Control Field"), which do not depend on MXCSR's mode. QUIETLY: the inexact flag is
 * not raised.
 */
enum { TO_NEAREST = 0, DOWN = 1, UP = 2, TRUNCATE = 3, QUIETLY = 8 };

/*
 * Returns the control for the instruction's mode; -1 if the body is needed, because the mode is
 * to nearest, ties away, or a dynamic one that is not to nearest even.
 */
s32 fp_rounding(const struct gen *gen, const struct insn *insn);

/* Writes code that rounds a value to an integral one in XMM0. */
void fp_round_integral(struct gen *gen, unsigned size, struct x86_arg from, s32 mode);

#endif
