/* SPDX-License-Identifier: MIT */
/*
 * The loops of vector instructions over elements: bodies.def has an expression for each
 * instruction, and loops.inc makes functions for all widths of them. They are compiled for several
 * levels of x86-64 (loops_*.c). The best one for the host is chosen at start; the results are the
 * same.
 */
#ifndef CPU_VECTOR_LOOPS_H
#define CPU_VECTOR_LOOPS_H

#include "bus/base.h"

/* The state that bodies need in addition to their operands, and the flags that they raise. */
struct vector_env {
	/* For bodies that read v0 as an operand: one byte for each element, 0 or 1. */
	const u8 *carry;
	u64 first; /* the number of the first element */
	u8 vxrm, vxsat;
	u8 rm, fflags; /* for floating point: the rounding mode, and the flags that were raised */
};

/*
 * Computes `count` elements of d from those of a and b, and from those of d itself if the body
 * reads it. In loops for scalars b points to one element; in loops without a second operand it is
 * not read. All pointers point to the first element that is computed. The arrays may overlap as the
 * manual allows register groups to, because elements are read and written in ascending order.
 */
typedef void vector_loop(void *d, const void *a, const void *b, size_t count,
			 struct vector_env *env);

/*
 * The loops for bodies, indexed by the binary logarithm of SEW in bytes, NULL if there is none; and
 * loops that use the bits of a mask, given as words whose bits from `count` on are 0.
 */
struct vector_loops {
#define BODY_V(name, ...) vector_loop *name##_v[4];
#define BODY_X(name, ...) vector_loop *name##_x[4];
#define FOLD(name, ...) vector_loop *name##_v[4];
#include "cpu/vector/bodies.def"
	/*
	 * Indexed by the width of elements. select copies those elements of a to d whose bit is
	 * set, in a register group or a longer array. compress copies these elements to d one after
	 * the other, and returns their number. iota stores for each element how many bits before it
	 * are set.
	 */
	void (*select[4])(void *d, const void *a, const u64 *bits, size_t count);
	size_t (*compress[4])(void *d, const void *a, const u64 *bits, size_t count);
	void (*iota[4])(void *d, const u64 *bits, size_t count);
	/*
	 * Convert bits to bytes that are 0 or 1, and back. Both arrays have room for a multiple of
	 * 64 elements.
	 */
	void (*expand)(u8 *lanes, const u64 *bits, size_t count);
	void (*pack)(u64 *bits, const u8 *lanes, size_t count);
};

extern const struct vector_loops vector_loops_v2, vector_loops_v3, vector_loops_v4;

/* Returns the loops for this host: x86-64-v2, v3 (AVX2) or v4 (AVX-512). */
const struct vector_loops *vector_loops_best(void);

#endif
