/* SPDX-License-Identifier: MIT */
/*
 * Tests interrupts: which one is taken first, by which mode, what masks it, and the vectors
 * (privileged manual, "Machine Interrupt Registers", "Machine Trap-Vector Base-Address Register").
 * QEMU without AIA takes the pending interrupt with the lowest number, and not in the manual's
 * order.
 */
#include "guest.h"

#define ALL_S (BIT(SSI) | BIT(STI) | BIT(SEI))
#define NOWHERE 0x60000ul
#define ALL_M (BIT(MSI) | BIT(MTI) | BIT(MEI))

PROBE(spin, "1: j 1b");
PROBE(wait_a_bit, "li a1, 50\n1: addi a1, a1, -1\nbnez a1, 1b");
PROBE(set_ssip, "csrsi sip, 2\nnop");
PROBE(read_sip, "csrr a0, sip");

/* These are the vector tables; a0 says which entry of S-mode's table was used. */
asm(".pushsection .text.vectors, \"ax\"\n.option push\n.option norvc\n"
    ".balign 256\n.globl m_vectors\nm_vectors:\n"
    ".rept 12\n j m_vectored\n.endr\n"
    "m_vectored:\n j m_trap\n"
    ".balign 256\n.globl s_vectors\ns_vectors:\n"
    ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9\n j s_vector_\\n\n.endr\n"
    ".irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9\n"
    "s_vector_\\n:\n li a0, \\n\n j s_trap\n.endr\n"
    ".option pop\n.popsection");
extern u8 m_vectors[], s_vectors[], s_trap[], m_trap[];

static void pend_all(void)
{
	csr_write(mip, ALL_S);
	mmio_write32(MSIP(0), 1);
	set_mtimecmp(0, 0);
}

static void pend_none(void)
{
	csr_write(mip, 0);
	mmio_write32(MSIP(0), 0);
	set_mtimecmp(0, -1ul);
}

static void pins(void)
{
	pend_none();
	report_equal(csr_read(mip) & 0xbbb, 0, "nothing is pending");
	mmio_write32(MSIP(0), 1);
	report_equal(csr_read(mip) & 0xbbb, BIT(MSI), "msip raises MSIP");
	mmio_write32(MSIP(0), 0);
	report_equal(csr_read(mip) & 0xbbb, 0, "and takes it back");
	set_mtimecmp(0, mtime());
	report_equal(csr_read(mip) & 0xbbb, BIT(MTI), "mtime >= mtimecmp raises MTIP");
	set_mtimecmp(0, -1ul);
	report_equal(csr_read(mip) & 0xbbb, 0, "a later mtimecmp takes it back");
	csr_write(mip, BIT(MSI) | BIT(MTI) | BIT(MEI));
	report_equal(csr_read(mip) & 0xbbb, 0, "writing mip does not raise the pins' bits");
}

static void taken(enum mode mode, enum mode to, u64 number, const char *text)
{
	report_trap(run(mode, spin, 0, 0), to, INTERRUPT | number, 0, text);
}

static void order(void)
{
	static const u8 wanted[] = { MSI, MTI, SEI, SSI, STI };
	static const char *const texts[] = {
		"MSI comes first of all but MEI", "then MTI", "then SEI", "then SSI", "then STI",
	};
	u64 enabled = ALL_M | ALL_S;

	pend_all();
	for (unsigned n = 0; n < COUNT(wanted); n++) {
		csr_write(mie, enabled);
		taken(MODE_U, MODE_M, wanted[n], texts[n]);
		enabled &= ~BIT(wanted[n]);
	}
	csr_write(mie, ALL_M | ALL_S);
	csr_write(mideleg, ALL_S);
	taken(MODE_U, MODE_M, MSI, "M-mode's come before delegated ones");
	csr_write(mie, ALL_S);
	taken(MODE_U, MODE_S, SEI, "of the delegated SEI is first");
	csr_write(mie, BIT(SSI) | BIT(STI));
	taken(MODE_U, MODE_S, SSI, "then SSI");
	csr_write(mie, BIT(STI));
	taken(MODE_U, MODE_S, STI, "then STI");
	csr_write(mie, ALL_S);
	csr_write(mideleg, BIT(SEI));
	taken(MODE_U, MODE_M, SSI, "what goes to M-mode comes before what goes to S-mode");
	csr_write(mideleg, 0);
	csr_write(mie, 0);
	pend_none();
}

