/* SPDX-License-Identifier: MIT */
/*
 * Tests IPI: S-mode software interrupts, on this hart and on others, and the rules for the hart
 * mask.
 */
#include "tests/firmware/guest.h"

#define ROUNDS 64 /* so that there is one for each base */

static volatile u64 stop;
static volatile u64 ready;

/* Takes interrupts until `stop` is set. */
static void ipi_take(u64 unused)
{
	(void)unused;
	csr_write(sie, SIE_SSIE);
	csr_set(sstatus, SSTATUS_SIE);
	__atomic_fetch_add(&ready, 1, __ATOMIC_SEQ_CST);
	while (!stop)
		;
	csr_clear(sstatus, SSTATUS_SIE);
	csr_write(sie, 0);
}

static bool taken(u64 hart_and_count)
{
	return interrupts_taken(hart_and_count >> 32, 1) >= (u32)hart_and_count;
}

static bool all_ready(u64 count)
{
	return ready >= count;
}

static bool pending_here(u64 unused)
{
	(void)unused;
	return csr_read(sip) & SIE_SSIE;
}

static void ipi_masks(void)
{
	const u64 here = hart_mask(), first_absent = ~here & (here + 1);
	const s64 absent = ~here ? INVALID_PARAM : SUCCESS; /* success: there are no absent harts */
	const s64 last = here >> 63 ? SUCCESS : INVALID_PARAM;
	const struct {
		u64 mask, base;
		s64 error;
		const char *text;
	} cases[] = {
		{ 0, 0, SUCCESS, "no hart at all" },
		{ 0, 12345, SUCCESS, "no hart above a base that does not exist" },
		{ first_absent, 0, absent, "the first hart that does not exist" },
		{ ~here, 0, absent, "all harts that do not exist" },
		{ 1UL << 63, 0, last, "hart 63 by the mask's last bit" },
		{ 1, 63, last, "hart 63 by its base" },
		{ 3, 63, INVALID_PARAM, "a hart behind hart 63" },
		{ 1, 64, INVALID_PARAM, "a base of XLEN" },
		{ 1, -2UL, INVALID_PARAM, "a base of -2" },
		{ -1UL, 0, absent, "all bits" },
		{ -1UL, 1, INVALID_PARAM, "bits that shift out" },
	};

	for (u64 i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		report_equal(sbi(EXT_IPI, 0, cases[i].mask, cases[i].base).error, cases[i].error,
			     cases[i].text);
}

static void to_self(void)
{
	u64 here = hart_here(), before = interrupts_taken(here, 1);

	csr_write(sip, 0);
	report_equal(sbi(EXT_IPI, 0, 1UL << here, 0).error, SUCCESS, "to this hart, by mask");
	report(time_wait(pending_here, 0), "SSIP is pending");
	csr_write(sip, 0);
	report(!pending_here(0), "S-mode clears it");
	sbi(EXT_IPI, 0, 1, here);
	report(time_wait(pending_here, 0), "to this hart, by base");
	csr_write(sie, SIE_SSIE);
	csr_set(sstatus, SSTATUS_SIE);
	report(time_wait(taken, here << 32 | (before + 1)), "the interrupt is taken");
	sbi(EXT_IPI, 0, 0, -1UL);
	report(time_wait(taken, here << 32 | (before + 2)), "to all harts, this one included");
	csr_clear(sstatus, SSTATUS_SIE);
	csr_write(sie, 0);
}

static void to_others(u64 others, u64 count)
{
	u64 before[MAX_HARTS];
	bool all = true;

	stop = ready = 0;
	for (u64 hart = 0; hart < MAX_HARTS; hart++) {
		before[hart] = interrupts_taken(hart, 1);
		if (others >> hart & 1)
			hart_run(hart, ipi_take, 0);
	}
	time_wait(all_ready, count);
	for (u64 round = 1; round <= ROUNDS; round++) {
		u64 base = round % 64;

		all &= sbi(EXT_IPI, 0, others & ((1UL << base) - 1), 0).error == SUCCESS;
		all &= sbi(EXT_IPI, 0, others >> base, base).error == SUCCESS;
		for (u64 hart = 0; hart < MAX_HARTS; hart++)
			if (others >> hart & 1)
				all &= time_wait(taken, hart << 32 | (before[hart] + round));
	}
	report(all, "to all others, in two lists by each base, each taken");
	all = true;
	for (u64 hart = 0; hart < MAX_HARTS; hart++)
		if (others >> hart & 1)
			all &= interrupts_taken(hart, 1) == before[hart] + ROUNDS;
	report(all, "and none twice");
	stop = 1;
	for (u64 hart = 0; hart < MAX_HARTS; hart++)
		if (others >> hart & 1)
			hart_wait(hart, STOPPED);
}

void test_ipi(void)
{
	u64 others = hart_mask() & ~(1UL << hart_here()), count = 0;

	report_section("ipi");
	for (u64 hart = 0; hart < MAX_HARTS; hart++)
		count += others >> hart & 1;
	ipi_masks();
	to_self();
	if (!others)
		return;
	to_others(others, count);
	report_equal(sbi(EXT_IPI, 0, others, 0).error, SUCCESS, "to stopped harts");
}
