/* SPDX-License-Identifier: MIT */
/* Tests SRST: refused arguments, and the end of the whole test by a shutdown. */
#include "tests/firmware/guest.h"

void test_srst(void)
{
	static const struct {
		u32 type, reason;
		const char *text;
	} invalid[] = {
		{ 3, 0, "a reserved type" },
		{ 0xefffffff, 0, "the last reserved type" },
		{ 0xf0000000, 0, "a platform's type" },
		{ 0xffffffff, 0, "the last of the platform's types" },
		{ 0, 2, "a reserved reason" },
		{ 1, 0xdfffffff, "the last reserved reason" },
		{ 0, 0xe0000000, "an implementation's reason" },
		{ 2, 0xffffffff, "the last of the platform's reasons" },
	};

	report_section("srst");
	for (u64 i = 0; i < sizeof(invalid) / sizeof(invalid[0]); i++)
		report_equal(sbi(EXT_SRST, 0, invalid[i].type, invalid[i].reason).error,
			     INVALID_PARAM, invalid[i].text);

	/* Type 0 is shutdown; reason 1, system failure, leads to exit code 1 of the machine. */
	sbi(EXT_SRST, 0, 0, !report_all_passed());
	report(false, "shutdown does not return");
	*(volatile u32 *)TEST_BASE = TEST_FAIL | 1 << 16;
	for (;;)
		;
}
