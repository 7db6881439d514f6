/* SPDX-License-Identifier: MIT */
/*
 * Tests saving and loading through sinks and sources that are not memory and may fail anywhere, and
 * the reasons for which an image is refused before anything changes. test_state.c has the other
 * reasons.
 */
#include "bus/ram.h"
#include "bus/state.h"
#include "tests/state_copy.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PAGES 16

struct machine {
	struct state state;
	struct ram ram;
	u64 x[300];
	unsigned loads;
};

static int machine_loaded(void *self)
{
	struct machine *machine = self;

	machine->loads++;
	return 0;
}

static const struct state_field machine_fields[] = {
	STATE_ARRAY(struct machine, x),
};

static const struct state_type machine_type = {
	.version = 1,
	.fields = machine_fields,
	.count = ARRAY_SIZE(machine_fields),
	.post_load = machine_loaded,
};

/* Makes a machine with different values; every third page is not zero. */
static void state_stream_make_machine(struct machine *machine, u64 value)
{
	*machine = (struct machine){ 0 };
	state_init(&machine->state);
	assert_int_equal(ram_init(&machine->ram, PAGES * PAGE_SIZE), 0);
	for (unsigned n = 0; n < ARRAY_SIZE(machine->x); n++)
		machine->x[n] = value * 1000 + n;
	for (unsigned n = 0; n < PAGES; n += 3)
		memset(machine->ram.host + n * PAGE_SIZE, (int)value, PAGE_SIZE);
	state_register_ram(&machine->state, "ram", &machine->ram);
	state_register(&machine->state, "machine", &machine_type, machine);
}

static void state_stream_free_machine(struct machine *machine)
{
	state_free(&machine->state);
	ram_free(&machine->ram);
}

/* A source that fails beyond `fails_at` bytes. */
struct flaky {
	const struct state_image *image;
	size_t at, fails_at;
};

static int flaky_get(void *ctx, void *data, size_t size)
{
	struct flaky *flaky = ctx;

	if (flaky->at + size > flaky->fails_at)
		return -EIO;
	assert_true(flaky->at + size <= flaky->image->size);
	memcpy(data, flaky->image->data + flaky->at, size);
	flaky->at += size;
	return 0;
}

static struct state_source source_of(struct flaky *flaky)
{
	return (struct state_source){ flaky_get, flaky, flaky->image->size };
}

/* A check does not change the machine, whatever it finds. */
static void test_a_check_changes_nothing(void **unused)
{
	struct machine from, to;
	u64 before;

	state_stream_make_machine(&from, 3);
	state_stream_make_machine(&to, 4);
	before = state_hash(&to.state);
	struct state_image image = state_saved(&from.state);
	for (size_t fails_at = 0; fails_at < image.size; fails_at += fails_at < 999 ? 1 : 97) {
		struct flaky flaky = { &image, 0, fails_at };
		struct state_source source = source_of(&flaky);

		assert_int_equal(state_check(&to.state, &source, NULL, 0), -EIO);
	}
	for (int change = -1; change <= 1; change++) {
		struct flaky flaky = { &image, 0, SIZE_MAX };
		struct state_source source = source_of(&flaky);

		source.size -= change < 0;
		image.data[0] += change > 0;
		assert_int_equal(state_check(&to.state, &source, NULL, 0), change ? -EINVAL : 0);
	}
	assert_int_equal(to.loads, 0);
	assert_true(state_hash(&to.state) == before);
	free(image.data);
	state_stream_free_machine(&from);
	state_stream_free_machine(&to);
}

static void test_a_source_that_fails(void **unused)
{
	struct machine from, to;

	state_stream_make_machine(&from, 3);
	state_stream_make_machine(&to, 4);
	struct state_image image = state_saved(&from.state);
	for (size_t fails_at = 0; fails_at < image.size + 97; fails_at += 97) {
		struct flaky flaky = { &image, 0, fails_at };
		struct state_source source = source_of(&flaky);
		bool fails = fails_at < image.size;

		assert_int_equal(state_read(&to.state, &source), fails ? -EIO : 0);
		assert_int_equal(to.loads, fails ? 0 : 1);
	}
	assert_true(state_hash(&from.state) == state_hash(&to.state));
	free(image.data);
	state_stream_free_machine(&from);
	state_stream_free_machine(&to);
}

