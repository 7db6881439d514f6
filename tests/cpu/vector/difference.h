/* SPDX-License-Identifier: MIT */
/* Prints the differences between two images that were made from the same one. */
#ifndef TESTS_CPU_VECTOR_DIFFERENCE_H
#define TESTS_CPU_VECTOR_DIFFERENCE_H

#include "tests/cpu/vector/image.h"

struct difference_images {
	const struct vector_image *in, *baya, *other;
	const char *name; /* the name of the program that made `other` */
	unsigned vlenb;
};

/*
 * Prints a line for each register that differs, and the first bytes of vectors and memory that
 * differ.
 */
void difference_print(const struct difference_images *images);

#endif
