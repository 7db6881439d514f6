/* SPDX-License-Identifier: MIT */
/* Changes states of models to such that a hostile file might contain. */
#ifndef TESTS_CPU_TIMING_HOSTILE_H
#define TESTS_CPU_TIMING_HOSTILE_H

#include "bus/state.h"
#include "tests/cpu/random.h"

#include <string.h>

/* Replaces a random field of a random part of the state by a random number. */
static inline void hostile_change(const struct state *state, u64 *seed)
{
	const struct state_part *part = &state->parts[random_u64(seed) % state->count];
	const struct state_field *field = &part->type->fields[random_u64(seed) % part->type->count];
	u8 *at = (u8 *)part->self + field->offset + random_u64(seed) % field->count * field->size;
	u64 value = random_u64(seed) >> random_u64(seed) % 64;

	if (field->boolean)
		value &= 1;
	memcpy(at, &value, field->size);
}

/* Returns whether loading this state would succeed. */
static inline bool hostile_accepted(const struct state *state)
{
	for (unsigned n = 0; n < state->count; n++) {
		const struct state_part *part = &state->parts[n];

		if (part->type->post_load && part->type->post_load(part->self))
			return false;
	}
	return true;
}

#endif
