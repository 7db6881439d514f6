/* SPDX-License-Identifier: MIT */
/*
 * Value numbering of an iteration of a loop without branches: the values of x registers, and those
 * that the iteration stores.
 */
#ifndef CPU_JIT_LOOP_SIMD_VALUES_H
#define CPU_JIT_LOOP_SIMD_VALUES_H

#include "cpu/jit/loop/form.h"
#include "cpu/jit/loop/loop.h"
#include "cpu/jit/x86.h"

/* The most values and stores that an iteration has. */
enum { SIMD_VALUES = 112, SIMD_STORES = 32 };

enum simd_kind {
	SIMD_OPAQUE, /* unknown, or not computed by SIMD */
	SIMD_FORM, /* a sum of registers as they were when the iteration began (form.h) */
	SIMD_LOAD, /* the result of a load of a stream */
	SIMD_OP, /* an operation of simd.def on two other values */
};

/*
 * The value of an x register at some time in an iteration. Which fields are used depends on `kind`.
 */
struct simd_value {
	u8 kind;
	u8 a, b; /* the numbers of the operands */
	u8 stream; /* of a load */
	u8 size; /* of a load, in bytes */
	u16 op; /* the row of isa.def that computed or loaded it */
	s32 at; /* of a load: the offset from the stream's base and index, in bytes */
	struct form form; /* an exact one: `low` and `high` are equal */
};

/* A store of a value, or the first one of an iteration's stores to successive elements. */
struct simd_store {
	u8 stream, value, size; /* the numbers of the stream and the value; bytes */
	s32 at; /* the offset from the stream's base and index, in bytes */
};

/* An iteration. Values are referred to by their numbers, the indices in `value`. */
struct simd_iteration {
	unsigned values;
	struct simd_value value[SIMD_VALUES];
	u8 now[32]; /* by x register: the present value; after simd_find_values(), the last one */
	u32 first; /* a mask of the x registers that are read before they are written */
	unsigned stores;
	struct simd_store store[SIMD_STORES];
};

/* The kinds of operations; simd.def describes them. */
enum simd_row_kind {
	SIMD_NONE, SIMD_TWO, SIMD_MINUS, SIMD_NUMBER, SIMD_SHIFT, SIMD_SHIFT_NUMBER,
};

/* A row of simd.def; its kind is SIMD_NONE if an operation has none. */
struct simd_row {
	u8 kind;
	u16 mnemonic[4]; /* of SSE, by the binary logarithm of an element's bytes; 0: none */
};

/* Returns the row of an operation of isa.def. */
struct simd_row simd_row(unsigned op);

/*
 * Follows an iteration of the loop. Value n, below 32, is that of register n when the iteration
 * begins: it is the register itself, or another one plus a constant if loop->copy says so. Returns
 * false if the loop cannot have SIMD iterations.
 */
bool simd_find_values(struct gen *gen, const struct loop *loop, struct simd_iteration *iteration);

#endif
