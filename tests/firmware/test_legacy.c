/* SPDX-License-Identifier: MIT */
/*
 * Tests legacy calls: one value in a0, hart masks at virtual addresses. test_dbcn.c tests the
 * console.
 */
#include "tests/firmware/guest.h"

enum { SET_TIMER = 0, CLEAR_IPI = 3, SEND_IPI, FENCE_I, SFENCE, SFENCE_ASID };

static u64 mask_page[512] __attribute__((aligned(4096)));

static bool ssip(u64 unused)
{
	(void)unused;
	return csr_read(sip) & SIE_SSIE;
}

static bool stip(u64 unused)
{
	(void)unused;
	return csr_read(sip) & SIE_STIE;
}

static u64 legacy(u64 id, u64 arg0, u64 arg1, u64 arg2, u64 arg3)
{
	struct sbiret ret = sbi_ecall(arg0, arg1, arg2, arg3, 0, 0, -1UL, id);

	return ret.error;
}

static void call_send_ipi(u64 pointer)
{
	legacy(SEND_IPI, pointer, 0, 0, 0);
}

static void bad_pointer(u64 pointer, u64 cause, const char *text)
{
	struct caught caught = catch_trap(call_send_ipi, pointer);

	report_equal(caught.happened ? caught.cause : -1UL, cause, text);
	report_equal(caught.tval, pointer, "  stval is the pointer");
	report_equal(*(const u32 *)caught.epc, 0x00000073, "  sepc is at the ECALL");
}

static void legacy_masks(void)
{
	u64 here = 1UL << hart_here();

	mask_page[0] = here;
	csr_write(sip, 0);
	report_equal(legacy(SEND_IPI, (u64)mask_page, 0, 0, 0), 0, "send_ipi to this hart");
	report(time_wait(ssip, 0), "SSIP is pending");
	report_equal(legacy(CLEAR_IPI, 0, 0, 0, 0), 1, "clear_ipi says that one was");
	report_equal(legacy(CLEAR_IPI, 0, 0, 0, 0), 0, "and then that none is");
	report(!ssip(0), "SSIP is clear");
	report_equal(legacy(SEND_IPI, 0, 0, 0, 0), 0, "send_ipi to all");
	report(time_wait(ssip, 0), "this hart among them");
	csr_write(sip, 0);

	mask_page[0] = hart_mask();
	report_equal(legacy(FENCE_I, (u64)mask_page, 0, 0, 0), 0, "remote fence.i");
	report_equal(legacy(SFENCE, (u64)mask_page, WINDOW, 8192, 0), 0, "remote sfence.vma");
	report_equal(legacy(SFENCE_ASID, (u64)mask_page, WINDOW, 4096, 3), 0,
		     "remote sfence.vma with ASID");
	report_equal(legacy(SFENCE, 0, 0, -1UL, 0), 0, "remote sfence.vma on all");
	mask_page[0] = ~hart_mask();
	report_equal(legacy(SEND_IPI, (u64)mask_page, 0, 0, 0), mask_page[0] ? INVALID_PARAM : 0,
		     "harts that do not exist, if any");
}

static void legacy_pointers(void)
{
	bad_pointer(FIRMWARE_HOLE, 5, "a mask in the firmware's memory: access fault");
	bad_pointer(NOT_RAM, 5, "a mask where there is no memory: access fault");
	paging_map(0, mask_page);
	paging_map(1, NULL);
	paging_on();
	mask_page[1] = 1UL << hart_here();
	report_equal(legacy(SEND_IPI, WINDOW + 8, 0, 0, 0), 0, "a mask at a virtual address");
	report(time_wait(ssip, 0), "is read there");
	csr_write(sip, 0);
	bad_pointer(WINDOW + 4096, 13, "a mask in no page: page fault");
	paging_off();
}

void test_legacy(void)
{
	report_section("legacy");
	report_equal(legacy(SET_TIMER, time_now() + TIMEBASE_HZ / 1000, 0, 0, 0), 0, "set_timer");
	report(time_wait(stip, 0), "STIP comes");
	report_equal(legacy(SET_TIMER, -1UL, 0, 0, 0), 0, "set_timer to the end of time");
	report(!stip(0), "STIP goes");
	legacy_masks();
	legacy_pointers();
}
