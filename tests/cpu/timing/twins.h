/* SPDX-License-Identifier: MIT */
/* Two models of a core; the second one continues from the saved state of the first. */
#ifndef TESTS_CPU_TIMING_TWINS_H
#define TESTS_CPU_TIMING_TWINS_H

#include "cpu/timing/model.h"
#include "tests/state_copy.h"

struct twins {
	struct timing_model *first, *second;
	struct state saved, loaded;
};

static inline void twins_same(struct twins *twins)
{
	assert_int_equal(timing_cycles(twins->first), timing_cycles(twins->second));
	assert_int_equal(state_hash(&twins->saved), state_hash(&twins->loaded));
}

/* Copies the state of the first model to the second. */
static inline void twins_part(struct twins *twins)
{
	state_init(&twins->saved);
	state_init(&twins->loaded);
	timing_register_state(twins->first, &twins->saved, "timing");
	timing_register_state(twins->second, &twins->loaded, "timing");
	assert_int_equal(state_copy(&twins->loaded, &twins->saved), 0);
	assert_int_equal(state_hash(&twins->saved), state_hash(&twins->loaded));
}

static inline void twins_free(struct twins *twins)
{
	state_free(&twins->saved);
	state_free(&twins->loaded);
	timing_free(twins->first);
	timing_free(twins->second);
}

#endif
