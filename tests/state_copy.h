/* SPDX-License-Identifier: MIT */
/* Saves states to memory and loads them from it. */
#ifndef TESTS_STATE_COPY_H
#define TESTS_STATE_COPY_H

#include "bus/state.h"
#include "tests/cmocka.h"

#include <stdlib.h>

/* Saves a state and returns the image; the caller frees its data. */
static inline struct state_image state_saved(const struct state *state)
{
	struct state_image image = { 0 };

	assert_int_equal(state_save(state, &image), 0);
	return image;
}

/*
 * Loads into `to` what `from` saves; both may be the same state. Returns what state_load() says.
 */
static inline int state_copy(struct state *to, const struct state *from)
{
	struct state_image image = state_saved(from);
	int error = state_load(to, image.data, image.size);

	free(image.data);
	return error;
}

#endif
