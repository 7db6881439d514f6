/* SPDX-License-Identifier: MIT */
/*
 * Bits that a register keeps while others hide them are part of a saved machine. Priority numbers
 * of interrupts that S-mode did not get at the moment were cut when a state was loaded: with the
 * delegation they came back in one run and not in the other.
 */
#include "tests/cpu/fixture.h"
#include "tests/state_copy.h"

#include "cpu/hart/interrupt.h"

enum { MIDELEG = 0x303, SISELECT = 0x150, SIREG = 0x151, SIPRIO0 = 0x30 };

static u64 csr(struct hart *hart, u16 number, enum csr_how how, u64 operand)
{
	const struct csr_access access = {
		.number = number, .how = how, .operand = operand, .reads = true,
		.writes = how == CSR_WRITE,
	};
	u64 old = 0;

	assert_true(csr_access(hart, &access, &old));
	return old;
}

static void test_priorities(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	struct hart *hart = &machine->hart;

	hart->imsic.priority_bits = 8;
	csr(hart, MIDELEG, CSR_WRITE, BIT(IRQ_SSI));
	csr(hart, SISELECT, CSR_WRITE, SIPRIO0);
	csr(hart, SIREG, CSR_WRITE, 0x200);
	csr(hart, MIDELEG, CSR_WRITE, 0);
	assert_int_equal(csr(hart, SIREG, CSR_SET, 0), 0);
	assert_int_equal(state_copy(&machine->platform.state, &machine->platform.state), 0);
	csr(hart, MIDELEG, CSR_WRITE, BIT(IRQ_SSI));
	assert_int_equal(csr(hart, SIREG, CSR_SET, 0), 0x200);
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = { cmocka_unit_test(test_priorities), { 0 } };
