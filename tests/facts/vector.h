/* SPDX-License-Identifier: MIT */
/*
 * The parts of facts that concern vectors: the configuration of the vector unit, its registers, and
 * the parts of vtype.
 */
#ifndef TESTS_FACTS_VECTOR_H
#define TESTS_FACTS_VECTOR_H

#include "cpu/hart/vector_state.h"
#include "tests/facts/value.h"

/*
 * vector_config_set sets the option with this name (vlen, rvv_ta_all_1s and others), and returns
 * false if there is none. vector_config_equal returns whether two configurations are equal.
 */
bool vector_config_set(struct vector_config *config, const char *name, u64 value);
bool vector_config_equal(const struct vector_config *a, const struct vector_config *b);

/*
 * Returns 8 bytes of a vector register: "v8" names the first ones of v8, "v8.1" the next ones.
 * NULL: the name is not valid.
 */
u8 *vector_element(struct vector_state *vector, const char *name);

/* Adds the symbols for parts of vtype: E8 to E64, MF8 to M8, TA, MA, and VILL. */
void vector_symbols(struct symbols *symbols);

#endif
