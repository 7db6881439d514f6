/* SPDX-License-Identifier: MIT */
/* Tests devices/share/slots.c: valid numbers, and numbers of objects that were removed. */
#include "devices/share/slots.h"
#include "tests/cmocka.h"

static void count(void *ctx, void *thing)
{
	++*(unsigned *)ctx;
}

static void test_numbers(void **state)
{
	struct slots slots = { .max = 3 };
	int things[3];
	unsigned dropped = 0;
	u64 numbers[3];

	for (unsigned n = 0; n < 3; n++)
		numbers[n] = slots_add(&slots, &things[n]);
	assert_int_equal(numbers[0], 1);
	assert_int_equal(slots_add(&slots, &things[0]), 0);
	for (unsigned n = 0; n < 3; n++)
		assert_ptr_equal(slots_get(&slots, numbers[n]), &things[n]);
	slots_remove(&slots, numbers[1]);
	assert_null(slots_get(&slots, numbers[1]));
	/* The slot is reused, with another number. */
	assert_int_not_equal(slots_add(&slots, &things[1]), numbers[1]);
	assert_null(slots_get(&slots, numbers[1]));
	assert_int_equal(slots.count, 3);
	assert_null(slots_get(&slots, 0));
	assert_null(slots_get(&slots, 4));
	assert_null(slots_get(&slots, UINT32_MAX));
	assert_null(slots_get(&slots, UINT64_MAX));
	assert_null(slots_get(&slots, numbers[0] | 1ull << 32));
	slots_clear(&slots, count, &dropped);
	assert_int_equal(dropped, 3);
}

static void test_many(void **state)
{
	struct slots slots = { .max = UINT32_MAX };
	unsigned dropped = 0;
	u64 last = 0;

	for (unsigned n = 0; n < 10000; n++) {
		u64 number = slots_add(&slots, &slots);

		assert_int_not_equal(number, 0);
		assert_int_not_equal(number, last);
		last = number;
		if (n % 2)
			slots_remove(&slots, number);
	}
	assert_int_equal(slots.count, 5000);
	slots_clear(&slots, count, &dropped);
	assert_int_equal(dropped, 5000);
	assert_null(slots_get(&slots, last));
	assert_int_equal(slots_add(&slots, &slots), 1);
	slots_clear(&slots, count, &dropped);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_numbers),
	cmocka_unit_test(test_many),
	{ 0 },
};
