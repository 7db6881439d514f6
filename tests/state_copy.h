/* SPDX-License-Identifier: MIT */
/* States that are saved to memory and loaded from it. */
#ifndef TESTS_STATE_COPY_H
#define TESTS_STATE_COPY_H

#include "bus/state.h"
#include "tests/cmocka.h"

#include <stdlib.h>

/* Returns a state as it is saved; the caller frees the data. */
static inline struct state_image state_saved(const struct state *state)
{
	struct state_image image = { 0 };

	assert_int_equal(state_save(state, &image), 0);
	return image;
}

/* Saves a state and loads it into another one, or into itself; returns what state_load() says. */
static inline int state_copy(struct state *to, const struct state *from)
{
	struct state_image image = state_saved(from);
	int error = state_load(to, image.data, image.size);

	free(image.data);
	return error;
}

#endif
