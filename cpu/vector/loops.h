/* SPDX-License-Identifier: MIT */
/*
 * The loops of vector instructions over elements: bodies.def has an expression for each
 * instruction, and loops.inc makes functions for all widths of them. They are compiled for several
 * hosts (loops_*.c), of which the best one is chosen at start; all give the same results.
 */
#ifndef CPU_VECTOR_LOOPS_H
#define CPU_VECTOR_LOOPS_H

#include "bus/base.h"

/* The state that bodies need besides their operands, and the flags that they raise. */
struct vector_env {
	/* For bodies that read v0 as an operand: a byte for each element, 0 or 1. */
	const u8 *carry;
	u64 first; /* the number of the first element */
	u8 vxrm, vxsat;
	u8 rm, fflags; /* of floating point: the rounding mode in force, and the flags raised */
};

/*
 * Computes `count` elements of d from as many of a and b, and of d itself if the body reads it. In
 * loops for scalars b points to one element; in those without a second operand it is not read. All
 * point to the first element that is computed. They may overlap as the manual allows register
 * groups to, since elements are read and written in ascending order.
 */
typedef void vector_loop(void *d, const void *a, const void *b, size_t count,
			 struct vector_env *env);

/*
 * The loops of bodies by the logarithm of SEW in bytes, NULL where there is none, and loops by the
 * bits of a mask, in words, of which those from `count` on are 0.
 */
struct vector_loops {
#define BODY_V(name, ...) vector_loop *name##_v[4];
#define BODY_X(name, ...) vector_loop *name##_x[4];
#define FOLD(name, ...) vector_loop *name##_v[4];
#include "cpu/vector/bodies.def"
	/*
	 * By the width of elements. select: an element of a goes to d where its bit is set, in a
	 * register group or longer; compress: those elements go to d behind each other, and it
	 * returns how many; iota: how many bits are set before each element.
	 */
	void (*select[4])(void *d, const void *a, const u64 *bits, size_t count);
	size_t (*compress[4])(void *d, const void *a, const u64 *bits, size_t count);
	void (*iota[4])(void *d, const u64 *bits, size_t count);
	/* To bytes of 0 or 1, or from them; either side has room for a multiple of 64. */
	void (*expand)(u8 *lanes, const u64 *bits, size_t count);
	void (*pack)(u64 *bits, const u8 *lanes, size_t count);
};

extern const struct vector_loops vector_loops_v2, vector_loops_v3, vector_loops_v4;

/* Returns the loops for this host: x86-64-v2, v3 (AVX2) or v4 (AVX-512). */
const struct vector_loops *vector_loops_best(void);

#endif