static void masks(void)
{
	struct outcome out;

	csr_write(mie, BIT(SSI));
	csr_write(mip, BIT(SSI));
	report_runs(run(MODE_M, wait_a_bit, 0, 0), "M-mode with MIE 0 is not interrupted");
	run_with_interrupts = true;
	taken(MODE_M, MODE_M, SSI, "with MIE 1 it is");
	run_with_interrupts = false;
	taken(MODE_S, MODE_M, SSI, "S-mode is interrupted by M's whatever MIE is");
	csr_write(mideleg, BIT(SSI));
	run_with_interrupts = true;
	report_runs(run(MODE_M, wait_a_bit, 0, 0), "M-mode never by a delegated one");
	run_with_interrupts = false;
	csr_clear(mstatus, MSTATUS_SIE);
	report_runs(run(MODE_S, wait_a_bit, 0, 0), "S-mode with SIE 0 not by a delegated one");
	csr_set(mstatus, MSTATUS_SIE);
	taken(MODE_S, MODE_S, SSI, "with SIE 1 it is");
	csr_clear(mstatus, MSTATUS_SIE);
	taken(MODE_U, MODE_S, SSI, "U-mode is, whatever SIE is");
	csr_write(mie, 0);
	report_runs(run(MODE_U, wait_a_bit, 0, 0), "mie masks it everywhere");
	csr_write(mip, 0);
	csr_write(mie, BIT(SSI));
	csr_set(mstatus, MSTATUS_SIE);
	out = run(MODE_S, set_ssip, 0, 0);
	report(out.trapped && out.to == MODE_S && out.cause == (INTERRUPT | SSI) &&
		       out.epc == out.start + 4,
	       "an interrupt that software raises comes before the next instruction");
	csr_clear(mstatus, MSTATUS_SIE);
	csr_write(mideleg, 0);
	out = run(MODE_U, (probe *)NOWHERE, 0, 0);
	report(out.trapped && out.cause == (INTERRUPT | SSI) && out.epc == NOWHERE,
	       "a pending interrupt comes before a fetch that would fault");
	csr_write(mideleg, BIT(SSI));
	csr_write(mip, ALL_S);
	report_value(run(MODE_S, read_sip, 0, 0), BIT(SSI), "sip shows delegated bits only");
	pend_none();
	csr_write(mie, 0);
	csr_write(mideleg, 0);
}

static void vectors(void)
{
	struct outcome out;

	csr_write(mtvec, (u64)m_vectors | 1);
	csr_write(stvec, (u64)s_vectors | 1);
	report_trap(run(MODE_U, make_ebreak, 0, 0), MODE_M, BREAKPOINT, (u64)make_ebreak,
		    "exceptions go to the base of a vectored mtvec");
	csr_write(mideleg, ALL_S);
	csr_write(mie, ALL_S);
	for (unsigned n = SSI; n <= SEI; n += 4) {
		csr_write(mip, BIT(n));
		out = run(MODE_U, spin, 99, 0);
		report(out.trapped && out.to == MODE_S && out.cause == (INTERRUPT | n) &&
			       out.value == n,
		       "interrupts go to stvec's base + 4 * cause");
	}
	csr_write(mip, 0);
	csr_write(medeleg, BIT(BREAKPOINT));
	out = run(MODE_U, make_ebreak, 99, 0);
	report(out.trapped && out.to == MODE_S && out.value == 0,
	       "exceptions to the base of a vectored stvec");
	csr_write(medeleg, 0);
	csr_write(mideleg, 0);
	csr_write(mie, BIT(MSI));
	mmio_write32(MSIP(0), 1);
	taken(MODE_U, MODE_M, MSI, "MSI goes through a vectored mtvec");
	mmio_write32(MSIP(0), 0);
	csr_write(mie, 0);
	csr_write(mtvec, (u64)m_trap);
	csr_write(stvec, (u64)s_trap);
}

/* Tests SEIP, which is the OR of the written bit and the PLIC's; CSRRS and CSRRC modify the written
 * bit. */
static void external_pending(void)
{
	u64 old;

	csr_write(mip, BIT(SEI));
	asm volatile("csrrc %0, mip, %1" : "=r"(old) : "r"(BIT(SEI)));
	report_equal(old & BIT(SEI), BIT(SEI), "csrrc of mip reads SEIP");
	report_equal(csr_read(mip) & BIT(SEI), 0, "and clears what software set");
	asm volatile("csrrs %0, mip, %1" : "=r"(old) : "r"(BIT(SEI)));
	report_equal(old & BIT(SEI), 0, "csrrs of mip reads the old SEIP");
	report_equal(csr_read(mip) & BIT(SEI), BIT(SEI), "and sets it");
	csr_write(mip, 0);
}

void main(void)
{
	pins();
	order();
	masks();
	vectors();
	external_pending();
}
