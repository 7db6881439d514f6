/* SPDX-License-Identifier: MIT */
/*
 * The hash over all registered state. Owns nothing; walks the register of state.c.
 *
 * Bytes are read as little-endian words of 64 bits (the last one padded with zeros), which are
 * distributed in turn to four lanes. A lane absorbs a word in three steps: xor the word, xor its
 * own upper half onto the lower, multiply by an odd number. Each of the three is a bijection of the
 * lane, so two inputs that differ in one word always differ in that lane; the fold comes before the
 * product so that the topmost bits spread, too. The lanes are independent, so the processor works
 * on four at a time. In the end they are combined, and mixed until each bit of the input affects
 * each bit of the hash. The hash is not secure against deliberate collisions.
 */
#include "bus/ram.h"
#include "bus/state.h"

#include <string.h>

#define LANES 4
#define HASH_ODD 0xd1342543de82ef95ull

static const u64 hash_seeds[LANES] = {
	0x8c5f3a0e61d94b27ull,
	0x2e9b7c45f0a3681dull,
	0xb7146dfa93c8520bull,
	0x51e80b9c2d7fa463ull,
};

static u64 hash_step(u64 lane, u64 word)
{
	lane ^= word;
	return (lane ^ lane >> 32) * HASH_ODD;
}

static u64 hash_finish(u64 hash)
{
	hash = (hash ^ hash >> 32) * HASH_ODD;
	hash = (hash ^ hash >> 29) * HASH_ODD;
	return hash ^ hash >> 32;
}

u64 state_hash_bytes(u64 hash, const void *bytes, size_t size)
{
	const u8 *data = bytes;
	u64 lanes[LANES], words[LANES];
	size_t done = 0;

	memcpy(lanes, hash_seeds, sizeof(lanes));
	for (; size - done >= sizeof(words); done += sizeof(words)) {
		memcpy(words, data + done, sizeof(words));
		for (unsigned i = 0; i < LANES; i++)
			lanes[i] = hash_step(lanes[i], words[i]);
	}
	if (done < size) {
		memset(words, 0, sizeof(words));
		memcpy(words, data + done, size - done);
		for (unsigned i = 0; i < LANES; i++)
			lanes[i] = hash_step(lanes[i], words[i]);
	}
	hash = hash_step(hash, size);
	for (unsigned i = 0; i < LANES; i++)
		hash = hash_step(hash, hash_finish(lanes[i]));
	return hash_finish(hash);
}

static u64 hash_ram(u64 hash, const struct ram *ram)
{
	u64 len;

	for (u64 at = 0; ram_next_data(ram, &at, &len); at += len)
		for (u64 page = at; page < at + len; page += PAGE_SIZE)
			if (!ram_is_zero(ram->host + page, PAGE_SIZE))
				hash = state_hash_bytes(hash_step(hash, page), ram->host + page,
							PAGE_SIZE);
	return hash;
}

static u64 hash_fields(u64 hash, const struct state_part *part)
{
	for (unsigned i = 0; i < part->type->count; i++) {
		const struct state_field *field = &part->type->fields[i];

		hash = state_hash_bytes(hash, (const u8 *)part->self + field->offset,
					(size_t)field->size * field->count);
	}
	return hash;
}

u64 state_hash(const struct state *state)
{
	u64 hash = 0;

	state_pre_save(state);
	for (unsigned i = 0; i < state->count; i++) {
		const struct state_part *part = &state->parts[i];

		hash = state_hash_bytes(hash, part->name, strlen(part->name));
		hash = part->ram ? hash_ram(hash, part->ram) : hash_fields(hash, part);
	}
	return hash_finish(hash);
}
