/* SPDX-License-Identifier: MIT */
/* The facts about vectors: how the unit is made, its registers, the parts of vtype. */
#ifndef TESTS_FACTS_VECTOR_H
#define TESTS_FACTS_VECTOR_H

#include "cpu/hart/vector_state.h"
#include "tests/facts/value.h"

/* Sets the option of that name (vlen, rvv_ta_all_1s ...); returns false if there is none. */
bool vector_config_set(struct vector_config *config, const char *name, u64 value);
bool vector_config_equal(const struct vector_config *a, const struct vector_config *b);

/*
 * Returns 8 bytes of a vector register: v8 has the first ones of v8, v8.1 the next. NULL: the name
 * means none.
 */
u8 *vector_element(struct vector_state *vector, const char *name);

/* Makes E8 to E64, MF8 to M8, TA, MA, and VILL symbols, of which vtype is made. */
void vector_symbols(struct symbols *symbols);

#endif
