/* SPDX-License-Identifier: MIT */
/* Finds what x registers are in a round of a loop without branches, and what the round stores. */
#ifndef CPU_JIT_LOOP_SIMD_VALUES_H
#define CPU_JIT_LOOP_SIMD_VALUES_H

#include "cpu/jit/loop/form.h"
#include "cpu/jit/loop/loop.h"
#include "cpu/jit/x86.h"

/* The most values and stores that a round has. */
enum { SIMD_VALUES = 112, SIMD_STORES = 32 };

enum simd_kind {
	SIMD_OPAQUE, /* it is not known, or not computed here */
	SIMD_FORM, /* a sum of registers as they were when the round began */
	SIMD_LOAD, /* what a load of a stream gave */
	SIMD_OP, /* a row of simd.def, of two other values */
};

/* The value of an x register at some time in a round. */
struct simd_value {
	u8 kind;
	u8 a, b; /* the operands' numbers */
	u8 stream; /* of a load */
	u8 size; /* of a load, in bytes */
	u16 op; /* that computed or loaded it */
	s32 at; /* of a load: from the stream's base and index */
	struct form form; /* exact: its bounds are the same */
};

/* A store of a value, or the first one of a round's stores to successive elements. */
struct simd_store {
	u8 stream, value, size;
	s32 at; /* from the stream's base and index */
};

/* A round, whose registers have values that are known by their numbers. */
struct simd_round {
	unsigned values;
	struct simd_value value[SIMD_VALUES];
	u8 now[32]; /* by x registers: the values that they have, at last at the end of the round */
	u32 first; /* x registers that are read before they are written */
	unsigned stores;
	struct simd_store store[SIMD_STORES];
};

enum simd_row_kind {
	SIMD_NONE, SIMD_TWO, SIMD_MINUS, SIMD_NUMBER, SIMD_SHIFT, SIMD_SHIFT_NUMBER,
};

/* A row of simd.def; SIMD_NONE: there is none. */
struct simd_row {
	u8 kind;
	u16 mnemonic[4]; /* of Zydis, by the logarithm of the size; 0: there is none */
};

/* Returns the row of an operation. */
struct simd_row simd_row(unsigned op);

/*
 * Goes through a round of the loop. When it begins, value n is that of register n, a copy of
 * another one if the loop knows that. Returns false if SSE cannot do the loop's rounds.
 */
bool simd_find_values(struct gen *gen, const struct loop *loop, struct simd_round *round);

#endif
