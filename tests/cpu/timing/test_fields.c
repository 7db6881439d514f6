/* SPDX-License-Identifier: MIT */
/*
 * Tests the descriptions of a kind's units (cpu/timing/fields); it is compiled once for each kind:
 * DESCRIBED is the file that describes all units, CORE the header with their structs. A description
 * covers its struct except for padding, all fields except OTHER are saved, and each bound is the
 * largest value that a load accepts.
 */
#include CORE
#include "cpu/timing/layout.h"
#include "tests/cpu/timing/unit.h"

#include <string.h>

/* A field of any unit. */
struct member {
	const char *name;
	size_t offset, size, alignment;
	bool saved;
};

struct described {
	const char *name;
	size_t size, alignment;
	const struct layout *layout;
	const struct member *members;
	size_t count;
};

#define UNITS DESCRIBED
#include "cpu/timing/fields/layouts.inc"

/* Makes a function UNIT_described() for each unit. */
#define UNIT(unit)                                                                                 \
	static struct described unit##_described(void)                                             \
	{                                                                                          \
		const struct unit *const self = NULL;                                              \
		static const struct member members[] = {
#define END(unit)                                                                                  \
		};                                                                                 \
		(void)self;                                                                        \
		return (struct described){                                                         \
			#unit, sizeof(struct unit), _Alignof(struct unit), unit##_layout(),        \
			members, ARRAY_SIZE(members),                                              \
		};                                                                                 \
	}
#define MEMBER(name, saved)                                                                        \
	{ #name, offsetof(__typeof__(*self), name), sizeof(self->name),                            \
	  _Alignof(__typeof__(self->name)), saved },
#define NUMBER(type, name, max, role) MEMBER(name, true)
#define NUMBERS(type, name, size, max, role) MEMBER(name, true)
#define STRUCT(unit, name, role) MEMBER(name, true)
#define STRUCTS(unit, name, size, role) MEMBER(name, true)
#define GRID(unit, name, rows, columns, role) MEMBER(name, true)
#define OTHER(type, name) MEMBER(name, false)
#define OTHERS(type, name, size) MEMBER(name, false)
#include "cpu/timing/fields/short.inc"
#include DESCRIBED
#include "cpu/timing/fields/end.inc"

#define UNIT(unit) unit##_described,
#define END(unit)
#define NUMBER(type, name, max, role)
#define NUMBERS(type, name, size, max, role)
#define STRUCT(unit, name, role)
#define STRUCTS(unit, name, size, role)
#define GRID(unit, name, rows, columns, role)
#define OTHER(type, name)
#define OTHERS(type, name, size)
#include "cpu/timing/fields/short.inc"
static struct described (*const units[])(void) = {
#include DESCRIBED
};
#include "cpu/timing/fields/end.inc"

static void descriptions_cover_their_structs(void **state)
{
	for (size_t n = 0; n < ARRAY_SIZE(units); n++) {
		struct described unit = units[n]();
		size_t end = 0;

		for (size_t k = 0; k < unit.count; k++) {
			const struct member *member = &unit.members[k];

			assert_int_equal(member->offset, align_up(end, member->alignment));
			end = member->offset + member->size;
		}
		assert_int_equal(unit.size, align_up(end, unit.alignment));
	}
}

static void all_but_others_is_saved(void **state)
{
	for (size_t n = 0; n < ARRAY_SIZE(units); n++) {
		struct described unit = units[n]();
		const struct layout_field *field = unit.layout->fields;

		for (size_t k = 0; k < unit.count; k++) {
			const struct member *member = &unit.members[k];

			if (!member->saved)
				continue;
			assert_string_equal(field->name, member->name);
			assert_int_equal(field->offset, member->offset);
			assert_int_equal((u64)field->size * field->count, member->size);
			field++;
		}
		assert_ptr_equal(field, unit.layout->fields + unit.layout->count);
	}
}

/*
 * Tests the last element of a field at its bound, which is loaded, and one above it, which is not.
 */
static void check_bound(const struct described *unit, const struct layout_field *field, u8 *bytes)
{
	u8 *last = bytes + field->offset + (field->count - 1) * field->size;
	u64 value = field->max;

	memcpy(last, &value, field->size);
	assert_true(layout_holds(unit->layout, bytes));
	value++;
	memcpy(last, &value, field->size);
	assert_false(layout_holds(unit->layout, bytes));
	memset(last, 0, field->size);
}

static void no_value_above_a_bound_is_loaded(void **state)
{
	for (size_t n = 0; n < ARRAY_SIZE(units); n++) {
		struct described unit = units[n]();
		u8 *bytes = test_calloc(1, unit.size);

		assert_non_null(bytes);
		assert_true(layout_holds(unit.layout, bytes));
		for (unsigned k = 0; k < unit.layout->count; k++) {
			const struct layout_field *field = &unit.layout->fields[k];

			if (!field->unit && field->max < UINT64_MAX >> (64 - 8 * field->size))
				check_bound(&unit, field, bytes);
		}
		test_free(bytes);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(descriptions_cover_their_structs),
	cmocka_unit_test(all_but_others_is_saved),
	cmocka_unit_test(no_value_above_a_bound_is_loaded),
	{ 0 },
};
