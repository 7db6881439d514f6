/* SPDX-License-Identifier: MIT */
/* The things that QEMU 10.0 does otherwise than Baya, and why both may, or QEMU must not. */
#ifndef TESTS_CPU_VECTOR_KNOWN_H
#define TESTS_CPU_VECTOR_KNOWN_H

#include "tests/cpu/vector/case.h"

/* The rows of known.c's table; KNOWN_NONE: it is not explained. */
enum known {
	KNOWN_NONE,
	KNOWN_ABORT,
	KNOWN_GRANULE, /* the first one that known_difference returns */
	KNOWN_COUNT = 11
};

/* Returns the first row that explains why Baya and QEMU made different images of `in`. */
enum known known_difference(const struct case_maker *maker, const struct vector_image *in,
			    const struct vector_image *baya, const struct vector_image *qemu);

/* Returns KNOWN_ABORT if an assertion of its own is known to abort QEMU where it executes `in`. */
enum known known_abort(const struct case_maker *maker, const struct vector_image *in);

/* Returns the reason of a row in words, with the section of the manual. */
const char *known_reason(enum known known);

#endif
