/* SPDX-License-Identifier: MIT */
/*
 * Tests exceptions: cause, tval, epc, and the privilege stack in mstatus and sstatus; delegation;
 * returns; and which privileged instructions trap where (privileged manual, "Machine Cause",
 * "Machine Trap Value", "Privilege and Global Interrupt-Enable Stack", "Virtualization Support").
 */
#include "guest.h"

#define NOWHERE 0x60000ul /* no device or memory */

PROBE(illegal_zero, ".half 0");
PROBE(illegal_word, ".word 0xffffffff");
PROBE(illegal_custom, ".option norvc\n.word 0x0000000b");
PROBE(do_mret, "mret");
PROBE(do_sret, "sret");
PROBE(do_wfi, "wfi");
PROBE(do_sfence, "sfence.vma");
PROBE(compressed_ebreak, "c.ebreak");
PROBE(jump_odd, "jalr zero, 1(a0)");
PROBE(sret_to_u, "la a1, 1f\ncsrw sepc, a1\nli a1, 0x100\ncsrc sstatus, a1\n"
		 "li a1, 0x20\ncsrs sstatus, a1\nsret\n.balign 4\n1: csrr a0, sscratch");
PROBE(read_sstatus, "csrr a0, sstatus");

static const enum mode modes[] = { MODE_M, MODE_S, MODE_U };

static void causes(void)
{
	static const char *const texts[3][6] = {
		{ "M: zero is illegal, tval 0", "M: all ones is illegal, tval is the instruction",
		  "M: ebreak, tval is its address", "M: c.ebreak as ebreak",
		  "M: ecall is cause 11, tval 0", "M: fetch from nowhere" },
		{ "S: zero is illegal, tval 0", "S: all ones is illegal, tval is the instruction",
		  "S: ebreak, tval is its address", "S: c.ebreak as ebreak",
		  "S: ecall is cause 9, tval 0", "S: fetch from nowhere" },
		{ "U: zero is illegal, tval 0", "U: all ones is illegal, tval is the instruction",
		  "U: ebreak, tval is its address", "U: c.ebreak as ebreak",
		  "U: ecall is cause 8, tval 0", "U: fetch from nowhere" },
	};
	for (unsigned n = 0; n < COUNT(modes); n++) {
		enum mode mode = modes[n];
		struct outcome out;

		report_trap(run(mode, illegal_zero, 0, 0), MODE_M, ILLEGAL, 0, texts[n][0]);
		report_trap(run(mode, illegal_word, 0, 0), MODE_M, ILLEGAL, 0xffffffff,
			    texts[n][1]);
		/* QEMU 7.2 reports a tval of 0. */
		report_trap(run(mode, make_ebreak, 0, 0), MODE_M, BREAKPOINT, (u64)make_ebreak,
			    texts[n][2]);
		report_trap(run(mode, compressed_ebreak, 0, 0), MODE_M, BREAKPOINT,
			    (u64)compressed_ebreak, texts[n][3]);
		report_trap(run(mode, make_ecall, 0, 0), MODE_M, ECALL_U + mode, 0, texts[n][4]);
		out = run(mode, jump_to, NOWHERE, 0);
		report(out.trapped && out.cause == FETCH_ACCESS && out.tval == NOWHERE &&
			       out.epc == NOWHERE,
		       texts[n][5]);
	}
}

static void accesses(void)
{
	report_trap(run(MODE_M, load_byte, NOWHERE, 0), MODE_M, LOAD_ACCESS, NOWHERE,
		    "a byte loaded from nowhere is an access fault");
	report_trap(run(MODE_S, load_double, NOWHERE + 8, 0), MODE_M, LOAD_ACCESS, NOWHERE + 8,
		    "a doubleword too, tval is the address");
	report_trap(run(MODE_U, store_word, NOWHERE + 4, 0), MODE_M, STORE_ACCESS, NOWHERE + 4,
		    "and a word stored there");
	report_trap(run(MODE_M, load_double, -8ul, 0), MODE_M, LOAD_ACCESS, -8ul,
		    "nothing is at the top of the address space");
	report_runs(run(MODE_M, jump_odd, (u64)do_nothing, 0), "jalr clears bit 0 of its target");
	report_trap(run(MODE_M, illegal_custom, 0, 0), MODE_M, ILLEGAL, 0x0b,
		    "custom opcodes are illegal");
}

static void status_stack(void)
{
	struct outcome out;

	out = run(MODE_U, make_ebreak, 0, 0);
	report_equal(out.status >> 11 & 3, MODE_U, "MPP is U after a trap from U-mode");
	out = run(MODE_S, make_ebreak, 0, 0);
	report_equal(out.status >> 11 & 3, MODE_S, "MPP is S after a trap from S-mode");
	out = run(MODE_M, make_ebreak, 0, 0);
	report_equal(out.status >> 11 & 3, MODE_M, "MPP is M after a trap from M-mode");
	report_equal(out.status & (MSTATUS_MIE | MSTATUS_MPIE), 0, "MPIE keeps a clear MIE");
	run_with_interrupts = true;
	out = run(MODE_M, make_ebreak, 0, 0);
	report_equal(out.status & (MSTATUS_MIE | MSTATUS_MPIE), MSTATUS_MPIE,
		     "MPIE keeps a set MIE, and MIE is clear");
	run_with_interrupts = false;
	csr_set(mstatus, MSTATUS_MPRV);
	csr_set(mstatus, MSTATUS_MPP);
	out = run(MODE_U, make_ebreak, 0, 0);
	report_equal(out.status & MSTATUS_MPRV, 0, "mret to a lower mode clears MPRV");
}

