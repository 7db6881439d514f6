/* SPDX-License-Identifier: MIT */
/*
 * Tests the ACLINT's SSWI (RISC-V ACLINT specification, "Supervisor-level Software Interrupt
 * Device"): a write sets SSIP like an edge, also from S-mode, and wakes a hart from WFI. MSWI and
 * MTIMER are tested as parts of the CLINT. It needs -M virt,aclint=on and 2 to 64 harts. QEMU 7.2
 * agrees, except for writes for a hart that does not exist.
 */
#include "context.h"
#include "guest.h"

#define SETSSIP(hart) (SSWI_BASE + 4 * (hart))
#define ROUNDS 50

PROBE(send, "sw a1, (a0)\n1: j 1b");
PROBE(clear_sip, "csrci sip, 2\ncsrr a0, sip");

static volatile u64 received[HARTS_MAX];
static u64 harts;

static u64 pending(void)
{
	asm volatile("fence" ::: "memory");
	return csr_read(mip) & BIT(SSI);
}

static void registers(void)
{
	csr_write(mip, 0);
	report_equal(mmio_read32(SETSSIP(0)), 0, "SETSSIP reads as 0");
	mmio_write32(SETSSIP(0), 0);
	report_equal(pending(), 0, "a 0 sends nothing");
	mmio_write32(SETSSIP(0), -2u);
	report_equal(pending(), 0, "only the lowest bit counts");
	mmio_write32(SETSSIP(0), -1u);
	report_equal(pending(), BIT(SSI), "a 1 sets SSIP");
	report_equal(mmio_read32(SETSSIP(0)), 0, "and SETSSIP reads as 0 still");
	mmio_write32(SETSSIP(0), 0);
	report_equal(pending(), BIT(SSI), "which a 0 does not take back");
	csr_clear(mip, BIT(SSI));
	report_equal(pending(), 0, "software clears it, and it stays so");
	mmio_write32(SETSSIP(0), 1);
	report_equal(pending(), BIT(SSI), "until the next edge");
	csr_write(mip, 0);
	mmio_write32(SETSSIP(4094), 1);
	report_equal(mmio_read32(SETSSIP(4094)), 0, "a hart that is not there takes nothing");
	report_equal(pending(), 0, "nor does another in its place");
}

static void interrupted(struct outcome out, enum mode to, const char *text)
{
	report(out.trapped && out.to == to && out.cause == (INTERRUPT | SSI), text);
}

static void modes(void)
{
	csr_write(mie, BIT(SSI));
	interrupted(run(MODE_U, send, SETSSIP(0), 1), MODE_M, "undelegated it goes to M-mode");
	csr_write(mip, 0);
	csr_write(mideleg, BIT(SSI));
	csr_set(mstatus, MSTATUS_SIE);
	interrupted(run(MODE_S, send, SETSSIP(0), 1), MODE_S,
		    "S-mode interrupts itself without M-mode");
	csr_clear(mstatus, MSTATUS_SIE);
	report_value(run(MODE_S, clear_sip, 0, 0), 0, "and clears it in sip");
	csr_write(mip, 0);
	csr_write(mie, 0);
	csr_write(mideleg, 0);
}

static void take(u64 hart)
{
	while (!pending())
		asm volatile("wfi");
	csr_clear(mip, BIT(SSI));
	received[hart]++;
}

/* Passes the interrupt on to the next hart, in a ring that hart 0 begins. */
void secondary(u64 hart)
{
	csr_write(mie, BIT(SSI));
	if (hart == 1) {
		mmio_write32(MSIP(0), 1);
		take(hart);
		mmio_write32(MSIP(0), 0);
	}
	for (;;) {
		take(hart);
		mmio_write32(SETSSIP((hart + 1) % harts), 1);
	}
}

static void ring(void)
{
	u64 all = 0;

	csr_write(mie, BIT(SSI));
	for (u64 n = 0; n < ROUNDS; n++) {
		mmio_write32(SETSSIP(1), 1);
		take(0);
	}
	csr_write(mie, 0);
	for (u64 hart = 0; hart < harts; hart++)
		all += received[hart];
	report_equal(all, harts * ROUNDS + 1, "each hart interrupts the next");
}

void main(void)
{
	u64 at = mtime() + 1000;

	harts = count_harts();
	wait_for_harts(harts);
	registers();
	modes();
	set_mtimecmp(0, at);
	while (!(csr_read(mip) & BIT(MTI)))
		;
	report(mtime() >= at, "MTIMER is where the CLINT's is");
	set_mtimecmp(0, -1ul);
	while (!mmio_read32(MSIP(0)))
		;
	report(csr_read(mip) & BIT(MSI), "and MSWI");
	mmio_write32(SETSSIP(1), 1);
	while (mmio_read32(MSIP(0)))
		;
	ring();
}
