/* SPDX-License-Identifier: MIT */
/*
 * A saved machine comes from outside. An odd mepc became an odd pc when a trap returned, which is
 * what empty entries of the jump cache hold: the process crashed. So did an event that is due
 * before the time it is loaded into.
 */
#include "cpu/debug/triggers/trigger.h"
#include "tests/cpu/fixture.h"
#include "tests/state_copy.h"

#include <errno.h>

/* Save, and load the image back into the same machine. */
static int reload(struct machine *machine)
{
	return state_copy(&machine->platform.state, &machine->platform.state);
}

static void test_registers(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);
	struct hart *hart = &machine->hart;

	hart->mepc = RAM_BASE | 1;
	hart->s[BANK_HS].epc = UINT64_MAX;
	hart->mie = hart->mideleg = hart->medeleg = UINT64_MAX;
	hart->mip = hart->lines = UINT64_MAX;
	hart->menvcfg = field_set(UINT64_MAX, MENVCFG_CBIE, 2);
	hart->mstatus = UINT64_MAX;
	hart->triggers.tselect = TRIGGERS;
	hart->triggers.control[1] = (u64)TRIGGER_ETRIGGER << 60 | XTRIGGER_ACTION;
	hart->triggers.fired = true;
	assert_int_equal(reload(machine), 0);
	assert_int_equal(hart->mepc, RAM_BASE);
	assert_int_equal(hart->s[BANK_HS].epc & 1, 0);
	assert_int_equal(hart->mie & 1, 0);
	assert_int_equal(hart->mideleg, BIT(IRQ_SSI) | BIT(IRQ_STI) | BIT(IRQ_SEI));
	assert_int_equal(hart->medeleg & BIT(CAUSE_ECALL_M), 0);
	assert_int_equal(hart->mip & BIT(IRQ_MSI), 0);
	assert_int_equal(hart->lines & 1, 0);
	assert_int_equal(field_get(hart->menvcfg, MENVCFG_CBIE), 0);
	assert_int_equal(hart->mstatus & MSTATUS_SD, 0);
	assert_int_equal(hart->triggers.tselect, 0);
	assert_int_equal(hart->triggers.control[1], (u64)TRIGGER_DISABLED << 60);
	assert_false(hart->triggers.fired);
	machine_free(machine);
}

static void test_odd_pc(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);

	machine->hart.pc = RAM_BASE | 1;
	assert_int_equal(reload(machine), -EINVAL);
	machine_free(machine);
}

static void test_event_in_the_past(void **unused)
{
	struct machine *machine = machine_create(PLAIN_EXTENSIONS);

	clock_advance(&machine->platform.clock, 1000);
	machine->hart.timer_event[BANK_HS].when = 999;
	assert_int_equal(reload(machine), -EINVAL);
	machine->hart.timer_event[BANK_HS].when = 1000;
	assert_int_equal(reload(machine), 0);
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_registers),
	cmocka_unit_test(test_odd_pc),
	cmocka_unit_test(test_event_in_the_past),
	{ 0 },
};
