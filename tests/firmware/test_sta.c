/* SPDX-License-Identifier: MIT */
/* Tests STA: the memory is cleared, and shows no stolen time. */
#include "tests/firmware/guest.h"

static struct {
	u32 sequence, flags;
	u64 steal;
	u8 preempted, pad[47];
	u64 behind;
} shared __attribute__((aligned(64)));

static s64 sta_set(u64 low, u64 high, u64 flags)
{
	return sbi(EXT_STA, 0, low, high, flags).error;
}

static bool is_clear(void)
{
	bool clear = !shared.sequence && !shared.flags && !shared.steal && !shared.preempted;

	for (u64 i = 0; i < sizeof(shared.pad); i++)
		clear &= !shared.pad[i];
	return clear;
}

void test_sta(void)
{
	u64 start = time_now();

	report_section("sta");
	memset(&shared, 0xff, sizeof(shared));
	report_equal(sta_set((u64)&shared, 0, 1), INVALID_PARAM, "a reserved flag");
	report_equal(sta_set((u64)&shared + 32, 0, 0), INVALID_PARAM, "memory not at 64 bytes");
	report_equal(sta_set(FIRMWARE_BASE, 0, 0), INVALID_ADDRESS, "the firmware's memory");
	report_equal(sta_set(NOT_RAM, 0, 0), INVALID_ADDRESS, "no memory");
	report_equal(sta_set(PCIE_WINDOW, 0, 0), INVALID_ADDRESS, "what PCIe answers for");
	report_equal(sta_set((u64)&shared, 1, 0), INVALID_ADDRESS, "above 64 bits");
	report_equal(shared.steal, -1UL, "none of them wrote");
	report_equal(sta_set((u64)&shared, 0, 0), SUCCESS, "steal time is reported");
	report(is_clear(), "  the memory is cleared");
	report_equal(shared.behind, -1UL, "  all 64 bytes of it");
	while (time_now() - start < TIMEBASE_HZ / 1000)
		;
	report(is_clear(), "  nothing is taken from the hart");
	report_equal(sta_set(-1UL, -1UL, 0), SUCCESS, "  no more");
}
