/* SPDX-License-Identifier: MIT */
/*
 * The parts that both comparisons with QEMU share: that of single instructions, and that of
 * programs.
 */
#ifndef TESTS_CPU_VECTOR_QEMU_QEMU_COMPARE_H
#define TESTS_CPU_VECTOR_QEMU_QEMU_COMPARE_H

#include "tests/cpu/vector/case.h"
#include "tests/cpu/vector/known.h"
#include "tests/cpu/vector/qemu/qemu.h"
#include "tests/cpu/vector/unit.h"

struct comparison {
	struct unit *unit;
	struct case_maker maker;
	struct qemu qemu;
	u64 compared, trapped, differences, known[KNOWN_COUNT];
};

/*
 * Prints the instruction `in->raw`, and the differences between two images that were made from
 * `in`.
 */
void print_difference(const struct comparison *c, const struct vector_image *in,
		      const struct vector_image *baya, const struct vector_image *qemu);

/* Compares `count` random programs, which maker.seed determines, and prints a summary. */
void compare_programs(struct comparison *c, u64 count);

#endif
