/* SPDX-License-Identifier: MIT */
/*
 * Tests tables of hooks (hooks.h): which hooks a hart has while they are registered, and
 * afterwards.
 */
#include "cpu/hart/hooks.h"

#include "cpu/timed/hooks.h"
#include "tests/cpu/fixture.h"

static bool hooks_at_point(struct hart *hart)
{
	hart_yield(hart);
	return true;
}

static u64 seven_cycles(const struct hart *hart)
{
	return 7;
}

/* Hooks of another table stay; those for time become the hart's own again. */
static void test_rows(void **state)
{
	static const struct hart_hooks looks = { .at_point = hooks_at_point },
				       times = { .cycles = seven_cycles };
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	struct hart *hart = &machine->hart;

	assert_null(hart->hooks.at_point);
	assert_ptr_equal(hart->hooks.tier, trigger_hooks.tier);
	hart_hooks_add(hart, &looks);
	hart_hooks_add(hart, &times);
	hart_hooks_add(hart, &times);
	assert_ptr_equal(hart->hooks.at_point, hooks_at_point);
	assert_ptr_equal(hart->hooks.tier, trigger_hooks.tier);
	assert_int_equal(hart_cycles(hart), 7);
	assert_int_equal(hart_time(hart), 0);
	hart_hooks_remove(hart, &times);
	assert_int_equal(hart_cycles(hart), 0);
	assert_ptr_equal(hart->hooks.at_point, hooks_at_point);
	hart_hooks_remove(hart, &looks);
	hart_hooks_remove(hart, &timed_hooks);
	assert_memory_equal(&hart->hooks.cycles, &hart_untimed.cycles, sizeof(hart_untimed.cycles));
	assert_null(hart->hooks.at_point);
	assert_ptr_equal(hart->hooks.tier, trigger_hooks.tier);
	machine_free(machine);
}

/* The run loop stops if a hook asks for it, before it runs anything. */
static void test_look(void **state)
{
	static const struct hart_hooks looks = { .at_point = hooks_at_point };
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	struct hart *hart = &machine->hart;

	hart_reset(hart, RAM_BASE);
	*machine_ram(machine, RAM_BASE) = 0x0000001300000013; /* nop */
	hart_hooks_add(hart, &looks);
	hart_run(hart, interp_run, 2);
	assert_true(hart->yield);
	assert_int_equal(hart->steps, 0);
	hart_hooks_remove(hart, &looks);
	hart_run(hart, interp_run, 2);
	assert_int_equal(hart->steps, 2);
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_rows),
	cmocka_unit_test(test_look),
	{ 0 },
};
