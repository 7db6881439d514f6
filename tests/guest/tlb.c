/* SPDX-License-Identifier: MIT */
/*
 * Tests which changes must be seen after SFENCE.VMA in each of its forms and after SINVAL.VMA, and
 * which must be seen without a fence: changes of mode, of satp.MODE from and to Bare, of SUM, MXR
 * and MPRV (privileged manual, "Supervisor Memory-Management Fence Instruction", "satp"). QEMU 10.0
 * lets U-mode execute sfence.w.inval and sfence.inval.ir, and agrees otherwise.
 */
#include "paging.h"

static u8 pages[4][PAGE] __attribute__((aligned(4096)));
static u64 *entry;

#define VA TEST_VA

static void point(unsigned page, u64 flags)
{
	*entry = (u64)pages[page] >> 2 | flags;
}

/* Accesses the page in S- and U-mode, so that everything that can be cached is. */
static void use(void)
{
	run(MODE_S, load_double, VA, 0);
	run(MODE_S, store_double, VA + 8, 1);
}

PROBE(fence_all, "sfence.vma");
PROBE(fence_page, "sfence.vma a0");
PROBE(fence_asid, "sfence.vma x0, a1");
PROBE(fence_both, "sfence.vma a0, a1");
PROBE(invalidate, ".option arch, +svinval\nsfence.w.inval\nsinval.vma a0, a1\nsfence.inval.ir");
PROBE(invalidate_all, ".option arch, +svinval\nsfence.w.inval\nsinval.vma x0, x0\nsfence.inval.ir");
PROBE(sinval_only, ".option arch, +svinval\nsinval.vma a0, a1");
PROBE(inval_begin, ".option arch, +svinval\nsfence.w.inval");
PROBE(inval_end, ".option arch, +svinval\nsfence.inval.ir");

static void forms(void)
{
	static const struct {
		probe *fence;
		const char *text;
	} list[] = {
		{ fence_all, "sfence.vma x0, x0 shows a new entry" },
		{ fence_page, "sfence.vma va, x0 shows a new entry" },
		{ fence_asid, "sfence.vma x0, asid shows a new entry" },
		{ fence_both, "sfence.vma va, asid shows a new entry" },
		{ invalidate, "sinval.vma va, asid between its fences shows a new entry" },
		{ invalidate_all, "sinval.vma x0, x0 between its fences shows a new entry" },
	};

	csr_write(satp, paging_satp(7));
	for (unsigned n = 0; n < COUNT(list); n++) {
		point(0, PTE_RW);
		sfence();
		use();
		point(1 + n % 3, PTE_RW);
		run(MODE_S, list[n].fence, VA + 0xabc, 7);
		report_value(run(MODE_S, load_double, VA, 0), 1 + n % 3, list[n].text);
		*(u64 *)(pages[1 + n % 3] + 16) = 0;
		run(MODE_S, store_double, VA + 16, 77);
		report_equal(*(u64 *)(pages[1 + n % 3] + 16), 77, "to stores as well");
		point(0, 0);
		run(MODE_S, list[n].fence, VA, 7);
		report_trap(run(MODE_S, load_double, VA, 0), MODE_M, LOAD_PAGE, VA,
			    "and that there is none any more");
	}
	csr_write(satp, paging_satp(0));
	sfence();
}

static void rights_of_invalidation(void)
{
	report_trap(run(MODE_U, sinval_only, 0, 0), MODE_M, ILLEGAL, 0x16b50073,
		    "sinval.vma in U-mode is illegal");
	report_trap(run(MODE_U, inval_begin, 0, 0), MODE_M, ILLEGAL, 0x18000073,
		    "sfence.w.inval in U-mode is illegal");
	report_trap(run(MODE_U, inval_end, 0, 0), MODE_M, ILLEGAL, 0x18100073,
		    "sfence.inval.ir in U-mode is illegal");
	csr_set(mstatus, MSTATUS_TVM);
	report_trap(run(MODE_S, sinval_only, 0, 0), MODE_M, ILLEGAL, 0x16b50073,
		    "TVM makes sinval.vma illegal in S-mode");
	report_runs(run(MODE_S, inval_begin, 0, 0), "TVM leaves sfence.w.inval alone");
	report_runs(run(MODE_S, inval_end, 0, 0), "TVM leaves sfence.inval.ir alone");
	csr_clear(mstatus, MSTATUS_TVM);
}

