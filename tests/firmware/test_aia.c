/* SPDX-License-Identifier: MIT */
/*
 * Tests the state in which the firmware leaves an APLIC and IMSICs: all sources are delegated to
 * S-mode, MSIs arrive, and S-mode cannot access the machine level. Reports nothing if the machine
 * has a PLIC.
 */
#include "tests/firmware/guest.h"

#define SOURCECFG(n) (APLIC_S_BASE + 4 * (n))
#define SETIENUM (APLIC_S_BASE + 0x1edc)
#define SETIPNUM (APLIC_S_BASE + 0x1cdc)
#define GENMSI (APLIC_S_BASE + 0x3000)
#define TARGET(n) (APLIC_S_BASE + 0x3000 + 4 * (n))
#define IDC(hart) (APLIC_S_BASE + 0x4000 + 32 * (hart))
#define CLAIMI 0x1c

#define DOMAINCFG_IE 0x100
#define DOMAINCFG_DM 4
#define DETACHED 1
#define SOURCE 5
#define IDENTITY 77
#define SIP_SEIP (1UL << 9)

#define siselect 0x150
#define sireg 0x151
#define EIP2 0x82 /* identities 64 to 127 */

static void aia_load(u64 addr)
{
	*(volatile u32 *)addr;
}

static void aia_store(u64 addr)
{
	*(volatile u32 *)addr = 0;
}

static u32 aia_get(u64 addr)
{
	return *(volatile u32 *)addr;
}

static void aia_put(u64 addr, u32 value)
{
	*(volatile u32 *)addr = value;
}

static void expect_closed(u64 addr, const char *text)
{
	report_equal(catch_trap(aia_load, addr).cause, 5, text);
	report_equal(catch_trap(aia_store, addr).cause, 7, text);
}

static u64 count_delegated(void)
{
	u64 count = 0;

	for (u64 source = 1; source <= IRQ_SOURCES; source++) {
		/* the state of lower sources is undefined in QEMU 7.2 */
		aia_put(SOURCECFG(source), 0);
		aia_put(SOURCECFG(source), DETACHED);
		count += aia_get(SOURCECFG(source)) == DETACHED;
	}
	return count;
}

static void test_direct(void)
{
	u64 idc = IDC(hart_here());

	aia_put(TARGET(SOURCE), hart_here() << 18 | 3);
	aia_put(SETIENUM, SOURCE);
	aia_put(SETIPNUM, SOURCE);
	aia_put(idc, 1);
	aia_put(APLIC_S_BASE, DOMAINCFG_IE);
	report(csr_read(sip) & SIP_SEIP, "a source of the APLIC raises SEIP");
	report_equal(aia_get(idc + CLAIMI), SOURCE << 16 | 3, "and is claimed");
	report(!(csr_read(sip) & SIP_SEIP), "which ends it");
}

static bool has_arrived(u64 unused)
{
	(void)unused;
	csr_write(siselect, EIP2);
	return csr_read(sireg) >> IDENTITY % 64 & 1;
}

static void test_msi(void)
{
	report(!has_arrived(0), "no MSI before it is sent");
	aia_put(GENMSI, hart_here() << 18 | IDENTITY);
	report(time_wait(has_arrived, 0), "the APLIC's MSI comes to the hart's S file");
	expect_closed(IMSIC_M_BASE, "the M files are closed");
}

void test_aia(void)
{
	if (catch_trap(aia_load, APLIC_S_BASE).happened)
		return;
	report_section("AIA");
	expect_closed(APLIC_M_BASE, "the APLIC's M domain is closed");
	report_equal(count_delegated(), IRQ_SOURCES, "all sources are delegated");
	if (aia_get(APLIC_S_BASE) & DOMAINCFG_DM)
		test_msi();
	else
		test_direct();
	for (u64 source = 1; source <= IRQ_SOURCES; source++)
		aia_put(SOURCECFG(source), 0);
}
