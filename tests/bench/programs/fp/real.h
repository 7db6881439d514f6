/* SPDX-License-Identifier: MIT */
/*
 * Lets each program of this folder be compiled in two precisions: with REAL=double, the default,
 * and with REAL=single.
 */
#ifndef REAL_H
#define REAL_H

#include <math.h>
#include "../program.h"

#ifndef REAL
#define REAL double
#endif

#define JOIN(a, b) a##_##b
#define EXPANDED(a, b) JOIN(a, b)
/* The name of a program's function in this precision. */
#define RUN(name) EXPANDED(run_##name, REAL)

#define real_double double
#define real_single float
#define root_double sqrt
#define root_single sqrtf
#define real EXPANDED(real, REAL)
#define root EXPANDED(root, REAL)

/* Returns a random number from 0 to 1, the same in both precisions. */
static inline real random_real(uint64_t *state)
{
	return (real)(random_next(state) >> 44) / (real)(1 << 20);
}

#endif
