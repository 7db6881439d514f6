/* SPDX-License-Identifier: MIT */
/* The loops of loops.def, which are compiled twice: without vectors and with them. */
#ifndef LOOPS_H
#define LOOPS_H

typedef unsigned char u8;
typedef signed char s8;
typedef unsigned short u16;
typedef short s16;
typedef unsigned int u32;
typedef int s32;
typedef unsigned long u64;
typedef long s64;
typedef float f32;
typedef double f64;
#ifdef HALF
typedef _Float16 f16;
#endif

/* A loop: writes d and reads a and b, each of 2 * n elements, and c, which has n indices. */
typedef void loop_fn(void *d, const void *a, const void *b, const u32 *c, s64 n);

struct loop {
	const char *name;
	loop_fn *run; /* NULL: the end of the table */
	unsigned size; /* the size of an element of a, in bytes */
	unsigned is_float;
};

extern const struct loop scalar_loops[], vector_loops[];

#endif
