/* SPDX-License-Identifier: MIT */
/* The operands, results and rounding of emitters that compute with floating point. */
#ifndef CPU_JIT_EMIT_FP_H
#define CPU_JIT_EMIT_FP_H

#include "cpu/jit/gen.h"

/* Returns whether values of a size can be computed with. */
bool fp_can_compute(const struct gen *gen, unsigned size);

/* Returns where an operand is, as a double or a single: a half is widened in `xmm`. */
struct x86_arg fp_operand(struct gen *gen, unsigned xmm, unsigned reg, unsigned size);

/* Loads an operand, to be changed, into a register that no f register has. */
void fp_read_operand(struct gen *gen, unsigned xmm, unsigned reg, unsigned size);

/* Returns the register in which to compute fd: its own, or XMM0. */
unsigned fp_target(const struct gen *gen, unsigned fd, unsigned size);

/*
 * Writes an instruction of SSE that has two operands, or that of AVX, with the result in `to`. The
 * bits above the lowest number stay those of the first operand: a NaN box.
 */
void fp_compute(struct gen *gen, unsigned mnemonic, unsigned to, unsigned first,
		struct x86_arg second);

/* Goes to the body if the result in XMM0 is a NaN. */
void fp_refuse_nan(struct gen *gen, unsigned size);

/* Replaces a result that is a NaN by the canonical one. */
void fp_replace_nan(struct gen *gen, unsigned xmm, unsigned size);

/* Makes fd the result in fp_target(). */
void fp_write_result(struct gen *gen, unsigned fd, unsigned xmm, unsigned size);

/* The block's key says whether the dynamic mode is to nearest. */
bool fp_to_nearest(const struct gen *gen, const struct insn *insn);

/* An operation that never rounds needs a mode that is not reserved all the same. */
bool fp_is_mode(const struct gen *gen, const struct insn *insn);

/*
 * How to round, as ROUNDSS and ROUNDSD have it (Intel 64 manual, volume 2, "Rounding Modes and
 * Encoding of Rounding Control Field"): not MXCSR's mode, and with or without the inexact flag.
 */
enum { TO_NEAREST = 0, DOWN = 1, UP = 2, TRUNCATE = 3, QUIETLY = 8 };

/* Returns how the instruction rounds; -1 is the body's: to nearest away, or what frm says. */
s32 fp_rounding(const struct gen *gen, const struct insn *insn);

/* Makes XMM0 a value rounded to an integral one. */
void fp_round_integral(struct gen *gen, unsigned size, struct x86_arg from, s32 mode);

#endif
