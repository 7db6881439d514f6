/* SPDX-License-Identifier: MIT */
/*
 * Tests Zicntr and Zihpm: what is counted, exactly; writes, inhibition, and that cycle, time and
 * instret are the machine's counters (privileged manual, "Hardware Performance Monitor";
 * unprivileged manual, "Zicntr"). Access to them is tested in csr_access.c, and more of what
 * hpmcounters count in tests/facts/counters.facts. QEMU counts instructions only with -icount
 * shift=0; it then agrees, except with "a value written to instret by one instruction will be the
 * value read by the following instruction". It has fewer hpmcounters, which interrupt only with
 * -cpu rv64,sscofpmf=on.
 */
#include "guest.h"

PROBE(count_nops, "csrr a1, minstret\nnop\nnop\nnop\ncsrr a0, minstret\nsub a0, a0, a1");
PROBE(count_nothing, "csrr a1, minstret\ncsrr a0, minstret\nsub a0, a0, a1");
PROBE(count_branches, "csrr a1, minstret\nbeq x0, x0, 1f\nnop\n1: bne x0, x0, 1b\n"
		      "csrr a0, minstret\nsub a0, a0, a1");
PROBE(count_jumps, "csrr a1, minstret\nj 1f\n2: j 3f\n1: j 2b\n3: csrr a0, minstret\n"
		   "sub a0, a0, a1");
PROBE(count_long, "li a2, 1000\ncsrr a1, minstret\n1: addi a2, a2, -1\nbnez a2, 1b\n"
		  "csrr a0, minstret\nsub a0, a0, a1");
PROBE(count_memory, "csrr a1, minstret\nld a2, 0(a0)\nsd a2, 0(a0)\nlr.d a2, (a0)\n"
		    "sc.d a2, a2, (a0)\namoadd.d a2, a2, (a0)\ncsrr a0, minstret\nsub a0, a0, a1");
PROBE(count_user, "csrr a1, instret\nnop\ncsrr a0, instret\nsub a0, a0, a1");
PROBE(write_read, "li a1, 100\ncsrw minstret, a1\ncsrr a0, minstret");
PROBE(write_nop_read, "li a1, 100\ncsrw minstret, a1\nnop\nnop\ncsrr a0, minstret");
PROBE(carry, "li a1, -2\ncsrw minstret, a1\nnop\nnop\nnop\ncsrr a0, minstret");
PROBE(swap_instret, "li a1, 50\ncsrrw x0, minstret, a1\ncsrrs a0, minstret, x0");
PROBE(inhibited, "csrsi mcountinhibit, 4\ncsrr a1, minstret\nnop\nnop\ncsrr a0, minstret\n"
		 "csrci mcountinhibit, 4\nsub a0, a0, a1");
PROBE(write_inhibited, "csrsi mcountinhibit, 4\nli a1, 77\ncsrw minstret, a1\nnop\n"
		       "csrr a0, minstret\ncsrci mcountinhibit, 4");
PROBE(released, "csrsi mcountinhibit, 4\nli a1, 200\ncsrw minstret, a1\n"
		"csrci mcountinhibit, 4\nnop\nnop\ncsrr a0, minstret");
PROBE(cycle_inhibited, "csrsi mcountinhibit, 1\ncsrr a1, mcycle\nnop\nnop\ncsrr a0, mcycle\n"
		       "csrci mcountinhibit, 1\nsub a0, a0, a1");
PROBE(cycles, "csrr a1, mcycle\nnop\nnop\ncsrr a0, mcycle\nsub a0, a0, a1");
PROBE(read_both, "csrr a1, cycle\ncsrr a0, mcycle\nsub a0, a0, a1");
PROBE(read_time, "csrr a0, time");
PROBE(slow_down, "1: addi a0, a0, -1\nbnez a0, 1b");

PROBE(count_hpm, "csrr a1, mhpmcounter3\nnop\nnop\nnop\ncsrr a0, mhpmcounter3\nsub a0, a0, a1");
PROBE(do_wfi, "wfi\nli a0, 1");
/* The counter starts at -a0; the result is the number of rounds before it interrupts. */
PROBE(count_until, "neg a0, a0\ncsrw mhpmcounter3, a0\nli a0, 0\n1: addi a0, a0, 1\nj 1b");

#define LCOFI 13
#define EVENT_CYCLES 1
#define EVENT_INSTRUCTIONS 2

static u64 cell[1];

static void retired(void)
{
	report_value(run(MODE_M, count_nothing, 0, 0), 1, "two reads of minstret are one apart");
	report_value(run(MODE_M, count_nops, 0, 0), 4, "each instruction counts once");
	report_value(run(MODE_M, count_branches, 0, 0), 3, "branches count, taken or not");
	report_value(run(MODE_M, count_jumps, 0, 0), 4, "jumps count");
	report_value(run(MODE_M, count_long, 0, 0), 2001, "a loop counts each round");
	report_value(run(MODE_M, count_memory, (u64)cell, 0), 6, "loads, stores and atomics count");
	csr_write(mcounteren, -1ul);
	csr_write(scounteren, -1ul);
	report_value(run(MODE_U, count_user, 0, 0), 2, "instret counts in U-mode");
}

