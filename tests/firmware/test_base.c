/* SPDX-License-Identifier: MIT */
/*
 * Tests BASE, probing, and properties of every call: error codes, and registers that are preserved.
 */
#include "tests/firmware/guest.h"

static const struct {
	u64 id, functions;
	const char *name;
} extensions[] = {
	{ EXT_BASE, 7, "BASE" }, { EXT_TIME, 1, "TIME" }, { EXT_IPI, 1, "IPI" },
	{ EXT_RFENCE, 7, "RFENCE" }, { EXT_HSM, 4, "HSM" }, { EXT_SRST, 1, "SRST" },
	{ EXT_DBCN, 3, "DBCN" }, { EXT_PMU, 9, "PMU" }, { EXT_FWFT, 2, "FWFT" },
	{ EXT_SUSP, 1, "SUSP" }, { EXT_SSE, 10, "SSE" },
	{ EXT_STA, 1, "STA" },
};

#define COUNT (sizeof(extensions) / sizeof(extensions[0]))

static bool probe(u64 id)
{
	struct sbiret ret = sbi(EXT_BASE, 3, id);

	return ret.error == SUCCESS && ret.value != 0;
}

void test_base(void)
{
	static const u64 absent[] = {
		0x9, 0xf, 0x11, 0x54494d46, 0x43505043 /* CPPC */, 0x4d505859 /* MPXY */,
		0x4e41434c /* NACL */, -1UL,
		1UL << 63, EXT_BASE | 1UL << 32,
	};
	bool all_absent = true, none_called = true, legacy = true;

	report_section("base");
	report_equal(sbi(EXT_BASE, 0).error, SUCCESS, "get_spec_version succeeds");
	report_equal(sbi(EXT_BASE, 0).value, 3 << 24, "the version is 3.0");
	report_equal(sbi(EXT_BASE, 1).error, SUCCESS, "get_impl_id succeeds");
	report(sbi(EXT_BASE, 1).value > 0xff, "impl_id is not one that belongs to others");
	report_equal(sbi(EXT_BASE, 2).error, SUCCESS, "get_impl_version succeeds");
	report_equal(sbi(EXT_BASE, 4).error, SUCCESS, "get_mvendorid succeeds");
	report_equal(sbi(EXT_BASE, 5).error, SUCCESS, "get_marchid succeeds");
	report_equal(sbi(EXT_BASE, 6).error, SUCCESS, "get_mimpid succeeds");

	for (u64 i = 0; i < COUNT; i++)
		report(probe(extensions[i].id), extensions[i].name);
	for (u64 id = 0; id <= 8; id++)
		legacy &= probe(id);
	report(legacy, "the legacy extensions 0 to 8 are there");
	for (u64 i = 0; i < sizeof(absent) / sizeof(absent[0]); i++) {
		all_absent &= !probe(absent[i]);
		none_called &= sbi_ecall(0, 0, 0, 0, 0, 0, 0, absent[i]).error == NOT_SUPPORTED;
	}
	report(all_absent, "probe finds no extension that is not there");
	report(none_called, "calls of absent extensions are NOT_SUPPORTED");

	for (u64 i = 0; i < COUNT; i++) {
		bool none = true;

		for (u64 shift = 0; shift < 64; shift++)
			if (1UL << shift >= extensions[i].functions)
				none &= sbi(extensions[i].id, 1UL << shift).error == NOT_SUPPORTED;
		none &= sbi(extensions[i].id, extensions[i].functions).error == NOT_SUPPORTED;
		none &= sbi(extensions[i].id, -1UL).error == NOT_SUPPORTED;
		report(none, "functions behind the last are NOT_SUPPORTED");
	}
	report_equal(preserved_registers(0, EXT_BASE), 0, "a call changes a0 and a1 only");
	report_equal(preserved_registers(99, 99), 0, "an unknown call changes a0 and a1 only");
}
