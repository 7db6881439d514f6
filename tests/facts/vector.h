/* SPDX-License-Identifier: MIT */
/* What facts say of vectors: the harts that have them, their registers, the parts of vtype. */
#ifndef TESTS_FACTS_VECTOR_H
#define TESTS_FACTS_VECTOR_H

#include "cpu/hart/vector_state.h"
#include "cpu/isa/isa.h"
#include "tests/facts/value.h"

/* Returns the extensions of a fact's hart: all that can be together, vectors included. */
struct ext_set fact_extensions(void);

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
