/* SPDX-License-Identifier: MIT */
/* Tests a hart's log of its traps: which traps share a record, and which record a number finds. */
#include "tests/cpu/fixture.h"

#include "cpu/csr/csr.h"
#include "cpu/hart/trap_log.h"
#include "cpu/isa/csr_bits.h"
#include "cpu/trap/trap.h"

#define TIMER (CAUSE_INTERRUPT | IRQ_STI)
#define PC (RAM_BASE + 0x1000)

/* Lets S-mode take a trap from S-mode. */
static void take(struct hart *hart, u64 cause)
{
	hart->traps++;
	hart->trap = (struct trap){
		.cause = cause, .from = PC, .from_priv = PRIV_S, .to_priv = PRIV_S,
	};
	trap_log_add(hart, false);
}

static u64 first_of(const struct hart *hart, u64 number)
{
	const struct trap_record *record = trap_log_find(&hart->log, number);

	return record ? record->first : 0;
}

static void test_number(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct hart *hart = &machine->hart;

	take(hart, CAUSE_LOAD_PAGE);
	take(hart, TIMER);
	take(hart, CAUSE_LOAD_PAGE);
	assert_int_equal(first_of(hart, 1), 1);
	assert_int_equal(first_of(hart, 2), 2);
	assert_int_equal(first_of(hart, 3), 1);
	for (unsigned n = 0; n < TRAP_LOG; n++)
		take(hart, TIMER);
	take(hart, CAUSE_LOAD_PAGE);
	/* The interrupt is no longer in the log, and the record of the faults before and after it
	 * is not found by its number. */
	assert_int_equal(first_of(hart, 2), 0);
	assert_int_equal(first_of(hart, hart->traps), 1);
	machine_free(machine);
}

static void test_row(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct hart *hart = &machine->hart;

	for (unsigned n = 0; n < 5; n++) {
		hart->streak.count = n + 1;
		take(hart, CAUSE_LOAD_PAGE);
	}
	assert_int_equal(first_of(hart, 3), 1);
	assert_int_equal(first_of(hart, 6), 0);
	machine_free(machine);
}

static void test_loop(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct hart *hart = &machine->hart;

	take(hart, CAUSE_LOAD_PAGE);
	assert_false(trap_log_loops(&hart->log));
	/* A tick of M-mode is handled in between. */
	hart->log.left |= trap_log_mode(PRIV_M, false);
	take(hart, CAUSE_LOAD_PAGE);
	assert_true(trap_log_loops(&hart->log));
	hart->log.left |= trap_log_mode(PRIV_S, false);
	assert_false(trap_log_loops(&hart->log));
	take(hart, CAUSE_LOAD_PAGE);
	assert_false(trap_log_loops(&hart->log));
	machine_free(machine);
}

/* Lets M-mode take an exception of its own; returns its record. */
static const struct trap_record *probe(struct hart *hart)
{
	hart->traps++;
	hart->trap = (struct trap){ .cause = CAUSE_ILLEGAL, .from = PC + 4 * hart->traps,
				    .from_priv = PRIV_M, .to_priv = PRIV_M };
	trap_log_add(hart, false);
	return trap_log_fault(&hart->log);
}

/* Lets M-mode return to a mode. */
static void enter(struct hart *hart, u8 priv)
{
	hart->priv = PRIV_M;
	csr_set_mstatus(hart, field_set(0, MSTATUS_MPP, priv));
	trap_mret(hart);
	assert_int_equal(hart->priv, priv);
}

static void test_before_entry(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct hart *hart = &machine->hart;
	const struct trap_record *record;

	hart->priv = PRIV_M;
	trap_log_clear(hart, false);
	record = probe(hart);
	enter(hart, PRIV_M);
	assert_false(trap_log_before_entry(&hart->log, record));
	enter(hart, PRIV_S);
	assert_true(trap_log_before_entry(&hart->log, record));
	assert_false(trap_log_before_entry(&hart->log, probe(hart)));
	/* Nobody knows which modes a loaded hart has been in. */
	trap_log_clear(hart, true);
	record = probe(hart);
	enter(hart, PRIV_S);
	assert_false(trap_log_before_entry(&hart->log, record));
	machine_free(machine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_row),
		cmocka_unit_test(test_loop),
		cmocka_unit_test(test_before_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
