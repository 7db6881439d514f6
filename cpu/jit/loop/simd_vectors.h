/* SPDX-License-Identifier: MIT */
/* Writes what SSE, AVX2 or AVX-512 computes of a strip's rounds (see simd.h): their elements. */
#ifndef CPU_JIT_LOOP_SIMD_VECTORS_H
#define CPU_JIT_LOOP_SIMD_VECTORS_H

#include "cpu/jit/gen.h"
#include "cpu/jit/loop/simd.h"

/* So many bytes of each stream are done in a turn of the loop that is written. */
#define SIMD_BATCH SIMD_VECTOR

/* The state of the translation of such rounds. */
struct simd_writer {
	struct gen *gen;
	const struct loop *loop;
	struct simd simd;
	u8 pin[PIN_VIEW + 1]; /* where x registers are meanwhile */
	u8 pointer[NATIVE_STREAMS]; /* by streams: a register of the host */
	unsigned bytes; /* of a vector register: 16, 32 with AVX2, 64 with AVX-512 */
	unsigned first, last; /* the vector registers that are used */
	unsigned kept; /* vector registers that are kept from turn to turn, from the last one on */
	u8 moving[SIMD_LEAVES]; /* which of them a leaf has; 0: it is the same in all rounds */
	u8 sum[SIMD_SUMS];
	u8 *strip[2 + NATIVE_STREAMS]; /* jumps to the strip's own code */
	unsigned strips;
	u8 *back[SIMD_OUTPUTS * NATIVE_STREAMS + SIMD_CARRIED]; /* to where pointers are given up */
	unsigned backs;
};

/* Chooses the vector registers by what the host has. */
void simd_choose_vectors(struct simd_writer *w);

/* Saves, or loads again, the f registers whose vector registers are needed. */
void simd_write_f_registers(struct simd_writer *w, bool save);

/* Prepares what is no element: values that are the same in all rounds, or move, and sums. */
void simd_write_operands(struct simd_writer *w);

/* Writes the loop; RCX counts bytes of the streams up to zero, pointers lead to their ends. */
void simd_write_turns(struct simd_writer *w);

/* Adds what was added up to the x registers. */
void simd_write_sums(struct simd_writer *w);

#endif