static void traps(void)
{
	u64 before, after;

	/* The two measurements differ only in the probe. The minstret of both includes the same
	 * code around it. */
	asm volatile("csrr %0, minstret" : "=r"(before));
	run(MODE_U, do_nothing, 0, 0);
	asm volatile("csrr %0, minstret" : "=r"(after));
	before = after - before;
	asm volatile("csrr %0, minstret" : "=r"(after));
	run(MODE_U, make_ecall, 0, 0);
	after = csr_read(minstret) - after;
	/* do_nothing has ret, li a7 (with lui) and ecall; make_ecall has only the trap. */
	report(before > after && before - after < 8,
	       "instructions that trap do not count, those before them do");
}

static void written(void)
{
	report_value(run(MODE_M, write_read, 0, 0), 100,
		     "the next instruction reads what was written to minstret");
	report_value(run(MODE_M, write_nop_read, 0, 0), 102, "and counting goes on from there");
	report_value(run(MODE_M, swap_instret, 0, 0), 50, "also when csrrw writes it");
	report_value(run(MODE_M, carry, 0, 0), 1, "minstret wraps after 64 bits");
	csr_write(mcycle, 0);
	report(csr_read(mcycle) < 10000, "mcycle can be written");
}

static void stopped(void)
{
	report_value(run(MODE_M, inhibited, 0, 0), 0, "mcountinhibit.IR stops minstret");
	report_value(run(MODE_M, count_nops, 0, 0), 4, "which goes on without it");
	report_value(run(MODE_M, write_inhibited, 0, 0), 77, "a stopped minstret can be written");
	report_value(run(MODE_M, released, 0, 0), 202, "and goes on from there");
	report_value(run(MODE_M, cycle_inhibited, 0, 0), 0, "mcountinhibit.CY stops mcycle");
	report(run(MODE_M, cycles, 0, 0).value >= 3, "which goes on without it");
	csr_write(mcountinhibit, -1ul);
	report_equal(csr_read(mcountinhibit) & COUNTER_TM, 0, "time cannot be stopped");
	{
		u64 first = mtime();

		run(MODE_M, slow_down, 10000, 0);
		report(mtime() > first, "mtime runs while everything is inhibited");
	}
	csr_write(mcountinhibit, 0);
}

static void shadows(void)
{
	struct outcome out = run(MODE_M, read_both, 0, 0);
	u64 before = mtime(), time = run(MODE_U, read_time, 0, 0).value;

	report(!out.trapped && out.value >= 1 && out.value < 100000, "cycle is mcycle");
	report(before <= time && time <= mtime(), "time is mtime, also in U-mode");
	csr_write(mcycle, 0);
	run(MODE_M, slow_down, 1000, 0);
	report(csr_read(mcycle) >= 1000, "an instruction takes a cycle at least");
	before = mtime();
	run(MODE_M, slow_down, 100000, 0);
	report(mtime() > before, "mtime runs");
}

static void others(void)
{
	csr_write(mhpmevent3, EVENT_INSTRUCTIONS);
	report_value(run(MODE_M, count_hpm, 0, 0), 4, "an hpmcounter counts instructions");
	csr_write(mhpmevent3, EVENT_CYCLES);
	report_value(run(MODE_M, count_hpm, 0, 0), 4, "and cycles");
	csr_write(mhpmevent3, 0);
	report_value(run(MODE_M, count_hpm, 0, 0), 0, "and no event");
}

/* A round has 2 instructions, and one more instruction precedes the loop. */
static void interrupts(u64 event, const char *text)
{
	struct outcome out;

	csr_write(mie, BIT(LCOFI));
	csr_write(mhpmcounter3, 0);
	csr_write(mhpmevent3, event);
	run_with_interrupts = true;
	out = run(MODE_M, count_until, 1000001, 0);
	run_with_interrupts = false;
	report(out.trapped && out.cause == (INTERRUPT | LCOFI) && out.value == 500000, text);
	report_equal(csr_read(mip) & BIT(LCOFI), BIT(LCOFI), "it is pending");
	csr_write(mip, 0);
}

/* Tests that cycles are counted while the hart waits. */
static void wakes(void)
{
	struct outcome out;
	u64 after;

	csr_write(mhpmevent3, EVENT_CYCLES);
	csr_write(mhpmcounter3, -100000ul);
	out = run(MODE_M, do_wfi, 0, 0);
	after = csr_read(mhpmcounter3);
	report_value(out, 1, "an overflow of cycles ends WFI");
	report(after < 100, "when it happens");
	csr_write(mie, 0);
	csr_write(mip, 0);
	csr_write(mhpmevent3, 0);
}

void main(void)
{
	retired();
	traps();
	written();
	stopped();
	shadows();
	others();
	interrupts(EVENT_INSTRUCTIONS, "an overflow of instructions interrupts where it happens");
	interrupts(EVENT_CYCLES, "an overflow of cycles interrupts where it happens");
	wakes();
}
