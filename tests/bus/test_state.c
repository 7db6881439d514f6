/* SPDX-License-Identifier: MIT */
/*
 * Tests the registered state: a load restores the saved values, another machine's image is refused,
 * a damaged image is refused without harm, and the comparison of what two machines have written.
 */
#include "bus/ram.h"
#include "bus/state.h"
#include "tests/state_copy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PAGES 16

struct part {
	u8 guard_before[16];
	u64 x[32];
	u16 word;
	bool flag;
	bool flags[3];
	u8 bytes[5];
	u32 not_state;
	u8 guard_after[16];
	unsigned loads;
	u64 seen; /* the value of x[1] of the other part when post_load() was called */
	struct part *other;
	int refuse;
};

static const struct state_field part_fields[] = {
	STATE_ARRAY(struct part, x),	 STATE_FIELD(struct part, word),
	STATE_FIELD(struct part, flag),	 STATE_ARRAY(struct part, flags),
	STATE_ARRAY(struct part, bytes),
};

static int part_loaded(void *self)
{
	struct part *part = self;

	part->loads++;
	part->seen = part->other->x[1];
	return part->refuse;
}

static const struct state_type part_type = {
	.version = 3,
	.fields = part_fields,
	.count = ARRAY_SIZE(part_fields),
	.post_load = part_loaded,
};

struct machine {
	struct state state;
	struct part first, second;
	struct ram ram;
	unsigned code_writes;
	u64 code_page;
};

static void machine_before_code_write(void *ctx, u64 offset, u64 len)
{
	struct machine *machine = ctx;

	machine->code_writes++;
	machine->code_page = offset & PAGE_MASK;
}

static void state_make_machine(struct machine *machine)
{
	*machine = (struct machine){ 0 };
	state_init(&machine->state);
	assert_int_equal(ram_init(&machine->ram, PAGES * PAGE_SIZE), 0);
	machine->ram.before_code_write = machine_before_code_write;
	machine->ram.code_ctx = machine;
	machine->first.other = &machine->second;
	machine->second.other = &machine->first;
	memset(machine->first.guard_before, 0x5a, 16);
	memset(machine->first.guard_after, 0x5a, 16);
	state_register(&machine->state, "first", &part_type, &machine->first);
	state_register_ram(&machine->state, "ram", &machine->ram);
	state_register(&machine->state, "second", &part_type, &machine->second);
}

static void state_free_machine(struct machine *machine)
{
	state_free(&machine->state);
	ram_free(&machine->ram);
}

