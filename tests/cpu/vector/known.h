/* SPDX-License-Identifier: MIT */
/*
 * The known differences between QEMU 10.0 and Baya: either both results are allowed, or QEMU's is
 * wrong.
 */
#ifndef TESTS_CPU_VECTOR_KNOWN_H
#define TESTS_CPU_VECTOR_KNOWN_H

#include "tests/cpu/vector/case.h"

/* The rows of the table in known.c. KNOWN_NONE: the difference is not explained. */
enum known {
	KNOWN_NONE,
	KNOWN_ABORT,
	KNOWN_GRANULE, /* the first one that known_difference returns */
	KNOWN_COUNT = 11
};

/* Returns the first row that explains why Baya and QEMU made different images from `in`. */
enum known known_difference(const struct case_maker *maker, const struct vector_image *in,
			    const struct vector_image *baya, const struct vector_image *qemu);

/*
 * Returns KNOWN_ABORT if an assertion in QEMU is known to abort it when it executes `in`; otherwise
 * KNOWN_NONE.
 */
enum known known_abort(const struct case_maker *maker, const struct vector_image *in);

/* Returns the reason of a row as text, with the section of the manual. */
const char *known_reason(enum known known);

#endif