struct limited {
	size_t size, limit;
};

static int limited_put(void *ctx, const void *data, size_t size)
{
	struct limited *limited = ctx;

	assert_true(limited->size <= limited->limit);
	limited->size += size;
	return limited->size > limited->limit ? -ENOSPC : 0;
}

/* Saving ends with the sink's error, and nothing is written after it. */
static void test_a_sink_that_is_full(void **unused)
{
	struct machine machine;

	state_stream_make_machine(&machine, 3);
	struct state_image image = state_saved(&machine.state);
	for (size_t limit = 0; limit < image.size + 97; limit += limit < 99 ? 1 : 97) {
		struct limited limited = { 0, limit };
		const struct state_sink sink = { limited_put, &limited };

		assert_int_equal(state_write(&machine.state, &sink),
				 limit < image.size ? -ENOSPC : 0);
	}
	free(image.data);
	state_stream_free_machine(&machine);
}

/*
 * Fixed fields, which describe how a machine is built, are compared before anything changes, and
 * are not loaded.
 */
static void test_a_fixed_field(void **unused)
{
	static const struct state_field fields[] = {
		{ "plain", 0, 8, 1, false },
		{ "made_of", 8, 8, 1, false },
		{ "and_of", 16, 8, 1, false },
	};
	static const struct state_type type = {
		.version = 1, .fields = fields, .count = 3, .fixed = 2,
	};
	static const char *const told[] = { "", "part.made_of (2 there, 7 here)",
					    "part.and_of (3 there, 7 here)" };
	u64 one[3] = { 1, 2, 3 }, other[3] = { 4, 2, 3 };
	char differs[64] = "";
	struct state_image image = { 0 };
	struct state from, to;

	state_init(&from);
	state_init(&to);
	state_register(&from, "part", &type, one);
	state_register(&to, "part", &type, other);
	assert_int_equal(state_save(&from, &image), 0);
	for (unsigned n = 0; n < 3; n++) {
		struct flaky flaky = { &image, 0, SIZE_MAX };
		struct state_source source = source_of(&flaky);

		other[0] = 4;
		other[1] = n == 1 ? 7 : 2;
		other[2] = n == 2 ? 7 : 3;
		assert_int_equal(state_check(&to, &source, differs, sizeof(differs)),
				 n ? -EINVAL : 0);
		assert_string_equal(differs, told[n]);
		assert_int_equal(other[0], 4);
		flaky.at = 0;
		assert_int_equal(state_read(&to, &source), n ? -EINVAL : 0);
	}
	free(image.data);
	state_free(&from);
	state_free(&to);
}

/* Parts are found by their names; each must occur once. */
static void test_parts_in_any_order(void **unused)
{
	static const struct state_field fields[] = { { "value", 0, 8, 1, false } };
	static const struct state_type type = { .version = 1, .fields = fields, .count = 1 };
	static const char *const saved[] = { "a", "b", "c" };
	static const char *const here[][3] = {
		{ "c", "a", "b" }, { "c", "a", NULL }, { "c", "a", "d" },
	};
	static const char *const told[] = { "", "b (only there)", "b (only there)" };
	struct state from;
	struct state_image image = { 0 };
	u64 values[3] = { 'a', 'b', 'c' };

	state_init(&from);
	for (unsigned n = 0; n < 3; n++)
		state_register(&from, saved[n], &type, &values[n]);
	assert_int_equal(state_save(&from, &image), 0);
	for (unsigned m = 0; m < ARRAY_SIZE(here); m++) {
		struct flaky flaky = { &image, 0, SIZE_MAX };
		struct state_source source = source_of(&flaky);
		char differs[64] = "";
		u64 loaded[3] = { 0 };
		struct state to;

		state_init(&to);
		for (unsigned n = 0; n < 3 && here[m][n]; n++)
			state_register(&to, here[m][n], &type, &loaded[n]);
		assert_int_equal(state_check(&to, &source, differs, sizeof(differs)),
				 *told[m] ? -EINVAL : 0);
		assert_string_equal(differs, told[m]);
		flaky.at = 0;
		assert_int_equal(state_read(&to, &source), *told[m] ? -EINVAL : 0);
		for (unsigned n = 0; n < 3 && !*told[m]; n++)
			assert_int_equal(loaded[n], *here[m][n]);
		state_free(&to);
	}
	free(image.data);
	state_free(&from);
}

