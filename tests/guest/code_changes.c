/* SPDX-License-Identifier: MIT */
/*
 * Tests self-modifying code: each way of storing to code that has run is seen after FENCE.I, in
 * both halves of an instruction that crosses a page boundary, through other mappings, by the code
 * that does the store, and by a loop that changes itself. QEMU 10.0 agrees.
 */
#include "paging.h"

static u8 area[4 * PAGE] __attribute__((aligned(4096)));
#define LI_A0(n) (0x00000513u | (u32)(n) << 20)
#define RET 0x00008067u
#define C_RET 0x8082
#define OFTEN 200 /* runs after which there is native code */

/* Each probe stores the code word in a1 to the address in a0, executes FENCE.I, and jumps there. */
PROBE(by_sw, "sw a1, 0(a0)\nfence.i\njr a0");
PROBE(by_sh, "sh a1, 0(a0)\nsrliw a1, a1, 16\nsh a1, 2(a0)\nfence.i\njr a0");
PROBE(by_sb, "sb a1, 0(a0)\nsrliw a1, a1, 8\nsb a1, 1(a0)\nsrliw a1, a1, 8\nsb a1, 2(a0)\n"
	     "srliw a1, a1, 8\nsb a1, 3(a0)\nfence.i\njr a0");
PROBE(by_amo, "amoswap.w a2, a1, (a0)\nfence.i\njr a0");
PROBE(by_sc, "lr.w a2, (a0)\nsc.w a2, a1, (a0)\nfence.i\njr a0");
PROBE(by_fsw, ".option arch, +f\nfmv.w.x f0, a1\nfsw f0, 0(a0)\nfence.i\njr a0");
PROBE(by_sd, "slli a1, a1, 32\nsrli a1, a1, 32\nli a2, 0x8067\nslli a2, a2, 32\n"
	     "or a1, a1, a2\nsd a1, 0(a0)\nfence.i\njr a0");
/* The word is stored as one doubleword together with the word before it, which is in another
 * page. */
PROBE(by_split, "lwu a2, -4(a0)\nslli a1, a1, 32\nor a1, a1, a2\nsd a1, -4(a0)\nfence.i\njr a0");
PROBE(by_zero, "cbo.zero (a0)\nfence.i\njr a0");

/* This loop counts down in a1, and halfway changes its own addi from 1 to 2. */
PROBE(changes_itself, ".option norvc\nli a0, 0\nli a1, 10\n"
		      "lla a3, 2f\nlla a4, 3f\nlw a4, 0(a4)\n"
		      "1: li a5, 5\nbne a1, a5, 2f\nsw a4, 0(a3)\nfence.i\n"
		      "2: addi a0, a0, 1\naddi a1, a1, -1\nbnez a1, 1b\nj 4f\n"
		      "3: addi a0, a0, 2\n4:");
/* This code changes the instruction that follows the store in the same block. */
PROBE(changes_next, ".option norvc\nlla a3, 1f\nlw a4, 2f\nsw a4, 0(a3)\nfence.i\n"
		    "1: li a0, 1\nj 3f\n2: li a0, 2\n3:");

static void ways(void)
{
	static const struct {
		probe *change;
		const char *text;
	} list[] = {
		{ by_sw, "sw changes code" }, { by_sh, "sh changes code" },
		{ by_sb, "sb changes code" }, { by_amo, "an AMO changes code" },
		{ by_sc, "SC changes code" }, { by_fsw, "fsw changes code" },
		{ by_sd, "sd changes code" }, { by_split, "a store across pages changes code" },
	};
	u32 *code = (u32 *)(area + PAGE);

	csr_set(mstatus, MSTATUS_FS_INITIAL);
	for (unsigned n = 0; n < COUNT(list); n++) {
		put_code(code, (const u32[]){ LI_A0(1), RET }, 2);
		report_value(run(MODE_M, (probe *)code, 0, 0), 1, "code runs");
		report_value(run(MODE_M, list[n].change, (u64)code, LI_A0(n + 2)), n + 2,
			     list[n].text);
		report_value(run(MODE_S, (probe *)code, 0, 0), n + 2, "for each mode");
	}
	{
		struct outcome out = run(MODE_M, by_zero, (u64)code, 0);

		report(out.trapped && out.cause == ILLEGAL && out.epc == (u64)code,
		       "cbo.zero changes code");
	}
	csr_clear(mstatus, MSTATUS_FS);
}

/* Tests an instruction that crosses a page boundary. Its halves change in turn, many times, and it
 * runs in between. */
static void straddling(void)
{
	u16 *low = (u16 *)(area + PAGE - 2), *high = low + 1;
	unsigned wrong = 0;

	high[1] = C_RET;
	for (unsigned n = 0; n < 32; n++) {
		u32 code = LI_A0(n);

		*low = (u16)code;
		asm volatile("fence.i" ::: "memory");
		run(MODE_M, (probe *)low, 0, 0);
		*high = (u16)(code >> 16);
		asm volatile("fence.i" ::: "memory");
		wrong += run(MODE_M, (probe *)low, 0, 0).value != n;
		/* The code is now c.li a0, n; c.nop; c.jr ra: the low half alone is another
		 * instruction. */
		*low = (u16)(0x4501 | n << 2);
		*high = 1;
		asm volatile("fence.i" ::: "memory");
		wrong += run(MODE_M, (probe *)low, 0, 0).value != n;
	}
	report_equal(wrong, 0, "both halves of an instruction across pages can be changed");
}

