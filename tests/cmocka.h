/* SPDX-License-Identifier: MIT */
/* cmocka, behind what it needs to be included first. */
#ifndef TESTS_CMOCKA_H
#define TESTS_CMOCKA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// The tests of a program, ended by one without a name, for the main in tests/main.c. A program that
// needs more than to run them has a main of its own, and none of these.
extern const struct CMUnitTest unit_tests[];

#endif