/* A source that contains one part twice, and another one not at all, is refused. */
static void test_a_part_twice(void **unused)
{
	static const struct state_field fields[] = { { "value", 0, 8, 1, false } };
	static const struct state_type type = { .version = 1, .fields = fields, .count = 1 };
	struct state_image image = { 0 };
	struct state from, to;
	u64 value = 0;

	state_init(&from);
	state_init(&to);
	state_register(&from, "a", &type, &value);
	state_register(&from, "A", &type, &value);
	state_register(&to, "a", &type, &value);
	state_register(&to, "b", &type, &value);
	assert_int_equal(state_save(&from, &image), 0);
	*(u8 *)memchr(image.data, 'A', image.size) = 'a';
	assert_int_equal(state_load(&to, image.data, image.size), -EINVAL);
	free(image.data);
	state_free(&from);
	state_free(&to);
}

/* Checks that the image can be loaded, and which version saved it. */
static void check_version(struct state *state, const struct state_image *image, const char *version)
{
	struct flaky flaky = { image, 0, SIZE_MAX };
	struct state_source source = source_of(&flaky);
	char text[16] = "?";

	state_version(&source, text, sizeof(text));
	assert_string_equal(text, version);
	assert_int_equal(state_load(state, image->data, image->size), 0);
}

/*
 * A machine is not refused because of the version that saved it. Machines that were saved before
 * versions were stored can be loaded, too.
 */
static void test_the_version_that_saved(void **unused)
{
	static const char *const versions[][2] = {
		{ NULL, "" }, { "1.2-g34", "1.2-g34" }, { "a\33[2J", "a?[2J" },
	};
	enum { FORMAT = 8, VERSION = 12 }; /* offsets in the stream */
	struct flaky empty = { .fails_at = 0 };
	struct state_source source = { flaky_get, &empty, VERSION };
	char text[16] = "?";
	struct machine machine;
	struct state_image image;

	state_stream_make_machine(&machine, 3);
	for (unsigned n = 0; n < ARRAY_SIZE(versions); n++) {
		machine.state.version = versions[n][0];
		image = state_saved(&machine.state);
		machine.state.version = "9";
		check_version(&machine.state, &image, versions[n][1]);
		if (n == 0) {
			image.data[FORMAT] = 1;
			image.size--;
			memmove(image.data + VERSION, image.data + VERSION + 1,
				image.size - VERSION);
			check_version(&machine.state, &image, "");
		}
		image.data[FORMAT] = 3;
		assert_int_equal(state_load(&machine.state, image.data, image.size), -EINVAL);
		free(image.data);
	}
	state_version(&source, text, sizeof(text));
	assert_string_equal(text, "");
	state_stream_free_machine(&machine);
}

static bool no_memory;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *__wrap_malloc(size_t size)
{
	return no_memory ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return no_memory ? NULL : __real_calloc(count, size);
}

/* A machine is loaded even if the host has no memory left: a load that fails cannot be undone. */
static void test_no_memory(void **state)
{
	struct machine from, to;
	struct state_image image = { 0 };
	int failed;

	state_stream_make_machine(&from, 3);
	state_stream_make_machine(&to, 4);
	assert_int_equal(state_save(&from.state, &image), 0);
	no_memory = true;
	failed = state_load(&to.state, image.data, image.size);
	no_memory = false;
	assert_int_equal(failed, 0);
	assert_memory_equal(to.x, from.x, sizeof(to.x));
	state_stream_free_machine(&from);
	state_stream_free_machine(&to);
	free(image.data);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_a_check_changes_nothing),
	cmocka_unit_test(test_a_source_that_fails),
	cmocka_unit_test(test_a_sink_that_is_full),
	cmocka_unit_test(test_a_fixed_field),
	cmocka_unit_test(test_parts_in_any_order),
	cmocka_unit_test(test_a_part_twice),
	cmocka_unit_test(test_the_version_that_saved),
	cmocka_unit_test(test_no_memory),
	{ 0 },
};
