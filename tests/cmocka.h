/* SPDX-License-Identifier: MIT */
/* Includes cmocka, and before it what cmocka needs. */
#ifndef TESTS_CMOCKA_H
#define TESTS_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/*
 * A source file ends with the list of its tests, whose last row is { 0 }; main() in tests/main.c
 * runs them. A program that has to do more has a main() of its own and no such list.
 */
extern const struct CMUnitTest unit_tests[];

#endif
