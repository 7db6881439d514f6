/* SPDX-License-Identifier: MIT */
/*
 * Compares the levels that interrupt_words() reports with what interrupt_next() returns, in random
 * states: the first enabled level with something pending and enabled, and one of its interrupts.
 */
#include "tests/cpu/fixture.h"

#include "cpu/hart/interrupt.h"
#include "tests/cpu/random.h"

/*
 * Returns a number with few bits set, because most combinations of many bits have the same effect.
 */
static u64 sparse(u64 *seed)
{
	return random_u64(seed) & random_u64(seed) & random_u64(seed);
}

static void set_state(struct hart *hart, u64 *seed)
{
	u64 dice = random_u64(seed);

	hart->priv = dice & 3 ? (dice & 1 ? PRIV_S : PRIV_U) : PRIV_M;
	hart->virt = hart->priv != PRIV_M && (dice & 4);
	hart->mstatus = (dice & 8 ? MSTATUS_MIE : 0) | (dice & 16 ? MSTATUS_SIE : 0);
	hart->s[BANK_VS].status = dice & 32 ? MSTATUS_SIE : 0;
	hart->lines = sparse(seed) & (BIT(IRQ_MSI) | BIT(IRQ_MTI) | BIT(IRQ_MEI) | BIT(IRQ_SEI));
	hart->mip = sparse(seed);
	hart->mie = sparse(seed);
	hart->mideleg = random_u64(seed);
	hart->hideleg = random_u64(seed);
	hart->hvip = sparse(seed);
	hart->aia.mvien = dice & 64 ? sparse(seed) : 0;
	hart->aia.mvip = sparse(seed);
	hart->aia.sie = sparse(seed);
	hart->aia.hvien = dice & 128 ? sparse(seed) : 0;
	hart->aia.vsie = sparse(seed);
	csr_legalise(hart);
}

/*
 * An interrupt that a level may take sets the alert. No other interrupt does, unless mvien has bits
 * or VS-mode has injected interrupts.
 */
static void check_alert(const struct hart *hart, unsigned *quiet)
{
	u64 injected = hart->hvip & hart->aia.hvien & hart->aia.vsie;
	bool any = false;

	for (unsigned level = 0; level < INTERRUPT_LEVELS; level++) {
		struct interrupt_words words = interrupt_words(hart, (enum interrupt_level)level);

		any = any || (words.pending & words.enabled);
	}
	if (any)
		assert_true(interrupt_alert(hart));
	else if (!hart->aia.mvien && !injected)
		assert_false(interrupt_alert(hart));
	*quiet += !any && hart->aia.hvien && !interrupt_alert(hart);
}

static void check_interrupt(const struct hart *hart, unsigned *taken)
{
	struct interrupt next;
	bool any = interrupt_next(hart, &next);

	for (unsigned level = 0; level < INTERRUPT_LEVELS; level++) {
		struct interrupt_words words = interrupt_words(hart, (enum interrupt_level)level);
		u64 both = words.pending & words.enabled;

		if (!words.on || !both)
			continue;
		assert_true(any);
		assert_int_equal(next.priv, level == INTERRUPT_M ? PRIV_M : PRIV_S);
		assert_int_equal(next.virt, level == INTERRUPT_VS);
		assert_true(both >> (next.cause & 63) & 1);
		taken[level]++;
		return;
	}
	assert_false(any);
}

static void test_words(void **unused)
{
	struct machine *machine = machine_create(EXT_TOGETHER);
	unsigned taken[INTERRUPT_LEVELS] = { 0 }, quiet = 0;
	u64 seed = 1;

	for (unsigned n = 0; n < 200000; n++) {
		set_state(&machine->hart, &seed);
		check_interrupt(&machine->hart, taken);
		check_alert(&machine->hart, &quiet);
	}
	assert_in_range(quiet, 1000, 190000);
	for (unsigned level = 0; level < INTERRUPT_LEVELS; level++)
		assert_in_range(taken[level], 1000, 190000);
	machine_free(machine);
}

/*
 * interrupt_open returns the lines that would interrupt if they alone were high, and no others, as
 * long as hvictl.VTI is 0. Otherwise hvictl interrupts a guest, whatever lines are high.
 */
static void test_open(void **unused)
{
	static const u8 lines[] = { IRQ_MSI, IRQ_MTI, IRQ_MEI, IRQ_STI, IRQ_SEI, IRQ_VSTI };
	struct machine *machine = machine_create(ext_without(EXT_TOGETHER, EXT_smrnmi));
	struct hart *hart = &machine->hart;
	unsigned taken = 0;
	u64 seed = 1;

	for (unsigned n = 0; n < 200000; n++) {
		set_state(hart, &seed);
		hart->aia.mvien = hart->aia.hvien = hart->aia.hvictl = 0;
		hart->mip = hart->hvip = 0;
		for (unsigned i = 0; i < ARRAY_SIZE(lines); i++) {
			hart->lines = BIT(lines[i]);
			assert_int_equal(hart_takes_interrupts(hart),
					 interrupt_open(hart) >> lines[i] & 1);
			taken += hart_takes_interrupts(hart);
		}
	}
	assert_in_range(taken, 10000, 1000000);
	machine_free(machine);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_words),
	cmocka_unit_test(test_open),
	{ 0 },
};
