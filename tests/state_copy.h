/* SPDX-License-Identifier: MIT */
/* Saves states to memory and loads them from there. */
#ifndef TESTS_STATE_COPY_H
#define TESTS_STATE_COPY_H

#include "bus/state.h"
#include "tests/cmocka.h"

#include <stdlib.h>

/* Returns the image of a saved state. The caller frees its data. */
static inline struct state_image state_saved(const struct state *state)
{
	struct state_image image = { 0 };

	assert_int_equal(state_save(state, &image), 0);
	return image;
}

/*
 * Copies a state by saving `from` and loading the image into `to`; both may be the same state.
 * Returns the result of state_load().
 */
static inline int state_copy(struct state *to, const struct state *from)
{
	struct state_image image = state_saved(from);
	int error = state_load(to, image.data, image.size);

	free(image.data);
	return error;
}

#endif
