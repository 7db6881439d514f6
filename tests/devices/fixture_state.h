/* SPDX-License-Identifier: MIT */
/* Tests whether a device's state is complete, by what a guest reads before and after a load. */
#ifndef TESTS_DEVICES_FIXTURE_STATE_H
#define TESTS_DEVICES_FIXTURE_STATE_H

#include "tests/devices/fixture.h"

/* Returns a hash of what a guest reads from all registers, in order. Reads may have effects. */
static inline u64 fixture_registers_hash(struct fixture *fixture)
{
	struct bus *bus = &fixture->platform.bus;
	u64 hash = 0;

	for (unsigned n = 0; n < bus->count; n++)
		for (u64 at = 0; !bus->regions[n].ram && at < bus->regions[n].size; at += 4) {
			u64 read[2] = { 0 };

			read[1] = bus_load(bus, bus->regions[n].base + at, 4, &read[0]);
			hash = state_hash_bytes(hash, read, sizeof(read));
		}
	return hash;
}

/* Resets the machine and loads the image, of which the device must accept each value. */
static inline void fixture_reload(struct fixture *fixture, const struct state_image *image)
{
	platform_reset(&fixture->platform);
	assert_int_equal(state_load(&fixture->platform.state, image->data, image->size), 0);
}

/*
 * Saves the state and loads it into the same machine after a reset. Returns whether the registers
 * then read as before, which they do not if one that a reset changes is missing in the state.
 */
static inline bool fixture_state_complete(struct fixture *fixture)
{
	struct state *state = &fixture->platform.state;
	struct state_image image = { 0 };
	u64 hash = state_hash(state), before;
	bool same;

	assert_int_equal(state_save(state, &image), 0);
	before = fixture_registers_hash(fixture);
	fixture_reload(fixture, &image);
	same = fixture_registers_hash(fixture) == before;
	fixture_reload(fixture, &image);
	assert_int_equal(state_hash(state), hash);
	free(image.data);
	return same;
}

/* Checks that the state is complete; afterwards it is the same as before. */
static inline void fixture_state_roundtrip(struct fixture *fixture)
{
	assert_true(fixture_state_complete(fixture));
}

#endif