static void delegated(void)
{
	struct outcome out;

	csr_write(medeleg, BIT(BREAKPOINT) | BIT(ILLEGAL) | BIT(ECALL_U) | BIT(LOAD_ACCESS));
	report_trap(run(MODE_U, make_ebreak, 0, 0), MODE_S, BREAKPOINT, (u64)make_ebreak,
		    "a delegated exception of U-mode goes to S-mode");
	report_trap(run(MODE_S, illegal_word, 0, 0), MODE_S, ILLEGAL, 0xffffffff,
		    "one of S-mode too");
	report_trap(run(MODE_M, make_ebreak, 0, 0), MODE_M, BREAKPOINT, (u64)make_ebreak,
		    "one of M-mode never");
	report_trap(run(MODE_U, make_ecall, 0, 0), MODE_S, ECALL_U, 0,
		    "ECALL from U-mode can go to S-mode");
	report_trap(run(MODE_S, make_ecall, 0, 0), MODE_M, ECALL_S, 0,
		    "ECALL from S-mode is another cause");
	report_trap(run(MODE_U, load_double, NOWHERE, 0), MODE_S, LOAD_ACCESS, NOWHERE,
		    "stval is the address");
	report_trap(run(MODE_U, store_double, NOWHERE, 0), MODE_M, STORE_ACCESS, NOWHERE,
		    "what is not delegated stays M-mode's");
	out = run(MODE_U, make_ebreak, 0, 0);
	report_equal(out.status & MSTATUS_SPP, 0, "SPP is 0 after a trap from U-mode");
	csr_set(mstatus, MSTATUS_SIE);
	out = run(MODE_S, make_ebreak, 0, 0);
	report_equal(out.status & (MSTATUS_SPP | MSTATUS_SPIE | MSTATUS_SIE),
		     MSTATUS_SPP | MSTATUS_SPIE, "SPP is 1 after one from S-mode, SPIE was SIE");
	csr_clear(mstatus, MSTATUS_SIE);
	out = run(MODE_S, make_ebreak, 0, 0);
	report_equal(out.status & (MSTATUS_SPIE | MSTATUS_SIE), 0, "and a clear SIE is kept");
	csr_write(medeleg, 0);
}

static void returns(void)
{
	struct outcome out = run(MODE_M, read_sstatus, 0, 0);

	csr_write(sscratch, 7);
	out = run(MODE_S, sret_to_u, 0, 0);
	report(out.trapped && out.cause == ILLEGAL && (out.status >> 11 & 3) == MODE_U,
	       "sret with SPP 0 goes to U-mode, where sscratch is not allowed");
	report_equal(csr_read(mstatus) & (MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP),
		     MSTATUS_SIE | MSTATUS_SPIE, "sret moves SPIE to SIE, sets SPIE, clears SPP");
	csr_clear(mstatus, MSTATUS_SIE);
	csr_write(sepc, (u64)do_nothing);
	csr_set(mstatus, MSTATUS_SPP);
	report_trap(run(MODE_U, do_sret, 0, 0), MODE_M, ILLEGAL, 0x10200073,
		    "sret in U-mode is illegal");
	report_trap(run(MODE_U, do_mret, 0, 0), MODE_M, ILLEGAL, 0x30200073,
		    "mret in U-mode is illegal");
	report_trap(run(MODE_S, do_mret, 0, 0), MODE_M, ILLEGAL, 0x30200073,
		    "mret in S-mode is illegal");
	csr_set(mstatus, MSTATUS_TSR);
	report_trap(run(MODE_S, do_sret, 0, 0), MODE_M, ILLEGAL, 0x10200073,
		    "TSR makes sret illegal in S-mode");
	csr_clear(mstatus, MSTATUS_TSR);
	report_runs(run(MODE_S, do_sret, 0, 0), "without TSR it is legal");
}

static void virtualization_bits(void)
{
	report_trap(run(MODE_U, do_sfence, 0, 0), MODE_M, ILLEGAL, 0x12000073,
		    "sfence.vma in U-mode is illegal");
	csr_set(mstatus, MSTATUS_TVM);
	report_trap(run(MODE_S, do_sfence, 0, 0), MODE_M, ILLEGAL, 0x12000073,
		    "TVM makes it illegal in S-mode");
	report_runs(run(MODE_M, do_sfence, 0, 0), "but not in M-mode");
	csr_clear(mstatus, MSTATUS_TVM);
	report_runs(run(MODE_S, do_sfence, 0, 0), "without TVM it is legal");
	/* QEMU 7.2 executes it. */
	report_trap(run(MODE_U, do_wfi, 0, 0), MODE_M, ILLEGAL, 0x10500073,
		    "wfi in U-mode is illegal, as there is an S-mode");
	csr_set(mstatus, MSTATUS_TW);
	report_trap(run(MODE_S, do_wfi, 0, 0), MODE_M, ILLEGAL, 0x10500073,
		    "TW makes wfi illegal in S-mode");
	csr_clear(mstatus, MSTATUS_TW);
}

void main(void)
{
	causes();
	accesses();
	status_stack();
	delegated();
	returns();
	virtualization_bits();
}
