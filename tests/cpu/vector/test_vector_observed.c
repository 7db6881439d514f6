/* SPDX-License-Identifier: MIT */
/*
 * Tests that those who look at accesses see those of vector loads and stores one by one: triggers,
 * which stop in front of an element and leave vstart at it.
 */
#include "tests/cpu/vector/accesses.h"

#include "cpu/debug/triggers/trigger.h"
#include "cpu/engine/threaded.h"
#include "tests/cpu/vector/extensions.h"

static const hart_tier tiers[] = { interp_run, threaded_run };

/* --- triggers --- */

/* Sets mcontrol6 for loads or stores in U-mode, of this size field, at an address. */
static void set_trigger(struct hart *hart, const struct vector_form *form, u64 size, u64 va)
{
	hart->triggers.control[0] = (u64)TRIGGER_MCONTROL6 << 60 | 1u << 3 /* u */ | size << 16 |
				    (form->store ? MCONTROL_STORE : MCONTROL_LOAD);
	hart->triggers.data[0] = va;
	hart->triggers.armed = true;
}

static void clear_trigger(struct hart *hart)
{
	hart->triggers.control[0] = 0;
	hart->triggers.armed = false;
}

/* What a size of 1, 2, 4 or 8 bytes is in mcontrol6's field. */
static u64 size_field(unsigned bytes)
{
	return bytes == 8 ? 5 : bytes == 4 ? 3 : bytes;
}

/* All that the instructions can change. */
struct copy {
	u8 v[VECTOR_REGISTERS * 16], memory[2 * PAGE_SIZE];
	u64 vl, vstart;
};

static void observed_copy(struct vector_machine *vectors, struct copy *copy)
{
	memset(copy, 0, sizeof(*copy));
	memcpy(copy->v, vectors->hart->vector.v, sizeof(copy->v));
	memcpy(copy->memory, machine_ram(&vectors->machine, ACCESSES_DATA & PAGE_MASK),
	       sizeof(copy->memory));
	copy->vl = vectors->hart->vector.vl;
	copy->vstart = vectors->hart->vector.vstart;
}

static bool is_active(const struct vector_form *form, unsigned n)
{
	return !(form->inactive >> n & 1);
}

/* Elements before vstart were moved, and none from there on; all are different before the move. */
static void expect_moved(struct vector_machine *vectors, const struct vector_form *form, u64 vstart)
{
	for (unsigned n = 0; n < form->count; n++)
		for (unsigned field = 0; field < form->fields; field++) {
			u64 va = vector_form_address(form, n, field);
			const u8 *memory = (u8 *)machine_ram(&vectors->machine, va & ~7ull);
			const u8 *element = vector_form_register(vectors->hart, form, n, field);
			bool moved = !memcmp(memory + va % 8, element, form->bytes);

			if (moved != (n < vstart && is_active(form, n)))
				fail_msg("%s: element %u, vstart %llu", form->name, n, vstart);
		}
}

static void check_trigger(struct vector_machine *vectors, hart_tier tier,
			  const struct vector_form *form, unsigned access)
{
	unsigned n = access / form->fields, field = access % form->fields;
	u64 va = vector_form_address(form, n, field);
	struct hart *hart = vectors->hart;
	struct copy whole, resumed;

	vector_machine_prepare(vectors);
	assert_true(vector_machine_step(vectors, tier, form->raw));
	observed_copy(vectors, &whole);
	for (unsigned size = 0; size < 2; size++) {
		vector_machine_prepare(vectors);
		set_trigger(hart, form, size * size_field(form->bytes), va + form->bytes - 1);
		if (size)
			hart->triggers.data[0] = va;
		if (vector_machine_step(vectors, tier, form->raw) == is_active(form, n))
			fail_msg("%s: element %u, field %u", form->name, n, field);
		if (!is_active(form, n))
			continue;
		assert_int_equal(hart->trap.cause, CAUSE_BREAKPOINT);
		assert_int_equal(hart->trap.tval, va);
		assert_int_equal(hart->vector.vstart, n);
		expect_moved(vectors, form, n);
		clear_trigger(hart);
		hart->priv = PRIV_U;
		hart_regime_changed(hart);
		assert_true(vector_machine_step(vectors, tier, form->raw));
		observed_copy(vectors, &resumed);
		assert_memory_equal(&whole, &resumed, sizeof(whole));
	}
	/* A trigger of another size does not fire. */
	vector_machine_prepare(vectors);
	set_trigger(hart, form, size_field(form->bytes == 8 ? 4 : 2 * form->bytes), va);
	assert_true(vector_machine_step(vectors, tier, form->raw));
	clear_trigger(hart);
}

static void test_triggers(void **state)
{
	struct vector_machine *vectors = vector_machine_create(vector_extensions());

	(void)state;
	for (unsigned tier = 0; tier < ARRAY_SIZE(tiers); tier++)
		for (unsigned form = 0; form < vector_form_count; form++)
			for (unsigned n = 0;
			     n < vector_forms[form].count * vector_forms[form].fields; n++)
				check_trigger(vectors, tiers[tier], &vector_forms[form], n);
	vector_machine_free(vectors);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_triggers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