/* Tests that a fence of one address in a superpage drops all parts of it from the TLB. */
static void superpage(void)
{
	u64 va = TEST_VA << 1, base = (u64)pages & ~0x1ffffful, offset = (u64)pages - base;
	u64 *big = paging_entry(va, 1);

	*big = base >> 2 | PTE_RW;
	sfence();
	for (unsigned n = 0; n < 4; n++)
		report_value(run(MODE_S, load_double, va + offset + n * PAGE, 0), n,
			     "a superpage's pages are there");
	*big = 0;
	run(MODE_S, fence_page, va, 0);
	for (unsigned n = 0; n < 4; n++)
		report_trap(run(MODE_S, load_double, va + offset + n * PAGE, 0), MODE_M, LOAD_PAGE,
			    va + offset + n * PAGE,
			    "a fence of any of its addresses forgets them all");
}

static void napot(void)
{
	u64 va = TEST_VA + 0x200000, base = ((u64)pages & ~0xfffful) >> 2 | 8 << 10;
	u64 first = (u64)pages & 0xffff;

	for (unsigned n = 0; n < 16; n++)
		*paging_entry(va + n * PAGE, 0) = base | PTE_RW | PTE_N;
	sfence();
	report_value(run(MODE_S, load_double, va + first, 0), 0, "a NAPOT page is there");
	for (unsigned n = 0; n < 16; n++)
		*paging_entry(va + n * PAGE, 0) = 0;
	run(MODE_S, fence_page, va + ((first + 2 * PAGE) & 0xffff), 0);
	report_trap(run(MODE_S, load_double, va + first, 0), MODE_M, LOAD_PAGE, va + first,
		    "a fence of another of its addresses forgets it");
}

static void address_spaces(void)
{
	u64 first = paging_satp(1), second;
	u64 *old_root = (u64 *)((first & 0xffffffffffful) << 12), *root = paging_table();
	u64 *middle = paging_table(), *last = paging_table();

	point(1, PTE_RW);
	sfence();
	memcpy(root, old_root, PAGE);
	root[VA >> 30] = (u64)middle >> 2 | PTE_V;
	middle[0] = (u64)last >> 2 | PTE_V;
	last[0] = (u64)pages[2] >> 2 | PTE_RW;
	second = SV39 << SATP_MODE_SHIFT | 2ul << SATP_ASID_SHIFT | (u64)root >> 12;
	csr_write(satp, first);
	sfence();
	report_value(run(MODE_S, load_double, VA, 0), 1, "one address space");
	csr_write(satp, second);
	report_value(run(MODE_S, load_double, VA, 0), 2, "another ASID, without a fence");
	csr_write(satp, first);
	report_value(run(MODE_S, load_double, VA, 0), 1, "and back");
	last[0] = (u64)pages[3] >> 2 | PTE_RW;
	run(MODE_S, fence_asid, 0, 2);
	csr_write(satp, second);
	report_value(run(MODE_S, load_double, VA, 0), 3,
		     "a fence of an ASID that is not the current one");
	csr_write(satp, paging_satp(0));
	sfence();
}

/* Tests Bare mode, in which an address is physical; in S-mode's tables, another page has the
 * address that pages[3] has in RAM. */
static void bare(void)
{
	u64 va = (u64)pages[3], *leaf;
	u64 here = paging_satp(0);

	/* The 1 GiB leaf of the identity mapping is replaced by tables, in which one page
	 * differs. */
	for (u64 at = 0; at < 512; at++)
		if (at != (va >> 21 & 511))
			*paging_entry(0x180000000ul + (at << 21), 1) =
				(DRAM_BASE + (at << 21)) >> 2 | PTE_RWX;
	for (u64 at = 0; at < 512; at++)
		*paging_entry(0x180000000ul + ((va >> 21 & 511) << 21) + (at << 12), 0) =
			(DRAM_BASE + ((va >> 21 & 511) << 21) + (at << 12)) >> 2 | PTE_RWX;
	leaf = paging_entry(0x180000000ul + (va - DRAM_BASE), 0);
	*leaf = (u64)pages[0] >> 2 | PTE_RWX;
	*paging_entry(DRAM_BASE, 2) = *paging_entry(0x180000000ul, 2);
	sfence();
	for (unsigned n = 0; n < 3; n++) {
		csr_write(satp, 0);
		report_value(run(MODE_S, load_double, va, 0), 3, "Bare, without a fence");
		csr_write(satp, here);
		report_value(run(MODE_S, load_double, va, 0), 0, "Sv39, without a fence");
	}
	run(MODE_M, store_double, va + 24, 5);
	report_equal(*(u64 *)(pages[3] + 24), 5, "M-mode is never translated");
}