static u64 random_next(u64 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void fill_part(struct part *part, u64 *seed)
{
	for (unsigned i = 0; i < 32; i++)
		part->x[i] = random_next(seed);
	part->word = (u16)random_next(seed);
	part->flag = random_next(seed) & 1;
	part->flags[1] = true;
	memset(part->bytes, (int)(random_next(seed) & 0xff), sizeof(part->bytes));
}

static void fill_machine(struct machine *machine, u64 seed)
{
	fill_part(&machine->first, &seed);
	fill_part(&machine->second, &seed);
	for (unsigned i = 0; i < 20; i++)
		machine->ram.host[random_next(&seed) % (PAGES / 4) * 4 * PAGE_SIZE + i] = 1;
}

static void test_round_trip(void **unused)
{
	char text[100];

	for (u64 seed = 1; seed < 20; seed++) {
		struct machine from, to;

		state_make_machine(&from);
		state_make_machine(&to);
		fill_machine(&from, seed);
		fill_machine(&to, seed + 100);
		to.first.not_state = 7;
		assert_true(state_hash(&from.state) != state_hash(&to.state));
		assert_true(state_diff(&from.state, &to.state, text, sizeof(text)));
		struct state_image image = state_saved(&from.state);
		assert_int_equal(state_load(&to.state, image.data, image.size), 0);
		assert_false(state_diff(&from.state, &to.state, text, sizeof(text)));
		assert_true(state_hash(&from.state) == state_hash(&to.state));
		assert_memory_equal(from.ram.host, to.ram.host, PAGES * PAGE_SIZE);
		assert_int_equal(to.first.not_state, 7);
		struct state_image again = state_saved(&to.state);
		assert_int_equal(image.size, again.size);
		assert_memory_equal(image.data, again.data, image.size);
		free(image.data);
		free(again.data);
		state_free_machine(&from);
		state_free_machine(&to);
	}
}

/* post_load() is called when all parts have their new values, also later ones. */
static void test_loaded_sees_the_whole_machine(void **unused)
{
	struct machine from, to;

	state_make_machine(&from);
	state_make_machine(&to);
	from.second.x[1] = 11;
	from.first.x[1] = 22;
	struct state_image image = state_saved(&from.state);
	assert_int_equal(state_load(&to.state, image.data, image.size), 0);
	assert_int_equal(to.first.loads, 1);
	assert_int_equal(to.second.loads, 1);
	assert_int_equal(to.first.seen, 11);
	assert_int_equal(to.second.seen, 22);
	assert_string_equal(to.state.refused, "");
	to.second.refuse = -EINVAL;
	assert_int_equal(state_load(&to.state, image.data, image.size), -EINVAL);
	assert_string_equal(to.state.refused, "second");
	free(image.data);
	state_free_machine(&from);
	state_free_machine(&to);
}

static void test_only_changed_pages_are_reported(void **unused)
{
	struct machine from, to;

	state_make_machine(&from);
	state_make_machine(&to);
	from.ram.host[2 * PAGE_SIZE] = 1;
	from.ram.host[5 * PAGE_SIZE] = 2;
	to.ram.host[2 * PAGE_SIZE] = 1;
	to.ram.host[5 * PAGE_SIZE] = 2;
	for (unsigned page = 0; page < PAGES; page++)
		to.ram.watch[page].code = UINT64_MAX;
	struct state_image image = state_saved(&from.state);
	assert_int_equal(state_load(&to.state, image.data, image.size), 0);
	assert_int_equal(to.code_writes, 0);

	to.ram.host[5 * PAGE_SIZE] = 3; /* other contents */
	assert_int_equal(state_load(&to.state, image.data, image.size), 0);
	assert_int_equal(to.code_writes, 1);
	assert_int_equal(to.code_page, 5 * PAGE_SIZE);
	to.ram.host[9 * PAGE_SIZE] = 3; /* absent in the image */
	assert_int_equal(state_load(&to.state, image.data, image.size), 0);
	assert_int_equal(to.code_writes, 2);
	assert_int_equal(to.code_page, 9 * PAGE_SIZE);
	assert_int_equal(to.ram.host[9 * PAGE_SIZE], 0);
	free(image.data);
	state_free_machine(&from);
	state_free_machine(&to);
}

/* A page that is resident but zero is not in the image. */
static void test_residency_is_not_state(void **unused)
{
	struct machine touched, fresh;

	state_make_machine(&touched);
	state_make_machine(&fresh);
	memset(touched.ram.host, 0, PAGES * PAGE_SIZE);
	struct state_image a = state_saved(&touched.state), b = state_saved(&fresh.state);
	assert_int_equal(a.size, b.size);
	assert_memory_equal(a.data, b.data, a.size);
	assert_true(state_hash(&touched.state) == state_hash(&fresh.state));
	free(a.data);
	free(b.data);
	state_free_machine(&touched);
	state_free_machine(&fresh);
}

static void check_diff(struct machine *a, struct machine *b, const char *expected)
{
	char text[100];

	assert_true(state_diff(&a->state, &b->state, text, sizeof(text)));
	assert_string_equal(text, expected);
}

static void test_diff_names_the_first_difference(void **unused)
{
	struct machine a, b;

	state_make_machine(&a);
	state_make_machine(&b);
	b.second.word = 0xabc;
	check_diff(&a, &b, "second.word: 0x0 0xabc");
	a.ram.host[7 * PAGE_SIZE + 5] = 9;
	check_diff(&a, &b, "ram+0x7005: 0x9 0x0");
	check_diff(&b, &a, "ram+0x7005: 0x0 0x9");
	a.first.bytes[4] = 3;
	check_diff(&a, &b, "first.bytes[4]: 0x3 0x0");
	a.first.x[5] = 1;
	b.first.x[5] = UINT64_MAX;
	check_diff(&a, &b, "first.x[5]: 0x1 0xffffffffffffffff");
	state_free_machine(&a);
	state_free_machine(&b);
}

static void state_check_refused(struct state *state, const u8 *data, size_t size)
{
	assert_int_equal(state_load(state, data, size), -EINVAL);
}

static void test_another_machines_image_is_refused(void **unused)
{
	static const struct state_field renamed[] = { { "y", 0, 8, 1, false } };
	static const struct state_field wider[] = { { "x", 0, 8, 2, false } };
	static const struct state_field plain[] = { { "x", 0, 8, 1, false } };
	const struct state_type types[] = {
		{ .version = 1, .fields = plain, .count = 1 },
		{ .version = 2, .fields = plain, .count = 1 },
		{ .version = 1, .fields = renamed, .count = 1 },
		{ .version = 1, .fields = wider, .count = 1 },
		{ .version = 1, .fields = plain, .count = 0 },
	};
	struct state_image image = { 0 };
	u64 values[2] = { 5, 6 };
	struct state from;

	state_init(&from);
	state_register(&from, "part", &types[0], values);
	assert_int_equal(state_save(&from, &image), 0);
	for (unsigned i = 0; i < ARRAY_SIZE(types); i++) {
		struct state to;

		state_init(&to);
		state_register(&to, "part", &types[i], values);
		assert_int_equal(state_load(&to, image.data, image.size), i ? -EINVAL : 0);
		state_free(&to);
	}
	state_free(&from);
	state_init(&from);
	state_register(&from, "trap", &types[0], values);
	state_check_refused(&from, image.data, image.size);
	state_free(&from);
	free(image.data);
}

static void test_a_bool_is_0_or_1(void **unused)
{
	struct machine machine;

	state_make_machine(&machine);
	for (unsigned value = 0; value < 256; value++) {
		struct state_image image = state_saved(&machine.state);
		size_t flag = 0;

		while (memcmp(image.data + flag, "\4flag\1\0\0\0\1\0\0\0", 13) != 0)
			flag++;
		image.data[flag + 13] = (u8)value;
		assert_int_equal(state_load(&machine.state, image.data, image.size),
				 value > 1 ? -EINVAL : 0);
		machine.first.flag = false;
		free(image.data);
	}
	state_free_machine(&machine);
}

/* Checks that nothing except the registered fields was changed. */
static void check_guards(const struct machine *machine)
{
	for (unsigned i = 0; i < 16; i++)
		assert_true(machine->first.guard_before[i] == 0x5a &&
			    machine->first.guard_after[i] == 0x5a);
	assert_int_equal(machine->first.not_state, 0);
}

static void test_every_truncation_is_refused(void **unused)
{
	struct machine machine;

	state_make_machine(&machine);
	fill_machine(&machine, 5);
	struct state_image image = state_saved(&machine.state);
	for (size_t size = 0; size < image.size; size += size < 1200 ? 1 : 97) {
		/* of the exact size, for the address sanitizer */
		u8 *copy = malloc(size ? size : 1);

		memcpy(copy, image.data, size);
		state_check_refused(&machine.state, copy, size);
		check_guards(&machine);
		free(copy);
	}
	image.data = realloc(image.data, image.size + 1);
	image.data[image.size] = 0;
	assert_int_equal(state_load(&machine.state, image.data, image.size + 1), -EBADMSG);
	free(image.data);
	state_free_machine(&machine);
}

/* Every bit of an image is flipped, except those of pages' contents. */
static void test_every_bit_flip(void **unused)
{
	struct machine machine;
	unsigned refused = 0, accepted = 0;

	state_make_machine(&machine);
	fill_part(&machine.first, &(u64){ 7 });
	struct state_image image = state_saved(&machine.state);
	assert_in_range(image.size, 100, 2000);
	for (size_t bit = 0; bit < image.size * 8; bit++) {
		image.data[bit / 8] ^= (u8)(1 << bit % 8);
		int error = state_load(&machine.state, image.data, image.size);

		assert_true(error == 0 || error == -EINVAL || error == -EBADMSG);
		refused += error != 0;
		accepted += !error;
		check_guards(&machine);
		image.data[bit / 8] ^= (u8)(1 << bit % 8);
	}
	/* Flips of plain values, and of bit 0 of the four bools, are accepted. */
	assert_int_equal(accepted, 2 * (32 * 64 + 16 + 8 * 5) + 2 * 4);
	assert_true(refused > 1000);
	free(image.data);
	state_free_machine(&machine);
}

static void mutate(u8 *data, size_t size, u64 *seed)
{
	static const u64 nasty[] = { 0, 1, 0xfff, 0x1000, 0xffffffff, 1ull << 63, UINT64_MAX,
				     ~0xfffull, PAGES * PAGE_SIZE, PAGES * PAGE_SIZE - 0x1000 };
	unsigned changes = 1 + random_next(seed) % 4;

	for (unsigned i = 0; i < changes; i++) {
		size_t at = random_next(seed) % (size - 8);
		u64 value = nasty[random_next(seed) % ARRAY_SIZE(nasty)];
		size_t len = 1ull << random_next(seed) % 4;

		memcpy(data + at, &value, len);
	}
}

static void test_thousands_of_mutants(void **unused)
{
	struct machine machine;
	u64 seed = 99;

	state_make_machine(&machine);
	machine.ram.host[3 * PAGE_SIZE] = 1;
	machine.ram.host[15 * PAGE_SIZE] = 1;
	struct state_image image = state_saved(&machine.state);
	for (unsigned i = 0; i < 20000; i++) {
		u8 *copy = malloc(image.size);

		memcpy(copy, image.data, image.size);
		/*
		 * Most mutations are of the extents' headers, which contain the offsets and
		 * lengths.
		 */
		if (i % 2)
			mutate(copy, image.size, &seed);
		for (size_t at = 0; at + 16 <= image.size && i % 3 == 0; at++) {
			u64 offset, len;

			memcpy(&offset, copy + at, 8);
			memcpy(&len, copy + at + 8, 8);
			if (offset == 15 * PAGE_SIZE && len == PAGE_SIZE)
				mutate(copy + at, 17, &seed);
		}
		int error = state_load(&machine.state, copy, image.size);
		assert_true(error == 0 || error == -EINVAL || error == -EBADMSG);
		check_guards(&machine);
		free(copy);
	}
	free(image.data);
	state_free_machine(&machine);
}

static void put_extent(struct state_image *image, size_t at, u64 offset, u64 len)
{
	memcpy(image->data + at, &offset, 8);
	memcpy(image->data + at + 8, &len, 8);
}

/*
 * Offsets and lengths that are refused. They replace those of the only extent, which has one page.
 */
static void test_bad_extents(void **unused)
{
	static const struct {
		u64 offset, len;
		int error;
	} extents[] = {
		{ 3 * PAGE_SIZE, PAGE_SIZE, 0 },
		{ 0, PAGE_SIZE, 0 },
		{ (PAGES - 1) * PAGE_SIZE, PAGE_SIZE, 0 },
		{ PAGES * PAGE_SIZE, PAGE_SIZE, -EINVAL },
		{ (PAGES - 1) * PAGE_SIZE, 2 * PAGE_SIZE, -EINVAL },
		{ 3 * PAGE_SIZE + 1, PAGE_SIZE, -EINVAL },
		{ 3 * PAGE_SIZE, PAGE_SIZE - 1, -EINVAL },
		{ 3 * PAGE_SIZE, 0, -EINVAL },
		{ 3 * PAGE_SIZE, PAGE_MASK, -EINVAL },
		{ PAGE_MASK, PAGE_SIZE, -EINVAL },
		{ PAGE_MASK, PAGE_MASK, -EINVAL },
	};
	struct machine machine;
	size_t at = 0;

	state_make_machine(&machine);
	machine.ram.host[3 * PAGE_SIZE] = 1;
	struct state_image image = state_saved(&machine.state);
	while (memcmp(image.data + at, "\0\x30\0\0\0\0\0\0\0\x10\0\0\0\0\0\0", 16) != 0)
		at++;
	for (unsigned i = 0; i < ARRAY_SIZE(extents); i++) {
		put_extent(&image, at, extents[i].offset, extents[i].len);
		assert_int_equal(state_load(&machine.state, image.data, image.size),
				 extents[i].error);
	}
	free(image.data);
	state_free_machine(&machine);
}

/* Fields are always compared, and a page if it is dirty in either machine. */
static void test_what_was_written_is_compared(void **unused)
{
	struct machine a, b;

	state_make_machine(&a);
	state_make_machine(&b);
	assert_true(state_same_written(&a.state, &b.state));
	a.second.bytes[4] = 1;
	assert_false(state_same_written(&a.state, &b.state));
	a.second.bytes[4] = 0;
	a.ram.host[3 * PAGE_SIZE - 1] = 1;
	assert_true(state_same_written(&a.state, &b.state));
	ram_mark_range(&b.ram, 2 * PAGE_SIZE, 1);
	assert_false(state_same_written(&a.state, &b.state));
	assert_false(state_same_written(&b.state, &a.state));
	b.ram.host[3 * PAGE_SIZE - 1] = 1;
	ram_mark_range(&a.ram, PAGE_SIZE, 1);
	assert_true(state_same_written(&a.state, &b.state));
	ram_mark_range(&a.ram, 2 * PAGE_SIZE, 1);
	b.ram.host[2 * PAGE_SIZE] = 1;
	assert_false(state_same_written(&a.state, &b.state));
	state_free_machine(&a);
	state_free_machine(&b);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_round_trip),
	cmocka_unit_test(test_loaded_sees_the_whole_machine),
	cmocka_unit_test(test_only_changed_pages_are_reported),
	cmocka_unit_test(test_residency_is_not_state),
	cmocka_unit_test(test_diff_names_the_first_difference),
	cmocka_unit_test(test_another_machines_image_is_refused),
	cmocka_unit_test(test_a_bool_is_0_or_1),
	cmocka_unit_test(test_every_truncation_is_refused),
	cmocka_unit_test(test_every_bit_flip),
	cmocka_unit_test(test_thousands_of_mutants),
	cmocka_unit_test(test_bad_extents),
	cmocka_unit_test(test_what_was_written_is_compared),
	{ 0 },
};
