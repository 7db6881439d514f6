/* SPDX-License-Identifier: MIT */
/* Compares the result of a fact with what the fact says. README.md has the words. */
#ifndef TESTS_FACTS_CHECK_H
#define TESTS_FACTS_CHECK_H

#include "tests/facts/world.h"

/* Returns true if all holds; otherwise the world's error says what does not. */
bool check(struct world *world, const struct fact *fact, const struct fact_mode *mode);

#endif
