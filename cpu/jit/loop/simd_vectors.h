/* SPDX-License-Identifier: MIT */
/* Writes the operations on elements of SIMD iterations (see simd.h), with SSE, AVX2 or AVX-512. */
#ifndef CPU_JIT_LOOP_SIMD_VECTORS_H
#define CPU_JIT_LOOP_SIMD_VECTORS_H

#include "cpu/jit/gen.h"
#include "cpu/jit/loop/simd.h"

/*
 * The bytes of each stream that a turn handles. A turn is one iteration of the loop of the host
 * that does the SIMD iterations.
 */
#define SIMD_BATCH SIMD_VECTOR

/* The state while the code of a loop's SIMD iterations is written. */
struct simd_writer {
	struct gen *gen;
	const struct loop *loop;
	struct simd simd;
	u8 pin[PIN_VIEW + 1]; /* where x registers are during the iterations (gen->pin) */
	u8 pointer[NATIVE_STREAMS]; /* by stream: the host register that points to its elements */
	unsigned bytes; /* of a vector register: 16, 32 with AVX2, 64 with AVX-512 */
	unsigned first, last; /* the range of vector registers that may be used */
	unsigned kept; /* how many of them, counted from `last` down, keep values between turns */
	u8 moving[SIMD_SCALARS]; /* by scalar: the register that keeps it; 0 for an invariant */
	u8 sum[SIMD_SUMS]; /* the registers that keep partial sums */
	u8 *strip[2 + NATIVE_STREAMS]; /* jumps to the strip's own code, and their number */
	unsigned strips;
	/* jumps to the code that restores the x registers whose host registers are pointers */
	u8 *back[SIMD_OUTPUTS * NATIVE_STREAMS + SIMD_CARRIED];
	unsigned backs;
};

/* Chooses the size of vectors and the vector registers, which depend on the host. */
void simd_choose_vectors(struct simd_writer *w);

/* Saves to the hart, or restores, the f registers in vector registers that are needed. */
void simd_write_f_registers(struct simd_writer *w, bool save);

/* Writes the initialisation of the scalars and of the sums. */
void simd_write_operands(struct simd_writer *w);

/*
 * Writes the loop. Pointers point to the ends of the streams' bytes; RCX is the negative offset
 * from there, which counts up to zero.
 */
void simd_write_turns(struct simd_writer *w);

/* Writes the additions of the partial sums to the x registers. */
void simd_write_sums(struct simd_writer *w);

#endif
