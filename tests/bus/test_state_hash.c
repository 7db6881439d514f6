/* SPDX-License-Identifier: MIT */
/*
 * Tests the hash of state: every bit of state changes it, so does the place of data, and many
 * states that differ only a little do not collide.
 */
#include "bus/ram.h"
#include "bus/state.h"
#include "tests/cmocka.h"

#include <stdlib.h>

struct part {
	u64 x[5];
	u8 bytes[11];
};

static const struct state_field part_fields[] = {
	STATE_ARRAY(struct part, x),
	STATE_ARRAY(struct part, bytes),
};

static const struct state_type part_type = {
	.version = 1,
	.fields = part_fields,
	.count = ARRAY_SIZE(part_fields),
};

struct machine {
	struct state state;
	struct part part;
	struct ram ram;
};

static void state_hash_make_machine(struct machine *machine)
{
	*machine = (struct machine){ 0 };
	state_init(&machine->state);
	assert_int_equal(ram_init(&machine->ram, 4 * PAGE_SIZE), 0);
	state_register(&machine->state, "part", &part_type, &machine->part);
	state_register_ram(&machine->state, "ram", &machine->ram);
}

static void state_hash_free_machine(struct machine *machine)
{
	state_free(&machine->state);
	ram_free(&machine->ram);
}

static int compare_u64(const void *a, const void *b)
{
	u64 left = *(const u64 *)a, right = *(const u64 *)b;

	return (left > right) - (left < right);
}

static unsigned flip_bits(struct machine *machine, u8 *bytes, size_t size, u64 *hashes)
{
	unsigned count = 0;

	for (size_t bit = 0; bit < size * 8; bit++) {
		bytes[bit / 8] ^= (u8)(1 << bit % 8);
		hashes[count++] = state_hash(&machine->state);
		bytes[bit / 8] ^= (u8)(1 << bit % 8);
	}
	return count;
}

/* The empty machine and all machines that differ from it in one bit have different hashes. */
static void test_every_bit_counts(void **unused)
{
	const size_t room = 1 + 8 * (5 * 8 + 11 + 2 * PAGE_SIZE);
	u64 *hashes = malloc(room * sizeof(*hashes));
	struct machine machine;
	unsigned count = 0;

	state_hash_make_machine(&machine);
	hashes[count++] = state_hash(&machine.state);
	count += flip_bits(&machine, (u8 *)machine.part.x, 40, hashes + count);
	count += flip_bits(&machine, machine.part.bytes, 11, hashes + count);
	count += flip_bits(&machine, machine.ram.host + PAGE_SIZE, 2 * PAGE_SIZE, hashes + count);
	assert_int_equal(count, room);
	assert_int_equal(hashes[0], state_hash(&machine.state));
	qsort(hashes, count, sizeof(*hashes), compare_u64);
	for (unsigned i = 1; i < count; i++)
		assert_true(hashes[i] != hashes[i - 1]);
	free(hashes);
	state_hash_free_machine(&machine);
}

/* A flipped bit of input flips each bit of the hash about half of the time. */
static void test_bits_spread(void **unused)
{
	struct machine machine;
	unsigned flips[64] = { 0 };
	const unsigned rounds = 2000;

	state_hash_make_machine(&machine);
	for (unsigned i = 0; i < rounds; i++) {
		machine.ram.host[PAGE_SIZE + i] = 1;
		u64 before = state_hash(&machine.state);
		machine.ram.host[PAGE_SIZE + i] = 3;
		u64 changed = before ^ state_hash(&machine.state);

		for (unsigned bit = 0; bit < 64; bit++)
			flips[bit] += changed >> bit & 1;
	}
	for (unsigned bit = 0; bit < 64; bit++)
		assert_in_range(flips[bit], rounds * 4 / 10, rounds * 6 / 10);
	state_hash_free_machine(&machine);
}

static void test_places_count(void **unused)
{
	struct machine machine;

	state_hash_make_machine(&machine);
	machine.ram.host[0] = 1;
	u64 first = state_hash(&machine.state);
	machine.ram.host[0] = 0;
	machine.ram.host[PAGE_SIZE] = 1;
	assert_true(state_hash(&machine.state) != first);
	machine.ram.host[PAGE_SIZE] = 0;
	machine.ram.host[0] = 1;
	assert_true(state_hash(&machine.state) == first);
	state_hash_free_machine(&machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_every_bit_counts),
	cmocka_unit_test(test_bits_spread),
	cmocka_unit_test(test_places_count),
	{ 0 },
};
