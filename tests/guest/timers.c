/* SPDX-License-Identifier: MIT */
/*
 * Tests mtimecmp and Sstc's stimecmp: when their interrupts are pending, how they are masked, that
 * WFI waits for them and how long (privileged manual, "Machine Timer Registers"; "Sstc"); and the
 * widths of accesses to the CLINT. QEMU 10.0 sets the pending bits a little after the time is
 * reached, and agrees otherwise.
 */
#include "guest.h"

PROBE(spin, "1: j 1b");
PROBE(wait, "wfi\ncsrr a0, time");
PROBE(set_stimecmp, "csrw 0x14d, a0\ncsrr a0, sip");
PROBE(write_mip_sti, "csrrs a1, mip, a0\ncsrr a0, mip");

static void machine_timer(void)
{
	u64 at;

	set_mtimecmp(0, mtime() + 1000);
	report_equal(csr_read(mip) & BIT(MTI), 0, "MTIP is clear before mtimecmp");
	while (mtime() < *(volatile u64 *)MTIMECMP(0))
		;
	report_equal(csr_read(mip) & BIT(MTI), BIT(MTI), "and set from then on");
	set_mtimecmp(0, -1ul);
	csr_write(mie, BIT(MTI));
	at = mtime() + 2000;
	set_mtimecmp(0, at);
	report_trap(run(MODE_U, spin, 0, 0), MODE_M, INTERRUPT | MTI, 0, "it interrupts U-mode");
	report(mtime() >= at && mtime() < at + 2000000, "in time");
	at = mtime() + 500000;
	set_mtimecmp(0, at);
	csr_write(mcounteren, -1ul);
	report(run(MODE_S, wait, 0, 0).cause == (INTERRUPT | MTI), "WFI waits for it");
	report(mtime() >= at && mtime() < at + 5000000, "until then");
	set_mtimecmp(0, -1ul);
	csr_write(mie, 0);
}

static void widths(void)
{
	mmio_write32(MTIMECMP(0), 0x89abcdef);
	mmio_write32(MTIMECMP(0) + 4, 0x01234567);
	report_equal(*(volatile u64 *)MTIMECMP(0), 0x0123456789abcdef,
		     "mtimecmp can be written in halves");
	report_equal(mmio_read32(MTIMECMP(0) + 4), 0x01234567, "and read in halves");
	set_mtimecmp(0, -1ul);
	report(mmio_read32(MTIME + 4) == mtime() >> 32, "mtime too");
	*(volatile u64 *)MTIME = 0x100000000;
	report(mtime() >= 0x100000000 && mtime() < 0x180000000, "mtime can be written");
	csr_write(mcounteren, -1ul);
	report(csr_read(time) >= 0x100000000, "and time follows");
	report_equal(mmio_read32(MSIP(0)), 0, "msip reads as 0");
	mmio_write32(MSIP(0), -1u);
	report_equal(mmio_read32(MSIP(0)), 1, "and has one bit");
	mmio_write32(MSIP(0), 0);
}

static void supervisor_timer(void)
{
	u64 at;

	csr_write(menvcfg, 0);
	csr_write(stimecmp, 0);
	csr_write(mip, 0);
	report_equal(csr_read(mip) & BIT(STI), 0, "without STCE stimecmp does not matter");
	csr_write(mip, BIT(STI));
	report_equal(csr_read(mip) & BIT(STI), BIT(STI), "and M-mode writes STIP");
	csr_write(mip, 0);
	csr_write(menvcfg, ENVCFG_STCE);
	report_equal(csr_read(mip) & BIT(STI), BIT(STI), "with STCE, STIP is time >= stimecmp");
	csr_write(stimecmp, -1ul);
	report_equal(csr_read(mip) & BIT(STI), 0, "a later stimecmp clears it");
	report_equal(run(MODE_M, write_mip_sti, BIT(STI), 0).value & BIT(STI), 0,
		     "and M-mode cannot write it");
	csr_write(mideleg, BIT(STI));
	csr_write(mcounteren, -1ul);
	report_value(run(MODE_S, set_stimecmp, 0, 0), BIT(STI), "S-mode sees it in sip");
	report_value(run(MODE_S, set_stimecmp, -1ul, 0), 0, "and clears it by stimecmp");
	csr_write(mie, BIT(STI));
	at = mtime() + 3000;
	csr_write(stimecmp, at);
	report_trap(run(MODE_U, spin, 0, 0), MODE_S, INTERRUPT | STI, 0, "it interrupts U-mode");
	report(mtime() >= at && mtime() < at + 2000000, "in time");
	at = mtime() + 500000;
	csr_write(stimecmp, at);
	csr_clear(mstatus, MSTATUS_SIE);
	report(run(MODE_S, wait, 0, 0).value >= at, "WFI with SIE 0 waits for it, and goes on");
	csr_write(stimecmp, -1ul);
	csr_write(stimecmp, mtime() + 1000);
	*(volatile u64 *)MTIME = mtime() + 0x100000;
	report_equal(csr_read(mip) & BIT(STI), BIT(STI), "writing mtime can make it due");
	csr_write(menvcfg, 0);
	report_equal(csr_read(mip) & BIT(STI), 0, "clearing STCE takes it back");
	csr_write(mideleg, 0);
	csr_write(mie, 0);
}

void main(void)
{
	machine_timer();
	widths();
	supervisor_timer();
}
