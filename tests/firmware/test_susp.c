/* SPDX-License-Identifier: MIT */
/*
 * Tests SUSP: the machine sleeps if all other harts are stopped, and resumes at the given address.
 */
#include "tests/firmware/guest.h"

#define OPAQUE 0x1234567890UL
#define SLEEP (TIMEBASE_HZ / 100)

static void spin_until(u64 flag)
{
	while (!*(volatile u64 *)flag)
		;
}

static s64 suspend(u64 type, u64 addr)
{
	return sbi(EXT_SUSP, 0, type, addr, 0).error;
}

static void susp_refused(void)
{
	static const u64 types[] = { 1, 0x7fffffff, 0x80000000, 0xffffffff };
	static const u64 nowhere[] = { FIRMWARE_HOLE, NOT_RAM, UART_BASE, 0, KERNEL_BASE + 1 };
	bool invalid = true, no_address = true;

	for (u64 i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		invalid &= suspend(types[i], KERNEL_BASE) == INVALID_PARAM;
	for (u64 i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
		no_address &= suspend(0, nowhere[i]) == INVALID_ADDRESS;
	report(invalid, "other sleep types are INVALID_PARAM");
	report(no_address, "resume addresses that are no memory of S-mode's are INVALID_ADDRESS");
}

static void refused_beside(u64 hart)
{
	static volatile u64 flag;

	flag = 0;
	hart_run(hart, spin_until, (u64)&flag);
	report(hart_wait(hart, STARTED), "another hart runs");
	report_equal(suspend(0, KERNEL_BASE), DENIED, "  which denies it");
	flag = 1;
	report(hart_wait(hart, STOPPED), "  until it stops");
}

static void sleeps(void)
{
	u64 start = time_now();

	csr_write(sie, SIE_STIE);
	sbi(EXT_TIME, 0, start + SLEEP);
	csr_set(sstatus, SSTATUS_SPIE);
	report_equal(suspend_system(OPAQUE), 1, "suspend to RAM ends at resume_addr");
	report(time_now() - start >= SLEEP, "  when the timer interrupt came");
	report_equal(resumed[0], hart_here(), "  a0 is the hart");
	report_equal(resumed[1], OPAQUE, "  a1 is opaque");
	report_equal(resumed[2], 0, "  satp is 0");
	report_equal(resumed[3] & SSTATUS_SIE, 0, "  interrupts are off");
	report_equal(sbi(EXT_HSM, 2, hart_here()).value, STARTED, "  the hart is STARTED");
	csr_write(sie, 0);
	sbi(EXT_TIME, 0, -1UL);
}

void test_susp(void)
{
	u64 hart = hart_other(0);

	report_section("susp");
	susp_refused();
	if (hart != -1UL)
		refused_beside(hart);
	sleeps();
	if (hart != -1UL)
		report_equal(sbi(EXT_HSM, 2, hart).value, STOPPED, "other harts are STOPPED");
}