/* Tests that a change of mode needs no fence: U-mode does not get S-mode's rights, nor the
 * reverse. */
static void modes(void)
{
	point(1, PTE_RW);
	sfence();
	use();
	report_trap(run(MODE_U, load_double, VA, 0), MODE_M, LOAD_PAGE, VA,
		    "what S-mode has used is not open to U-mode");
	point(1, PTE_RW | PTE_U);
	sfence();
	run(MODE_U, load_double, VA, 0);
	report_trap(run(MODE_S, load_double, VA, 0), MODE_M, LOAD_PAGE, VA,
		    "what U-mode has used is not open to S-mode");
	csr_set(mstatus, MSTATUS_SUM);
	report_value(run(MODE_S, load_double, VA, 0), 1, "setting SUM opens it at once");
	csr_clear(mstatus, MSTATUS_SUM);
	report_trap(run(MODE_S, load_double, VA, 0), MODE_M, LOAD_PAGE, VA,
		    "clearing it closes it at once");
	point(1, PTE_V | PTE_X | PTE_A);
	sfence();
	csr_set(mstatus, MSTATUS_MXR);
	report_value(run(MODE_S, load_double, VA, 0), 1, "setting MXR opens an executable page");
	csr_clear(mstatus, MSTATUS_MXR);
	report_trap(run(MODE_S, load_double, VA, 0), MODE_M, LOAD_PAGE, VA,
		    "clearing it closes it");
}

/* After the load with MPRV the next instruction is fetched from the page itself, as before. */
PROBE(load_under_mprv, "csrs mstatus, a1\nld a0, 0(a0)\ncsrc mstatus, a1");
probe load_own_page;
extern u64 own_data;
asm(".pushsection .text.own, \"ax\"\n.balign 64\n.globl load_own_page\nload_own_page:\n"
    "csrs mstatus, a1\nlla a2, own_data\nld a0, 0(a2)\ncsrc mstatus, a1\nret\n"
    ".balign 8\n.globl own_data\nown_data: .dword 0\n.popsection");

static void modify_privilege(void)
{
	u64 page = (u64)load_own_page & ~(PAGE - 1);

	point(2, PTE_RW);
	sfence();
	csr_set(mstatus, MSTATUS_SUM);
	csr_clear(mstatus, MSTATUS_MPP);
	{
		struct outcome out = run(MODE_M, load_under_mprv, VA, MSTATUS_MPRV | MSTATUS_MPP_S);

		report_value(out, 2, "MPRV: M-mode loads as the S-mode of MPP, translated");
	}
	csr_clear(mstatus, MSTATUS_SUM | MSTATUS_MPP);
	report(run(MODE_M, load_under_mprv, VA, MSTATUS_MPRV).cause == LOAD_PAGE,
	       "MPRV: as U-mode when MPP says so");
	/* The page that is being executed is mapped to something else for S-mode. */
	*paging_entry(0x180000000ul + (page - DRAM_BASE), 0) = (u64)pages[2] >> 2 | PTE_RWX;
	memcpy(pages[2], (void *)page, PAGE);
	*(u64 *)(pages[2] + ((u64)&own_data & (PAGE - 1))) = 0x1122334455667788;
	sfence();
	report_value(run(MODE_M, load_own_page, 0, MSTATUS_MPRV | MSTATUS_MPP_S),
		     0x1122334455667788,
		     "MPRV: a load from the page being executed is translated, the fetch is not");
	*(u64 *)(pages[2]) = 2;
	*paging_entry(0x180000000ul + (page - DRAM_BASE), 0) = page >> 2 | PTE_RWX;
	sfence();
}

void main(void)
{
	for (unsigned n = 0; n < COUNT(pages); n++)
		*(u64 *)pages[n] = n;
	paging_start(SV39);
	entry = paging_entry(VA, 0);
	forms();
	rights_of_invalidation();
	superpage();
	napot();
	address_spaces();
	modes();
	bare();
	modify_privilege();
	paging_stop();
}
