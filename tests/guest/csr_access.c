/* SPDX-License-Identifier: MIT */
/*
 * Tests which CSR may be accessed how and from which mode: first every number, every CSR
 * instruction and every mode, against the rule of "CSR Address Mapping Conventions" and the list of
 * CSRs that are present; then the CSRs that other CSRs hide. QEMU has more CSRs (H, debug, 64 PMP
 * entries), which the sweeps find; QEMU 7.2 also lets csrrs and csrrc write read-only CSRs if the
 * operand register holds zero.
 *
 * PART: only one in PART of all pairs of a number and an instruction is tested.
 */
#include "guest.h"

/* menvcfg.SSE hides it from the modes below M. */
#define SSP 0x011

struct range {
	u16 first, last;
};

/* The floating-point CSRs are not in this list, because mstatus.FS hides them at first. */
static const struct range present[] = {
	{ SSP, SSP },
	{ 0xc00, 0xc1f }, { 0x100, 0x100 }, { 0x104, 0x106 }, { 0x10a, 0x10a }, { 0x140, 0x144 },
	{ 0x14d, 0x14d }, { 0x180, 0x180 }, { 0xf11, 0xf15 }, { 0x300, 0x306 }, { 0x30a, 0x30a },
	{ 0x320, 0x33f }, { 0xda0, 0xda0 }, { 0x340, 0x344 }, { 0x3a0, 0x3a0 }, { 0x3a2, 0x3a2 },
	{ 0x3b0, 0x3bf }, { 0x747, 0x747 }, { 0xb00, 0xb00 }, { 0xb02, 0xb1f },
	/* These are CSRs for state enables, indirect access and the AIA without an IMSIC; no
	 * indirect register is selected. */
	{ 0x10c, 0x10f }, { 0x150, 0x150 }, { 0xdb0, 0xdb0 }, { 0x308, 0x309 }, { 0x30c, 0x30f },
	{ 0x350, 0x350 }, { 0xfb0, 0xfb0 }, { 0x250, 0x250 }, { 0xeb0, 0xeb0 }, { 0x608, 0x609 },
	{ 0x60c, 0x60f }, { 0x646, 0x647 },
	/* These are CSRs of H. */
	{ 0x34a, 0x34b }, { 0x200, 0x200 }, { 0x204, 0x205 }, { 0x240, 0x244 }, { 0x24d, 0x24d },
	{ 0x280, 0x280 }, { 0x600, 0x600 }, { 0x602, 0x607 }, { 0x60a, 0x60a }, { 0x643, 0x645 },
	{ 0x64a, 0x64a }, { 0x680, 0x680 }, { 0xe12, 0xe12 },
	/* These are CSRs of triggers. */
	{ 0x7a0, 0x7a5 }, { 0x7a8, 0x7a8 }, { 0x5a8, 0x5a8 }, { 0x6a8, 0x6a8 },
};

static bool is_present[4096]; /* by number */

static void find_present(void)
{
	for (unsigned n = 0; n < COUNT(present); n++)
		for (unsigned number = present[n].first; number <= present[n].last; number++)
			is_present[number] = true;
}

/* Encodes csrr* rd, number, rs1. */
static u32 encode(u16 number, unsigned funct3, unsigned rd, unsigned rs1)
{
	return (u32)number << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | 0x73;
}

PROBE(patched, ".option norvc\n.globl patched_at\npatched_at: nop");
extern u32 patched_at;

static struct outcome execute(enum mode mode, u32 instruction, u64 a0)
{
	put_code(&patched_at, &instruction, 1);
	return run(mode, patched, a0, 0);
}

/* Returns whether a CSR that is present may be accessed. If source and target are x0, only csrrw
 * and csrrwi write. */
static bool legal(enum mode mode, u16 number, bool writes)
{
	unsigned needed = number >> 8 & 3u;

	/* ssp is hidden below M-mode; CSRs of the hypervisor (2) can be accessed from S-mode. */
	if (number == SSP && mode != MODE_M)
		return false;
	if ((unsigned)mode < (needed == 2 ? 1 : needed))
		return false;
	if (writes && number >> 10 == 3)
		return false;
	return true;
}

static void sweep(enum mode mode, const char *text)
{
	static const u8 kinds[] = { 1, 2, 3, 5, 6, 7 };
	u64 wrong = 0, where = 0;

	for (u16 number = 0; number < 4096; number++) {
		for (unsigned n = 0; n < COUNT(kinds); n++) {
			bool writes = (kinds[n] & 3) == 1;
			u32 instruction = encode(number, kinds[n], 0, 0);
			bool good;
			struct outcome out;

			/* A part of a sweep has each number and each instruction, but not all
			 * pairs. */
			if ((number + n + (unsigned)mode) % PART)
				continue;
			/* Writing zero to these changes how the test itself runs. */
			if (writes && (number == 0x305 || number == 0x340 || number == 0x3a2 ||
				       number == 0x105 || (number >= 0x3b0 && number <= 0x3bf)))
				continue;
			out = execute(mode, instruction, 0);
			good = is_present[number] && legal(mode, number, writes) ?
				       !out.trapped :
				       out.trapped && out.cause == ILLEGAL &&
					       out.tval == instruction && out.to == MODE_M;
			if (!good && !wrong++)
				where = instruction;
		}
	}
	report(wrong == 0, text);
	if (wrong) {
		print("     first wrong: ");
		print_hex(where);
		print(", of ");
		print_hex(wrong);
		print("\n");
	}
}

