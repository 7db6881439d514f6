/* SPDX-License-Identifier: MIT */
/* What a fact says must come of it, compared with what did. README.md has the words. */
#ifndef TESTS_FACTS_CHECK_H
#define TESTS_FACTS_CHECK_H

#include "tests/facts/world.h"

/* True when all holds; else the world's error says what does not. */
bool check(struct world *world, const struct fact *fact, const struct fact_mode *mode);

#endif
