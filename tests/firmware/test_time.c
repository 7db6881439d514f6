/* SPDX-License-Identifier: MIT */
/* Tests TIME: STIP follows the time that was set. */
#include "tests/firmware/guest.h"

static bool time_pending(u64 unused)
{
	(void)unused;
	return csr_read(sip) & SIE_STIE;
}

static bool not_pending(u64 unused)
{
	return !time_pending(unused);
}

static bool taken_here(u64 count)
{
	return interrupts_taken(hart_here(), 5) >= count;
}

void test_time(void)
{
	u64 start, before = interrupts_taken(hart_here(), 5);

	report_section("time");
	report_equal(sbi(EXT_TIME, 0, -1UL).error, SUCCESS, "set to the end of time");
	report(time_wait(not_pending, 0), "nothing is pending");
	start = time_now();
	sbi(EXT_TIME, 0, start + TIMEBASE_HZ / 500);
	/* On a busy host the emulator may not be scheduled until the time has come. */
	report(!time_pending(0) || time_now() - start >= TIMEBASE_HZ / 500,
	       "nothing is pending yet");
	report(time_wait(time_pending, 0), "STIP comes");
	report(time_now() - start >= TIMEBASE_HZ / 500, "not before its time");
	report(time_pending(0), "and stays");
	sbi(EXT_TIME, 0, -1UL);
	report(time_wait(not_pending, 0), "setting a later time clears it");
	sbi(EXT_TIME, 0, 0);
	report(time_wait(time_pending, 0), "a time that is past is pending at once");
	sbi(EXT_TIME, 0, time_now() + 1000 * (u64)TIMEBASE_HZ);
	report(time_wait(not_pending, 0), "with sie.STIE clear too, a later time clears it");

	sbi(EXT_TIME, 0, time_now() + TIMEBASE_HZ / 1000);
	csr_write(sie, SIE_STIE);
	csr_set(sstatus, SSTATUS_SIE);
	report(time_wait(taken_here, before + 1), "the interrupt is taken");
	csr_clear(sstatus, SSTATUS_SIE);
	report_equal(interrupts_taken(hart_here(), 5), before + 1, "once");
	csr_write(sie, 0);
	sbi(EXT_TIME, 0, -1UL);
}
