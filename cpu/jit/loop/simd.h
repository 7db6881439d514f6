/* SPDX-License-Identifier: MIT */
/*
 * SIMD iterations: several iterations of a strip, done at once by SSE, AVX2 or AVX-512 before the
 * strip's own code does the rest. The loop has no branches, and does the same to each element of
 * arrays: its stores write one function of the elements of other streams, as in copies and fills,
 * or it adds elements up. An iteration may handle several elements, because compilers and memcpy
 * unroll loops (superword level parallelism: Larsen and Amarasinghe, "Exploiting Superword Level
 * Parallelism with Multimedia Instruction Sets", PLDI 2000). At least one iteration is left to the
 * strip's own code, which computes the registers that nothing here needs.
 */
#ifndef CPU_JIT_LOOP_SIMD_H
#define CPU_JIT_LOOP_SIMD_H

#include "cpu/jit/loop/simd_values.h"

/*
 * The most outputs of an iteration, loads, scalars, scalars whose value changes from iteration to
 * iteration, sums, and carried registers (see the structures below), and the most vector registers
 * to compute in.
 */
enum {
	SIMD_OUTPUTS = 3, SIMD_LOADS = 12, SIMD_SCALARS = NATIVE_SIMD, SIMD_MOVING = 2,
	SIMD_SUMS = 2, SIMD_CARRIED = 4, SIMD_REGISTERS = 6,
};

/* The fewest instructions of such a loop, and so of a block that has one. */
#define SIMD_LEAST 3

/* The size of the largest vector register, in bytes. */
#define SIMD_VECTOR 64

/* The most bytes of code for the SIMD iterations of one loop. */
#define SIMD_ROOM 5120

/* An element that is loaded. */
struct simd_load {
	u8 stream, output; /* `output` uses the element; SIMD_OUTPUTS if none does */
	s32 at; /* in bytes from the stream's base and index */
};

/*
 * A scalar operand, which is computed from x registers instead of loaded: the same in all
 * iterations (an invariant), or one to which each iteration adds a constant (an induction
 * variable). `value` is its number in the iteration.
 */
struct simd_scalar {
	u8 value;
	u8 mask; /* it is a shift count, of which only these bits are used; 0: it is none */
	s32 step; /* the constant; 0 for an invariant */
};

/* An x register to which each iteration adds the value with the number `value`. */
struct simd_sum {
	u8 reg, value;
	u16 op; /* the addition: add or addw */
};

/* An x register that has, when an iteration begins, what the previous iteration loaded. */
struct simd_carried {
	u8 reg, stream;
	s32 at; /* the place of that element, in bytes from the stream's present base and index */
};

/*
 * The condition of the jump back: from != to, from < to or from <= to. An iteration decreases the
 * difference by `step`, which gives the number of iterations.
 */
struct simd_exit {
	struct form from, to;
	s32 step; /* a power of two */
	u16 none; /* the x86 jump taken if an inequality is false; 0 for the condition != */
};

/* An iteration of the loop as functions of elements. */
struct simd {
	struct simd_iteration iteration;
	unsigned size; /* of an element, in bytes */
	s32 step; /* the bytes by which an iteration moves all streams: a power of two */
	/* the numbers of entries in the arrays; `moving` counts scalars that are no invariants */
	unsigned outputs, loads, scalars, moving, sums, carries;
	struct simd_store output[SIMD_OUTPUTS];
	struct simd_load load[SIMD_LOADS];
	struct simd_scalar scalar[SIMD_SCALARS];
	struct simd_sum sum[SIMD_SUMS];
	struct simd_carried carried[SIMD_CARRIED];
	u32 streams; /* a mask of those that are used */
	unsigned registers; /* vector registers to compute in */
	struct simd_exit exit;
};

/* Returns the host's instruction for an operation on elements of simd->size; 0 if there is none. */
ZydisMnemonic simd_mnemonic(const struct simd *simd, unsigned op);

/* Returns which bits of its count register a shift uses, as a mask; 0 if `op` is no such shift. */
unsigned simd_shift_mask(unsigned op);

/* Finds how much an iteration adds to a form. Returns false if that is not known. */
bool simd_step(const struct simd *simd, const struct form *form, s32 *step);

/*
 * Returns the distance, in bytes, from which on SIMD iterations do not reorder a store and a load,
 * or two stores. A nearer load is in order only if it is of the element that its output overwrites.
 */
s32 simd_apart(const struct simd *simd);

/* Finds what an iteration does. Returns false if the loop cannot have SIMD iterations. */
bool simd_find(struct gen *gen, const struct loop *loop, struct simd *simd);

/* Writes SIMD iterations between the strip's checks and its own code, if the loop can have them. */
void gen_write_simd(struct gen *gen, const struct loop *loop);

#endif
