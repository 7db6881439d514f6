/* SPDX-License-Identifier: MIT */
/* Includes cmocka, and before it what cmocka needs. */
#ifndef TESTS_CMOCKA_H
#define TESTS_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* cmocka looks at byte after byte, which it need not where nothing differs. */
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
 * A source file ends with the list of its tests, whose last row is { 0 }; main() in tests/main.c
 * runs them. A program that has to do more has a main() of its own and no such list.
 */
extern const struct CMUnitTest unit_tests[];

#endif
