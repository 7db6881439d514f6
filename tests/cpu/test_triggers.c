/* SPDX-License-Identifier: MIT */
/*
 * Tests which comes first if a trigger matches the access of an instruction that the hart's mode
 * may not execute: the illegal or virtual instruction.
 */
#include "cpu/debug/triggers/trigger.h"

#include "cpu/isa/csr_bits.h"
#include "tests/cpu/fixture.h"

#define DATA (RAM_BASE + 0x800)
#define HANDLER (RAM_BASE + 0x100)

/* The address is in a1. */
#define SSAMOSWAP_W 0x48c5a52f
#define SSAMOSWAP_D 0x48c5b52f
#define HLV_W 0x6805c573
#define CBO_ZERO 0x0045a00f

/* mcontrol6 for loads and stores in S, U, VS and VU. */
#define MODES (BIT(4) | BIT(3) | BIT(24) | BIT(23))
#define ACCESS ((u64)TRIGGER_MCONTROL6 << 60 | MODES | MCONTROL_LOAD | MCONTROL_STORE)

struct execution {
	u32 raw;
	u8 priv;
	bool virt;
	u64 menvcfg, henvcfg, hstatus;
	u8 cause;
};

static const struct execution executions[] = {
	{ SSAMOSWAP_W, PRIV_S, false, 0, 0, 0, CAUSE_ILLEGAL },
	{ SSAMOSWAP_D, PRIV_S, false, 0, 0, 0, CAUSE_ILLEGAL },
	{ SSAMOSWAP_D, PRIV_U, false, 0, 0, 0, CAUSE_ILLEGAL },
	{ SSAMOSWAP_D, PRIV_S, true, 0, 0, 0, CAUSE_ILLEGAL },
	{ SSAMOSWAP_W, PRIV_S, true, MENVCFG_SSE, 0, 0, CAUSE_VIRTUAL_INSTRUCTION },
	{ SSAMOSWAP_D, PRIV_S, true, MENVCFG_SSE, 0, 0, CAUSE_VIRTUAL_INSTRUCTION },
	{ SSAMOSWAP_D, PRIV_S, false, MENVCFG_SSE, 0, 0, CAUSE_BREAKPOINT },
	{ SSAMOSWAP_D, PRIV_S, true, MENVCFG_SSE, MENVCFG_SSE, 0, CAUSE_BREAKPOINT },
	{ HLV_W, PRIV_U, false, 0, 0, 0, CAUSE_ILLEGAL },
	{ HLV_W, PRIV_S, true, 0, 0, 0, CAUSE_VIRTUAL_INSTRUCTION },
	{ HLV_W, PRIV_U, false, 0, 0, HSTATUS_HU, CAUSE_BREAKPOINT },
	{ CBO_ZERO, PRIV_S, false, 0, 0, 0, CAUSE_ILLEGAL },
	{ CBO_ZERO, PRIV_S, true, MENVCFG_CBZE, 0, 0, CAUSE_VIRTUAL_INSTRUCTION },
	{ CBO_ZERO, PRIV_S, false, MENVCFG_CBZE, 0, 0, CAUSE_BREAKPOINT },
};

static void test_permission_first(void **state)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct hart *hart = &machine->hart;

	for (unsigned n = 0; n < ARRAY_SIZE(executions); n++) {
		const struct execution *execution = &executions[n];

		*machine_ram(machine, RAM_BASE) = execution->raw;
		hart_reset(hart, RAM_BASE);
		machine_open_pmp(machine);
		hart->priv = execution->priv;
		hart->virt = execution->virt;
		hart->menvcfg = execution->menvcfg;
		hart->henvcfg = execution->henvcfg;
		hart->hstatus = execution->hstatus;
		hart->mtvec = HANDLER;
		hart->x[11] = DATA;
		hart->triggers = (struct triggers){ .armed = true };
		hart->triggers.control[0] = ACCESS;
		hart->triggers.data[0] = DATA;
		hart_regime_changed(hart);
		hart_run(hart, interp_run, 1);
		assert_int_equal(hart->mcause, execution->cause);
		assert_int_equal(!!(hart->triggers.control[0] & MCONTROL6_HIT0),
				 execution->cause == CAUSE_BREAKPOINT);
	}
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_permission_first),
	{ 0 },
};
