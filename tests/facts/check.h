/* SPDX-License-Identifier: MIT */
/* Compares the result of a fact with its expectation, whose words are in README.md. */
#ifndef TESTS_FACTS_CHECK_H
#define TESTS_FACTS_CHECK_H

#include "tests/facts/world.h"

/* Returns whether the result is as expected; if not, the world's error describes the difference. */
bool check(struct world *world, const struct fact *fact, const struct fact_mode *mode);

#endif
