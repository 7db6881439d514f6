/* SPDX-License-Identifier: MIT */
/* Includes cmocka, after the headers that cmocka needs. */
#ifndef TESTS_CMOCKA_H
#define TESTS_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/*
 * Compares by memcmp first, because cmocka compares byte by byte, which is slow and not needed if
 * nothing differs.
 */
#undef assert_memory_equal
#define assert_memory_equal(a, b, size)                                                            \
	do {                                                                                       \
		const void *const first_ = (a), *const second_ = (b);                              \
		const size_t size_ = (size);                                                       \
                                                                                                   \
		if (size_ && memcmp(first_, second_, size_))                                       \
			_assert_memory_equal(first_, second_, size_, __FILE__, __LINE__);          \
	} while (0)

/*
 * The tests of a source file, which ends with this list; its last row is { 0 }. main() in
 * tests/main.c runs them. A program that has to do more has its own main() and no such list.
 */
extern const struct CMUnitTest unit_tests[];

#endif