/* The addresses of the two halves are translated separately, and each may fault. */
static void straddling_faults(void)
{
	u64 va = TEST_VA + PAGE - 2;
	struct outcome out;

	memcpy(area + PAGE - 2, (const u16[]){ (u16)LI_A0(7) }, 2);
	memcpy(area + 2 * PAGE, (const u16[]){ LI_A0(7) >> 16, C_RET }, 4);
	asm volatile("fence.i" ::: "memory");
	paging_start(SV39);
	paging_map(TEST_VA, 0, (u64)area, PTE_RWX);
	*paging_entry(TEST_VA + PAGE, 0) = 0;
	sfence();
	out = run(MODE_S, jump_to, va, 0);
	report(out.trapped && out.cause == FETCH_PAGE && out.epc == va &&
		       out.tval == TEST_VA + PAGE,
	       "its second half missing: epc is the instruction, tval the second page");
	paging_map(TEST_VA + PAGE, 0, (u64)area + 2 * PAGE, PTE_RWX);
	for (unsigned n = 0; n < OFTEN; n++)
		run(MODE_S, jump_to, va, 0);
	report_value(run(MODE_S, jump_to, va, 0), 7, "halves that are apart in memory");
	*paging_entry(TEST_VA + PAGE, 0) = 0;
	sfence();
	out = run(MODE_S, jump_to, va, 0);
	report(out.trapped && out.cause == FETCH_PAGE && out.epc == va &&
		       out.tval == TEST_VA + PAGE,
	       "its second half missing after it ran often");
	paging_map(TEST_VA + PAGE, 0, (u64)area + 2 * PAGE, PTE_RWX);
	*paging_entry(TEST_VA, 0) = 0;
	sfence();
	out = run(MODE_S, jump_to, va, 0);
	report(out.trapped && out.cause == FETCH_PAGE && out.epc == va && out.tval == va,
	       "its first half missing: tval is the instruction");
	paging_map(TEST_VA, 0, (u64)area, PTE_RWX);
	/* The second page becomes another one now; the first stays as it was. */
	memcpy(area + 3 * PAGE, (const u16[]){ LI_A0(9) >> 16, C_RET }, 4);
	run(MODE_S, jump_to, va, 0);
	paging_map(TEST_VA + PAGE, 0, (u64)area + 3 * PAGE, PTE_RWX);
	report_value(run(MODE_S, jump_to, va, 0), 9, "a remapped second page is seen");
	paging_stop();
}

static void aliases(void)
{
	u32 *code = (u32 *)area;

	put_code(code, (const u32[]){ LI_A0(1), RET }, 2);
	paging_start(SV39);
	paging_map(TEST_VA, 0, (u64)area, PTE_RWX);
	paging_map(TEST_VA + PAGE, 0, (u64)area, PTE_RW);
	report_value(run(MODE_S, jump_to, TEST_VA, 0), 1, "code runs at another address");
	run(MODE_S, store_word, TEST_VA + PAGE, LI_A0(5));
	asm volatile("fence.i" ::: "memory");
	report_value(run(MODE_S, jump_to, TEST_VA, 0), 5, "a store through an alias changes it");
	run(MODE_M, store_word, (u64)area, LI_A0(6));
	asm volatile("fence.i" ::: "memory");
	report_value(run(MODE_S, jump_to, TEST_VA, 0), 6, "so does an untranslated one");
	/* The virtual address is the same, but the memory is not. */
	put_code(area + PAGE, (const u32[]){ LI_A0(8), RET }, 2);
	paging_map(TEST_VA, 0, (u64)area + PAGE, PTE_RWX);
	report_value(run(MODE_S, jump_to, TEST_VA, 0), 8, "a remapped page is other code");
	paging_map(TEST_VA, 0, (u64)area, PTE_RWX);
	report_value(run(MODE_S, jump_to, TEST_VA, 0), 6, "and back");
	paging_stop();
}

/* Blocks in two pages are linked by a direct jump: remapping the second page must cut the link. */
static void links(void)
{
	/* The jump is jal x0, +4096. */
	const u32 jump = 0x0000106f;

	paging_start(SV39);
	put_code(area, &jump, 1);
	put_code(area + PAGE, (const u32[]){ LI_A0(3), RET }, 2);
	put_code(area + 2 * PAGE, (const u32[]){ LI_A0(4), RET }, 2);
	paging_map(TEST_VA, 0, (u64)area, PTE_RWX);
	paging_map(TEST_VA + PAGE, 0, (u64)area + PAGE, PTE_RWX);
	for (unsigned n = 0; n < 8; n++)
		run(MODE_S, jump_to, TEST_VA, 0);
	report_value(run(MODE_S, jump_to, TEST_VA, 0), 3, "a jump to another page");
	paging_map(TEST_VA + PAGE, 0, (u64)area + 2 * PAGE, PTE_RWX);
	report_value(run(MODE_S, jump_to, TEST_VA, 0), 4, "which is remapped");
	*paging_entry(TEST_VA + PAGE, 0) = 0;
	sfence();
	{
		struct outcome out = run(MODE_S, jump_to, TEST_VA, 0);

		report(out.trapped && out.cause == FETCH_PAGE && out.epc == TEST_VA + PAGE,
		       "and then gone");
	}
	paging_map(TEST_VA + PAGE, 0, (u64)area + PAGE, PTE_RWX | PTE_U);
	{
		struct outcome out = run(MODE_S, jump_to, TEST_VA, 0);

		report(out.trapped && out.cause == FETCH_PAGE, "or another mode's");
	}
	paging_stop();
}

void main(void)
{
	ways();
	straddling();
	straddling_faults();
	aliases();
	links();
	report_value(run(MODE_M, changes_itself, 0, 0), 15, "a loop that changes itself");
	report_value(run(MODE_M, changes_next, 0, 0), 2, "a change of the next instruction");
}
