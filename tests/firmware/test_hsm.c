/* SPDX-License-Identifier: MIT */
/* Tests HSM: start, stop, status, suspend. */
#include "tests/firmware/guest.h"

#define ROUNDS 50

static volatile u64 ran, told_hart, told_arg;

static void hsm_note(u64 arg)
{
	told_hart = hart_here();
	told_arg = arg;
	ran++;
}

static void spin_until(u64 flag)
{
	while (!*(volatile u64 *)flag)
		;
}

static void hostile_addresses(u64 hart)
{
	static const struct {
		u64 addr;
		const char *text;
	} bad[] = {
		{ FIRMWARE_HOLE, "start in the firmware's memory" },
		{ FIRMWARE_BASE + FIRMWARE_SIZE - 2, "start at the firmware's last instruction" },
		{ NOT_RAM, "start where there is no memory" },
		{ UART_BASE, "start in a device" },
		{ CLINT_BASE, "start in the CLINT" },
		{ 0, "start at 0" },
		{ -2UL, "start at the end of the address space" },
		{ KERNEL_BASE + 1, "start at an odd address" },
	};

	for (u64 i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		report_equal(sbi(EXT_HSM, 0, hart, bad[i].addr, 0).error, INVALID_ADDRESS,
			     bad[i].text);
	report_equal(sbi(EXT_HSM, 2, hart).value, STOPPED, "the hart stays stopped");
}

static void start_and_stop(u64 hart)
{
	static volatile u64 flag;
	bool always = true;

	report_equal(sbi(EXT_HSM, 2, hart).value, STOPPED, "another hart waits");
	hostile_addresses(hart);
	report(hart_run(hart, hsm_note, 0x1234), "start succeeds");
	report(hart_wait(hart, STOPPED), "it stops");
	report_equal(ran, 1, "it ran once, entered with a0, a1, satp and SIE as specified");
	report_equal(told_hart, hart, "it is the hart that was meant");

	flag = 0;
	hart_run(hart, spin_until, (u64)&flag);
	report(hart_wait(hart, STARTED), "status is STARTED while it runs");
	report_equal(sbi(EXT_HSM, 0, hart, start_secondary, 0).error, ALREADY_AVAILABLE,
		     "starting it again is ALREADY_AVAILABLE");
	flag = 1;
	report(hart_wait(hart, STOPPED), "it stops when told");

	for (u64 i = 0; i < ROUNDS; i++) {
		ran = 0;
		always &= hart_run(hart, hsm_note, i) && hart_wait(hart, STOPPED) && ran == 1;
		always &= told_arg == i;
	}
	report(always, "start and stop, many times");
}

static void all_at_once(void)
{
	static volatile u64 flag;
	u64 others = hart_mask() & ~(1UL << hart_here());
	bool started = true, stopped = true;

	flag = 0;
	for (u64 hart = 0; hart < MAX_HARTS; hart++)
		if (others >> hart & 1)
			started &= hart_run(hart, spin_until, (u64)&flag);
	for (u64 hart = 0; hart < MAX_HARTS; hart++)
		if (others >> hart & 1)
			started &= hart_wait(hart, STARTED);
	report(started, "all harts run at the same time");
	flag = 1;
	for (u64 hart = 0; hart < MAX_HARTS; hart++)
		if (others >> hart & 1)
			stopped &= hart_wait(hart, STOPPED);
	report(stopped, "and stop");
}

static volatile s64 suspend_error;

static void suspend_until_ipi(u64 type)
{
	csr_write(sie, SIE_SSIE);
	suspend_error = sbi(EXT_HSM, 3, type, 0, 0).error;
	ran++;
	csr_write(sip, 0);
}

static void suspend_here(void)
{
	static const u64 reserved[] = {
		1, 0x0fffffff, 0x10000000, 0x7fffffff, 0x80000001, 0x8fffffff, 0x90000000,
		0xffffffff,
	};
	bool all_invalid = true;
	u64 start = time_now();

	for (u64 i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		all_invalid &= sbi(EXT_HSM, 3, reserved[i], 0, 0).error == INVALID_PARAM;
	report(all_invalid, "suspend types that are reserved or platform's are INVALID_PARAM");
	report_equal(sbi(EXT_HSM, 3, 0x80000000, FIRMWARE_HOLE, 0).error, INVALID_ADDRESS,
		     "non-retentive suspend resuming in the firmware");
	report_equal(sbi(EXT_HSM, 3, 0x80000000, NOT_RAM, 0).error, INVALID_ADDRESS,
		     "non-retentive suspend resuming where there is no memory");
	csr_write(sie, SIE_STIE);
	sbi(EXT_TIME, 0, start + TIMEBASE_HZ / 100);
	report_equal(sbi(EXT_HSM, 3, 0, 0, 0).error, SUCCESS, "retentive suspend returns");
	report(time_now() - start >= TIMEBASE_HZ / 100, "when the timer interrupt came");
	csr_write(sie, 0);
	sbi(EXT_TIME, 0, -1UL);
}

static void suspend_non_retentive(u64 arg)
{
	u64 opaque = hart_job(hart_here(), hsm_note, arg);

	csr_write(sie, SIE_SSIE);
	csr_set(sstatus, SSTATUS_SPIE);
	sbi(EXT_HSM, 3, 0x80000000, start_secondary, opaque);
	ran += 100;
}

static void suspend_other(u64 hart)
{
	ran = 0;
	suspend_error = 99;
	hart_run(hart, suspend_until_ipi, 0);
	report(hart_wait(hart, SUSPENDED), "status is SUSPENDED");
	report_equal(sbi(EXT_RFENCE, 0, 1UL << hart, 0).error, SUCCESS,
		     "a suspended hart answers fences");
	report_equal(sbi(EXT_HSM, 2, hart).value, SUSPENDED, "and sleeps on");
	report_equal(sbi(EXT_HSM, 0, hart, start_secondary, 0).error, ALREADY_AVAILABLE,
		     "it cannot be started");
	sbi(EXT_IPI, 0, 1UL << hart, 0);
	report(hart_wait(hart, STOPPED) && ran == 1, "an IPI wakes it");
	report_equal(suspend_error, SUCCESS, "suspend had returned success");

	ran = 0;
	hart_run(hart, suspend_non_retentive, 77);
	report(hart_wait(hart, SUSPENDED), "status is SUSPENDED in non-retentive suspend");
	sbi(EXT_IPI, 0, 1UL << hart, 0);
	report(hart_wait(hart, STOPPED), "an IPI ends it");
	report(ran == 1 && told_arg == 77, "at resume_addr, as if started");
}

void test_hsm(void)
{
	static const u64 nobody[] = { MAX_HARTS, MAX_HARTS + 1, 1UL << 32, 1UL << 63, -1UL };
	bool invalid = true;
	u64 hart = hart_other(0);

	report_section("hsm");
	report_equal(sbi(EXT_HSM, 2, hart_here()).value, STARTED, "this hart is STARTED");
	report_equal(sbi(EXT_HSM, 0, hart_here(), start_secondary, 0).error, ALREADY_AVAILABLE,
		     "starting oneself is ALREADY_AVAILABLE");
	for (u64 i = 0; i < sizeof(nobody) / sizeof(nobody[0]); i++) {
		invalid &= sbi(EXT_HSM, 2, nobody[i]).error == INVALID_PARAM;
		invalid &= sbi(EXT_HSM, 0, nobody[i], start_secondary, 0).error == INVALID_PARAM;
	}
	report(invalid, "harts that do not exist are INVALID_PARAM");
	suspend_here();
	if (hart == -1UL)
		return;
	start_and_stop(hart);
	all_at_once();
	suspend_other(hart);
}
