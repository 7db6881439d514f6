/* SPDX-License-Identifier: MIT */
/*
 * Rounds of a strip that SSE does several at once, in front of the others: those of a loop without
 * branches whose stores write the same function of what the elements of other streams are, such as
 * copies, fills and sums of arrays. A round may have several elements, as compilers and memcpy
 * unroll loops (superword level parallelism: Larsen and Amarasinghe, "Exploiting Superword Level
 * Parallelism with Multimedia Instruction Sets", PLDI 2000). At least one round is left to the
 * strip's own code, which computes all that is not needed here.
 */
#ifndef CPU_JIT_LOOP_SIMD_H
#define CPU_JIT_LOOP_SIMD_H

#include "cpu/jit/loop/simd_values.h"

/*
 * The most that there can be: streams that are written; elements that are loaded for that; values
 * that are not loaded, and such of them as move; registers that are added up, and such as are
 * loaded a round ahead; vector registers to compute in.
 */
enum {
	SIMD_OUTPUTS = 3, SIMD_LOADS = 12, SIMD_LEAVES = NATIVE_SIMD, SIMD_MOVING = 2,
	SIMD_SUMS = 2, SIMD_CARRIED = 4, SIMD_REGISTERS = 6,
};

/* A block with such loops has at least so many instructions. */
#define SIMD_LEAST 3

/* The most bytes that a vector register has. */
#define SIMD_VECTOR 64

/* The most bytes of code for one of them. */
#define SIMD_ROOM 5120

/* An element that is loaded for an output; its number may be that of none. */
struct simd_load {
	u8 stream, output;
	s32 at;
};

/* A value that is no load: the same in all rounds, or moved by a constant in each. */
struct simd_leaf {
	u8 value;
	u8 mask; /* it says how far another one is shifted, by these bits; 0: it does not */
	s32 step;
};

/* A register to which each round adds a value. */
struct simd_sum {
	u8 reg, value;
	u16 op;
};

/* An x register that has at a round's begin what the round before has loaded. */
struct simd_carried {
	u8 reg, stream;
	s32 at; /* where that was, from where the stream is now */
};

/*
 * The jump back, which is taken while one form differs from another one, by which `step` more of it
 * is left behind each round; or while it is below that one, which the jump `none` tells.
 */
struct simd_exit {
	struct form from, to;
	s32 step; /* a power of two */
	u16 none; /* of Zydis: it is taken if there are no more rounds; 0: they are counted only */
};

/* The rounds of a loop as functions of elements. */
struct simd {
	struct simd_round round;
	unsigned size; /* bytes of an element */
	s32 step; /* bytes of a round, by which all streams move: a power of two */
	unsigned outputs, loads, leaves, moving, sums, carries;
	struct simd_store output[SIMD_OUTPUTS];
	struct simd_load load[SIMD_LOADS];
	struct simd_leaf leaf[SIMD_LEAVES];
	struct simd_sum sum[SIMD_SUMS];
	struct simd_carried carried[SIMD_CARRIED];
	u32 streams; /* that are used, a bit for each */
	unsigned registers; /* vector registers to compute in */
	struct simd_exit exit;
};

/* Returns the instruction for a row and elements of the size; 0: there is none. */
ZydisMnemonic simd_mnemonic(const struct simd *simd, unsigned op);

/* Returns the bits of a register by which the row shifts; 0: it does not. */
unsigned simd_shift_mask(unsigned op);

/* Finds how far a form moves in a round. Returns false if that is not known. */
bool simd_step(const struct simd *simd, const struct form *form, s32 *step);

/*
 * A store and a load, or two stores, are not reordered where they are so many bytes apart or more,
 * or where the loads of an output are of the very elements that it writes.
 */
s32 simd_apart(const struct simd *simd);

/* Finds what a round does as functions of elements. Returns false if it cannot be done by SSE. */
bool simd_find(struct gen *gen, const struct loop *loop, struct simd *simd);

/* Writes these rounds, between the strip's checks and its own code, if the loop has such. */
void gen_write_simd(struct gen *gen, const struct loop *loop);

#endif
