/* SPDX-License-Identifier: MIT */
/*
 * Prints what counters show for a timing model's events. test_counted.py compares this with what
 * the emulator itself reports: hpmcounters that count only U- or S-mode, as "counted SELECTOR MODE
 * VALUE"; and, as "overflown SELECTOR ROUNDS VALUE", in which round of a loop with a load an
 * overflow interrupts, and the value of the counter then.
 */
#include "hpm.h"

#define MINH BIT(62)
#define SINH BIT(61)
#define UINH BIT(60)
#define LCOFI 13
#define CAUSES 13
#define CAUSE(n) (0x20200 + (n))
#define CYCLES 1
#define L1D_READ 0x10000
#define L1I_READ 0x10008

/* The loop loads scattered words, and has a branch that cannot be predicted. */
PROBE(work, "1: ld a2, 0(a0)\nmul a3, a3, a1\naddi a3, a3, 77\nadd a3, a3, a2\n"
	    "andi a4, a3, 64\nbeqz a4, 2f\n"
	    "sd a3, 8(a0)\n2: addi a0, a0, 72\ndivu a5, a3, a1\naddi a1, a1, -1\nbnez a1, 1b");
/* This loop counts its rounds until it is interrupted; there are 40000. */
PROBE(count_rounds, "mv a1, a0\nli a0, 0\nli a3, 40000\n1: addi a0, a0, 1\nld a2, 0(a1)\n"
		    "bne a0, a3, 1b");

static u64 words[9 * 2048];

static const u32 of_user[] = {
	0x00001, 0x00002, 0x00003, 0x00004, 0x00005, 0x00006, 0x00008, 0x00009, 0x10000, 0x10001,
	0x10002, 0x10003, 0x10008, 0x10009,
};

static u64 selector(unsigned counter)
{
	return counter - 3 < COUNT(of_user) ? of_user[counter - 3] :
					      CAUSE(counter - 3 - COUNT(of_user));
}

static void show(unsigned counter, const char *mode)
{
	print("counted ");
	print_hex(selector(counter));
	print(mode);
	print_hex(counter_value(counter));
	print("\n");
}

static void count(enum mode mode, u64 filter, const char *name)
{
	const unsigned last = 3 + COUNT(of_user) + CAUSES;

	for (unsigned n = 3; n < last; n++)
		set_event(n, selector(n) | filter);
	run(mode, work, (u64)words, 2000);
	run(MODE_M, work, (u64)words, 100);
	run(mode, work, (u64)words, 500);
	for (unsigned n = 3; n < last; n++)
		show(n, name);
	for (unsigned n = 3; n < last; n++)
		set_event(n, 0);
}

static void overflows(u64 event)
{
	struct outcome out;

	csr_write(mie, BIT(LCOFI));
	csr_write(mhpmevent3, 0);
	csr_write(mhpmcounter3, -20000ul);
	csr_write(mhpmevent3, event);
	run_with_interrupts = true;
	out = run(MODE_M, count_rounds, (u64)words, 0);
	run_with_interrupts = false;
	print("overflown ");
	print_hex(event);
	print(" ");
	print_hex(out.value);
	print(" ");
	print_hex(counter_value(3));
	print("\n");
	if (out.trapped)
		report_equal(out.cause, BIT(63) | LCOFI, "an overflow interrupts");
	csr_write(mie, 0);
	csr_write(mip, 0);
	csr_write(mhpmevent3, 0);
}

void main(void)
{
	count(MODE_U, MINH | SINH, " U ");
	count(MODE_S, MINH | UINH, " S ");
	overflows(CYCLES);
	overflows(L1D_READ);
	overflows(L1I_READ);
}
