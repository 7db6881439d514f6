/* SPDX-License-Identifier: MIT */
/* Prints where two images differ that were made of one. */
#ifndef TESTS_CPU_VECTOR_DIFFERENCE_H
#define TESTS_CPU_VECTOR_DIFFERENCE_H

#include "tests/cpu/vector/image.h"

struct difference_images {
	const struct vector_image *in, *baya, *other;
	const char *name; /* whose the other one is */
	unsigned vlenb;
};

/* Prints a line for each register that differs, and the first bytes of vectors and of memory. */
void difference_print(const struct difference_images *images);

#endif
