/* SPDX-License-Identifier: MIT */
/*
 * Prints what counters show for a core's own event numbers. test_codes.py in this folder compares
 * this with what the emulator itself reports: "code NUMBER VALUE" for U-mode, and "none NUMBER" for
 * numbers that mhpmevent does not keep.
 */
#include "hpm.h"

#define MINH BIT(62)
#define SINH BIT(61)
#define FLAGS (31ul << 58)
#define OWN BIT(31) /* for Baya's numbers: cpu/counters/pmu_code.h */

/* The loop has loads and stores that miss, and a branch that cannot be predicted. */
PROBE(work, "1: ld a2, 0(a0)\nmul a3, a3, a1\naddi a3, a3, 77\nadd a3, a3, a2\n"
	    "andi a4, a3, 64\nbeqz a4, 2f\nsd a3, 8(a0)\n2: addi a0, a0, 72\naddi a1, a1, -1\n"
	    "bnez a1, 1b");

static u64 words[9 * 2048];

/* A probe ends by an exception in U-mode. */
static const u64 codes[] = {
	1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 35, 42,
	0x100, 0x102, 0x802, 0x1002, 0x10000, 0x20001, OWN | 1, OWN | 2, OWN | 5, OWN | 6,
	OWN | 0x10000, OWN | 0x20001, OWN | 0xffff,
};

static void show(const char *what, u64 code)
{
	print(what);
	print_hex(code);
}

void main(void)
{
	bool kept[COUNT(codes)];

	for (unsigned n = 0; n < COUNT(codes); n++)
		kept[n] = (set_event(3 + n, codes[n] | MINH | SINH) & ~FLAGS) == codes[n];
	run(MODE_U, work, (u64)words, 2000);
	for (unsigned n = 0; n < COUNT(codes); n++) {
		show(kept[n] ? "code " : "none ", codes[n]);
		show(" ", counter_value(3 + n));
		print("\n");
	}
	report_equal(set_event(3, OWN | 0xffff), 0, "a number of no event is not kept");
}
