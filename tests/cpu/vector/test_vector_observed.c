/* SPDX-License-Identifier: MIT */
/*
 * Tests that observers of accesses see those of vector loads and stores element by element:
 * triggers, which stop before an element and leave vstart at it, and watchpoints, which stop after
 * the instruction.
 */
#include "tests/cpu/vector/accesses.h"

#include "cpu/debug/debug.h"
#include "cpu/debug/triggers/trigger.h"
#include "tests/cpu/vector/extensions.h"

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

/* Returns what a size of 1, 2, 4 or 8 bytes is in mcontrol6's field. */
static u64 size_field(unsigned bytes)
{
	return bytes == 8 ? 5 : bytes == 4 ? 3 : bytes;
}

/* A copy of all that the instructions can change. */
struct copy {
	u8 v[VECTOR_REGISTERS * 16], memory[2 * PAGE_SIZE];
	u64 vl, vstart;
};

static void observed_copy(struct engines *vectors, struct copy *copy)
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

/*
 * Checks that elements before vstart were moved, and none from vstart on. All differ before the
 * move.
 */
static void expect_moved(struct engines *vectors, const struct vector_form *form, u64 vstart)
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

static void check_trigger(struct engines *vectors, hart_tier tier, const struct vector_form *form,
			  unsigned access)
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
	struct engines *vectors = vector_machine_create(vector_extensions());

	for (unsigned tier = 0; tier < VECTOR_TIERS; tier++)
		for (unsigned form = 0; form < vector_form_count; form++)
			for (unsigned n = 0;
			     n < vector_forms[form].count * vector_forms[form].fields; n++)
				check_trigger(vectors, vector_tiers[tier], &vector_forms[form], n);
	engines_free(vectors);
}

/* --- watchpoints --- */

#define VLE64 0x0205f407
#define VSE64 0x0205f427
#define VLE32FF 0x0305e407

/*
 * Executes the instruction with a watchpoint on a byte. Returns whether the hart stopped before the
 * instruction; if so, it does not stop again when it continues.
 */
static bool stops(struct engines *vectors, u32 raw, enum debug_kind kind, u64 va)
{
	struct debug *debug = vectors->hart->debug;
	const struct debug_range range = { vectors->hart, vectors->hart->data_regime,
					   DEBUG_EVERYWHERE, va, 1 };
	struct debug_stop stop;

	assert_int_equal(debug_insert(debug, kind, &range), 0);
	vector_machine_step(vectors, debug_run, raw);
	stop = debug_take(debug, vectors->hart);
	if (stop.why) {
		assert_int_equal(stop.why, DEBUG_HIT);
		assert_int_equal(stop.kind, kind);
		assert_int_equal(stop.addr, va);
		assert_int_equal(vectors->hart->pc, ACCESSES_CODE);
		vector_machine_step(vectors, debug_run, raw);
		assert_int_equal(debug_take(debug, vectors->hart).why, DEBUG_NO_STOP);
	}
	assert_int_equal(debug_remove(debug, kind, va, 1), 0);
	return stop.why;
}

static void check_watchpoint(struct engines *vectors, const struct vector_form *form,
			     unsigned access)
{
	unsigned n = access / form->fields, field = access % form->fields;
	u64 va = vector_form_address(form, n, field) + form->bytes - 1;
	enum debug_kind kind = form->store ? DEBUG_WRITE : DEBUG_READ;
	enum debug_kind other = form->store ? DEBUG_READ : DEBUG_WRITE;

	vector_machine_prepare(vectors);
	assert_int_equal(stops(vectors, form->raw, kind, va), is_active(form, n));
	assert_int_equal(vectors->hart->pc, ACCESSES_CODE + 4);
	expect_moved(vectors, form, form->count);
	vector_machine_prepare(vectors);
	assert_int_equal(stops(vectors, form->raw, DEBUG_ACCESS, va), is_active(form, n));
	vector_machine_prepare(vectors);
	assert_false(stops(vectors, form->raw, other, va));
}

static struct engines *debugged_create(void)
{
	struct engines *vectors = vector_machine_create(vector_extensions());

	assert_non_null(debug_attach(&vectors->harts));
	return vectors;
}

static void debugged_free(struct engines *vectors)
{
	debug_detach(vectors->hart->debug);
	engines_free(vectors);
}

static void test_watchpoints(void **state)
{
	struct engines *vectors = debugged_create();

	for (unsigned tier = 0; tier < VECTOR_TIERS; tier++) {
		vectors->hart->debug->tier = vector_tiers[tier];
		for (unsigned form = 0; form < vector_form_count; form++)
			for (unsigned n = 0;
			     n < vector_forms[form].count * vector_forms[form].fields; n++)
				check_watchpoint(vectors, &vector_forms[form], n);
	}
	debugged_free(vectors);
}

/* Prepares accesses whose fourth element is in a page that U-mode cannot access. */
static void prepare_fault(struct engines *vectors)
{
	struct hart *hart = vectors->hart;

	vector_machine_prepare(vectors);
	hart->pmp.addr[0] = (align_down(ACCESSES_DATA, PAGE_SIZE) + PAGE_SIZE) >> 2 |
			    (PAGE_SIZE / 8 - 1);
	hart->pmp.cfg[0] = PMP_NAPOT << 3;
	pmp_update(&hart->pmp);
	hart_pmp_changed(hart);
}

/* The hart stops for every element that is about to be accessed, also for one that will fault. */
static void test_watchpoints_and_faults(void **state)
{
	static const u32 insns[] = { VLE64, VSE64 };
	static const enum debug_kind kinds[] = { DEBUG_READ, DEBUG_WRITE };
	struct engines *vectors = debugged_create();
	struct hart *hart = vectors->hart;

	hart->debug->tier = interp_run;
	for (unsigned store = 0; store < 2; store++)
		for (unsigned n = 0; n < 4; n++) {
			prepare_fault(vectors);
			assert_int_equal(stops(vectors, insns[store], kinds[store],
					       ACCESSES_DATA + 8 * n),
					 true);
			assert_int_equal(hart->vector.vstart, 3);
		}
	/* A fault-only-first load that sets vl to 2 does not trap. */
	for (unsigned n = 0; n < 4; n++) {
		prepare_fault(vectors);
		hart->x[11] = ACCESSES_DATA + 16;
		assert_int_equal(stops(vectors, VLE32FF, DEBUG_READ, ACCESSES_DATA + 16 + 4 * n),
				 true);
		assert_int_equal(hart->vector.vl, 2);
	}
	debugged_free(vectors);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_triggers),
	cmocka_unit_test(test_watchpoints),
	cmocka_unit_test(test_watchpoints_and_faults),
	{ 0 },
};