#define READ(number) encode(number, 2, 10, 0)

static void check(enum mode mode, u32 instruction, bool good, const char *text)
{
	struct outcome out = execute(mode, instruction, 0);

	if (good)
		report_runs(out, text);
	else
		report_trap(out, MODE_M, ILLEGAL, instruction, text);
}

static void every_number(void)
{
	find_present();
	sweep(MODE_M, "M-mode: each number behaves as the mapping says");
	/* The sweep has cleared the bits that permit access to counters and stimecmp. */
	csr_write(mcounteren, -1ul);
	csr_write(scounteren, -1ul);
	csr_write(menvcfg, ENVCFG_STCE);
	for (u16 number = 0x30c; number <= 0x30f; number++)
		execute(MODE_M, encode(number, 1, 0, 10), -1ul);
	sweep(MODE_S, "S-mode: each number behaves as the mapping says");
	csr_write(scounteren, -1ul);
	csr_write(stimecmp, -1ul);
	sweep(MODE_U, "U-mode: each number behaves as the mapping says");
}

static void counters(void)
{
	static const char *const texts[][3] = {
		{ "cycle: hidden from S by mcounteren", "time: hidden from S by mcounteren",
		  "instret: hidden from S by mcounteren" },
		{ "cycle: mcounteren opens it to S", "time: mcounteren opens it to S",
		  "instret: mcounteren opens it to S" },
		{ "cycle: scounteren hides it from U", "time: scounteren hides it from U",
		  "instret: scounteren hides it from U" },
		{ "cycle: mcounteren hides it from U", "time: mcounteren hides it from U",
		  "instret: mcounteren hides it from U" },
		{ "cycle: both open it to U", "time: both open it to U",
		  "instret: both open it to U" },
		{ "cycle: M reads it always", "time: M reads it always",
		  "instret: M reads it always" },
	};
	for (u16 n = 0; n < 3; n++) {
		csr_write(mcounteren, ~BIT(n));
		csr_write(scounteren, -1ul);
		check(MODE_S, READ(0xc00 + n), false, texts[0][n]);
		check(MODE_U, READ(0xc00 + n), false, texts[3][n]);
		check(MODE_M, READ(0xc00 + n), true, texts[5][n]);
		csr_write(mcounteren, BIT(n));
		csr_write(scounteren, 0);
		check(MODE_S, READ(0xc00 + n), true, texts[1][n]);
		check(MODE_U, READ(0xc00 + n), false, texts[2][n]);
		csr_write(scounteren, BIT(n));
		check(MODE_U, READ(0xc00 + n), true, texts[4][n]);
	}
}

static void hidden(void)
{
	csr_write(mcounteren, -1ul);
	csr_write(menvcfg, 0);
	check(MODE_S, READ(0x14d), false, "stimecmp: hidden from S without menvcfg.STCE");
	csr_write(menvcfg, ENVCFG_STCE);
	check(MODE_S, READ(0x14d), true, "stimecmp: S has it with STCE and mcounteren.TM");
	csr_write(mcounteren, ~COUNTER_TM);
	check(MODE_S, READ(0x14d), false, "stimecmp: hidden from S without mcounteren.TM");
	csr_write(menvcfg, 0);
	check(MODE_M, READ(0x14d), true, "stimecmp: M has it always");
	csr_set(mstatus, MSTATUS_TVM);
	check(MODE_S, READ(0x180), false, "satp: mstatus.TVM hides it from S");
	check(MODE_M, READ(0x180), true, "satp: not from M");
	csr_clear(mstatus, MSTATUS_TVM);
	check(MODE_S, READ(0x180), true, "satp: S has it without TVM");
	csr_clear(mstatus, MSTATUS_FS);
	for (u16 number = 1; number <= 3; number++)
		check(MODE_M, READ(number), false, "fflags, frm, fcsr: hidden while FS is Off");
	csr_set(mstatus, MSTATUS_FS_INITIAL);
	for (u16 number = 1; number <= 3; number++)
		check(MODE_U, READ(number), true, "fflags, frm, fcsr: U has them while FS is on");
	csr_clear(mstatus, MSTATUS_FS);
}

/* Tests which instructions write (unprivileged manual, "CSR Instructions"). */
static void reads_and_writes(void)
{
	check(MODE_M, encode(0xf14, 2, 10, 0), true, "csrrs with x0 does not write");
	check(MODE_M, encode(0xf14, 2, 10, 10), false,
	      "csrrs with a register writes, even if it holds zero");
	check(MODE_M, encode(0xf14, 3, 10, 10), false, "so does csrrc");
	check(MODE_M, encode(0xf14, 6, 10, 0), true, "csrrsi of 0 does not write");
	check(MODE_M, encode(0xf14, 7, 10, 1), false, "csrrci of 1 writes");
	check(MODE_M, encode(0xf14, 5, 10, 0), false, "csrrwi of 0 writes");
	csr_write(sscratch, 5);
	report_value(execute(MODE_S, encode(0x140, 1, 10, 10), 9), 5,
		     "csrrw with one register for both swaps");
	report_equal(csr_read(sscratch), 9, "sscratch has the new value");
	execute(MODE_S, encode(0x140, 6, 0, 6), 0);
	report_equal(csr_read(sscratch), 15, "csrrsi sets bits");
	execute(MODE_S, encode(0x140, 3, 0, 10), 10);
	report_equal(csr_read(sscratch), 5, "csrrc clears bits");
}

void main(void)
{
	every_number();
	counters();
	hidden();
	reads_and_writes();
}
