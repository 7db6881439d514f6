/* SPDX-License-Identifier: MIT */
/*
 * Tests WFI, WRS and PAUSE: what ends the wait, and what they may do in each mode (privileged
 * manual, "Wait for Interrupt"; unprivileged manual, "Zawrs", "Zihintpause").
 */
#include "guest.h"

PROBE(do_wfi, "wfi\nli a0, 1");
PROBE(pause, ".option arch, +zihintpause\npause\nli a0, 1");
PROBE(wrs_sto, ".option arch, +zawrs\nwrs.sto\nli a0, 1");
PROBE(wrs_nto, ".option arch, +zawrs\nwrs.nto\nli a0, 1");
PROBE(reserve_and_wait, ".option arch, +zawrs\nlr.d a1, (a0)\nwrs.sto\nli a0, 1");
PROBE(wfi_epc, "wfi\nnop");

static u64 cell;

static void pending_already(void)
{
	csr_write(mie, BIT(SSI));
	csr_write(mip, BIT(SSI));
	report_value(run(MODE_M, do_wfi, 0, 0), 1,
		     "WFI does not wait when an enabled interrupt is pending, though MIE is 0");
	csr_write(mideleg, BIT(SSI));
	report_value(run(MODE_M, do_wfi, 0, 0), 1, "nor when it is delegated");
	csr_write(mideleg, 0);
	csr_set(mstatus, MSTATUS_TW);
	report_value(run(MODE_M, do_wfi, 0, 0), 1, "TW is not for M-mode");
	csr_clear(mstatus, MSTATUS_TW);
	csr_write(mie, 0);
	csr_write(mip, 0);
}

static void wakes(void)
{
	struct outcome out;
	u64 start = mtime();

	csr_write(mie, BIT(MTI));
	set_mtimecmp(0, start + 100000);
	report_value(run(MODE_M, do_wfi, 0, 0), 1, "WFI wakes with interrupts off, and goes on");
	report(mtime() >= start + 100000, "when the timer is due");
	start = mtime();
	set_mtimecmp(0, start + 100000);
	run_with_interrupts = true;
	out = run(MODE_M, wfi_epc, 0, 0);
	run_with_interrupts = false;
	report(out.trapped && out.cause == (INTERRUPT | MTI) && out.epc == out.start + 4,
	       "with interrupts on the trap's epc is behind WFI");
	set_mtimecmp(0, mtime() + 1000);
	csr_write(mip, BIT(SSI));
	run(MODE_M, do_wfi, 0, 0);
	report_equal(csr_read(mip) & BIT(MTI), BIT(MTI), "what mie does not enable wakes nobody");
	csr_write(mip, 0);
	set_mtimecmp(0, -1ul);
	csr_write(mie, 0);
}

static void short_waits(void)
{
	static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

	for (unsigned n = 0; n < COUNT(modes); n++) {
		report_value(run(modes[n], pause, 0, 0), 1, "PAUSE ends by itself");
		report_value(run(modes[n], wrs_sto, 0, 0), 1, "WRS.STO ends without reservation");
		report_value(run(modes[n], wrs_nto, 0, 0), 1, "WRS.NTO ends without reservation");
		report_value(run(modes[n], reserve_and_wait, (u64)&cell, 0), 1,
			     "WRS.STO ends after a while");
	}
	csr_set(mstatus, MSTATUS_TW);
	report_value(run(MODE_U, wrs_sto, 0, 0), 1, "TW does not touch WRS.STO");
	csr_clear(mstatus, MSTATUS_TW);
}

void main(void)
{
	pending_already();
	wakes();
	short_waits();
}
