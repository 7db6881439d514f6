/* SPDX-License-Identifier: MIT */
/*
 * Tests Sv39, Sv48 and Sv57: each step of "Virtual Address Translation Process" of the privileged
 * manual, with Svade, Svadu, Svpbmt and Svnapot. QEMU 10.0 agrees with all of it; 7.2 ignores the
 * reserved bits 54 to 60, has no Svade, and reports a table outside memory as a page fault.
 */
#include "paging.h"

#define NO_MEMORY 0x60000ul

static u8 page[2 * PAGE] __attribute__((aligned(4096)));
static u8 napot[16 * PAGE] __attribute__((aligned(65536)));

PROBE(fetch_there, "jr a0");
static const u32 return_code[] = { 0x00008067 };

/* The entry under test, which is that of TEST_VA. One access must fault, or must not fault. */
static u64 *entry;

static void set(u64 flags)
{
	*entry = (u64)page >> 2 | flags;
	sfence();
}

static void faults(enum mode mode, probe *fn, u64 cause, const char *text)
{
	report_trap(run(mode, fn, TEST_VA, 0), MODE_M, cause, TEST_VA, text);
}

static void fetch_faults(enum mode mode, u64 cause, const char *text)
{
	struct outcome out = run(mode, fetch_there, TEST_VA, 0);

	report(out.trapped && out.cause == cause && out.tval == TEST_VA && out.epc == TEST_VA,
	       text);
}

static void works(enum mode mode, probe *fn, const char *text)
{
	report_runs(run(mode, fn, TEST_VA, 0x1234), text);
}

static void rights(void)
{
	put_code(page, return_code, 1);
	set(PTE_V | PTE_R | PTE_A | PTE_D);
	works(MODE_S, load_double, "R: may be read");
	faults(MODE_S, store_double, STORE_PAGE, "R: may not be written");
	fetch_faults(MODE_S, FETCH_PAGE, "R: may not be executed");
	set(PTE_V | PTE_X | PTE_A | PTE_D);
	works(MODE_S, fetch_there, "X: may be executed");
	faults(MODE_S, load_byte, LOAD_PAGE, "X: may not be read");
	csr_set(mstatus, MSTATUS_MXR);
	works(MODE_S, load_byte, "X: may be read with MXR");
	faults(MODE_S, store_byte, STORE_PAGE, "X: not written with MXR");
	csr_clear(mstatus, MSTATUS_MXR);
	set(PTE_RW);
	works(MODE_S, store_byte, "RW: may be written");
	set(PTE_RW | PTE_U);
	faults(MODE_S, load_half, LOAD_PAGE, "U: not for S-mode");
	faults(MODE_S, store_half, STORE_PAGE, "U: not for S-mode's stores");
	csr_set(mstatus, MSTATUS_SUM);
	works(MODE_S, load_half, "U: for S-mode with SUM");
	works(MODE_S, store_half, "U: for its stores too");
	put_code(page, return_code, 1);
	set(PTE_RWX | PTE_U);
	fetch_faults(MODE_S, FETCH_PAGE, "U: never executed in S-mode, not even with SUM");
	csr_clear(mstatus, MSTATUS_SUM);
	works(MODE_U, load_word, "U: U-mode reads");
	works(MODE_U, fetch_there, "U: U-mode executes");
	works(MODE_U, store_word, "U: U-mode writes");
	set(PTE_RWX);
	faults(MODE_U, load_word, LOAD_PAGE, "without U: U-mode does not read");
	faults(MODE_U, store_word, STORE_PAGE, "without U: U-mode does not write");
	fetch_faults(MODE_U, FETCH_PAGE, "without U: U-mode does not execute");
}

static void malformed(void)
{
	set(0);
	faults(MODE_S, load_byte, LOAD_PAGE, "V=0 is a fault");
	set(PTE_RWX & ~PTE_V);
	faults(MODE_S, load_byte, LOAD_PAGE, "V=0 is a fault whatever else is set");
	set(PTE_V | PTE_W | PTE_A | PTE_D);
	faults(MODE_S, store_byte, STORE_PAGE, "W without R is reserved");
	set(PTE_V | PTE_W | PTE_X | PTE_A | PTE_D);
	fetch_faults(MODE_S, FETCH_PAGE, "W and X without R is reserved");
	for (unsigned bit = 54; bit < 61; bit++) {
		set(PTE_RW | BIT(bit));
		faults(MODE_S, load_byte, LOAD_PAGE, "reserved bits 54 to 60 fault");
	}
	set(PTE_V);
	faults(MODE_S, load_byte, LOAD_PAGE, "a pointer at the last level is a fault");
	set(PTE_RW | 3ul << 8);
	works(MODE_S, load_byte, "the software bits 8 and 9 do not matter");
	set(PTE_RW | PTE_G);
	works(MODE_S, load_byte, "nor does G");
}

static void pointers(void)
{
	u64 *above = paging_entry(TEST_VA, 1), good = *above;

	set(PTE_RW);
	*above = good | PTE_A;
	sfence();
	faults(MODE_S, load_byte, LOAD_PAGE, "A is reserved in a pointer");
	*above = good | PTE_D;
	sfence();
	faults(MODE_S, load_byte, LOAD_PAGE, "D is reserved in a pointer");
	*above = good | PTE_U;
	sfence();
	faults(MODE_S, load_byte, LOAD_PAGE, "U is reserved in a pointer");
	*above = good | PTE_N;
	sfence();
	faults(MODE_S, load_byte, LOAD_PAGE, "N is reserved in a pointer");
	*above = good | PTE_G | 3ul << 8;
	sfence();
	works(MODE_S, load_byte, "G and the software bits may be set in a pointer");
	*above = NO_MEMORY >> 2 | PTE_V;
	sfence();
	faults(MODE_S, load_byte, LOAD_ACCESS, "a table that is not in memory: access fault");
	faults(MODE_S, store_byte, STORE_ACCESS, "of a store: store access fault");
	fetch_faults(MODE_S, FETCH_ACCESS, "of a fetch: instruction access fault");
	*above = good;
	*entry = NO_MEMORY >> 2 | PTE_RWX;
	sfence();
	faults(MODE_S, load_byte, LOAD_ACCESS, "a page that is not memory: access fault");
}

static void superpages(void)
{
	/* The entry is a leaf at each higher level; the part of RAM that the leaf maps begins where
	 * RAM does. */
	for (unsigned level = 1; level < paging_levels(); level++) {
		u64 va = 1ul << (12 + 9 * level) | TEST_VA << 1, size = PAGE << (9 * level);
		u64 pa = DRAM_BASE & ~(size - 1), at;

		va &= ~(size - 1);
		at = va + ((u64)page - pa);
		if (pa > (u64)page || (u64)page - pa >= size)
			continue;
		*(u64 *)page = 0x5eed + level;
		paging_map(va, level, pa, PTE_RW);
		report_value(run(MODE_S, load_double, at, 0), 0x5eed + level,
			     "a leaf at a higher level maps all of its superpage");
		*paging_entry(va, level) = (pa >> 2 | PTE_RW) + (1 << 10);
		sfence();
		report_trap(run(MODE_S, load_double, at, 0), MODE_M, LOAD_PAGE, at,
			    "a misaligned superpage is a fault");
		*paging_entry(va, level) = 0;
		sfence();
	}
}

static void accessed_and_dirty(void)
{
	u64 bare = PTE_RWX & ~(PTE_A | PTE_D);

	put_code(page, return_code, 1);
	csr_write(menvcfg, 0);
	set(bare);
	faults(MODE_S, load_byte, LOAD_PAGE, "Svade: a load with A clear faults");
	fetch_faults(MODE_S, FETCH_PAGE, "Svade: so does a fetch");
	faults(MODE_S, store_byte, STORE_PAGE, "Svade: so does a store");
	set(bare | PTE_A);
	faults(MODE_S, store_byte, STORE_PAGE, "Svade: a store with D clear faults");
	works(MODE_S, load_byte, "Svade: a load with D clear does not");
	faults(MODE_S, store_byte, STORE_PAGE, "Svade: a store after the load still does");
	report_equal(*entry & (PTE_A | PTE_D), PTE_A, "Svade: the entry is never written");
	csr_write(menvcfg, ENVCFG_ADUE);
	set(bare);
	works(MODE_S, load_byte, "Svadu: a load with A clear works");
	report_equal(*entry, (u64)page >> 2 | bare | PTE_A, "Svadu: and sets A, not D");
	works(MODE_S, store_byte, "Svadu: a store after it works");
	report_equal(*entry, (u64)page >> 2 | bare | PTE_A | PTE_D, "Svadu: and sets D");
	put_code(page, return_code, 1);
	set(bare);
	works(MODE_S, fetch_there, "Svadu: a fetch with A clear works");
	report_equal(*entry, (u64)page >> 2 | bare | PTE_A, "Svadu: and sets A");
	set(bare);
	works(MODE_S, store_byte, "Svadu: a store with both clear works");
	report_equal(*entry, (u64)page >> 2 | bare | PTE_A | PTE_D, "Svadu: and sets both");
	set(bare & ~PTE_W);
	faults(MODE_S, store_byte, STORE_PAGE, "Svadu: a store without W faults");
	report_equal(*entry, (u64)page >> 2 | (bare & ~PTE_W), "Svadu: and sets nothing");
	csr_write(menvcfg, 0);
}

static void memory_types(void)
{
	csr_write(menvcfg, 0);
	sfence();
	set(PTE_RW | 1ul << PTE_PBMT_SHIFT);
	faults(MODE_S, load_byte, LOAD_PAGE, "Svpbmt: PBMT is reserved without menvcfg.PBMTE");
	csr_write(menvcfg, ENVCFG_PBMTE);
	sfence();
	works(MODE_S, load_byte, "Svpbmt: NC with it");
	set(PTE_RW | 2ul << PTE_PBMT_SHIFT);
	works(MODE_S, store_byte, "Svpbmt: IO with it");
	set(PTE_RW | 3ul << PTE_PBMT_SHIFT);
	faults(MODE_S, store_byte, STORE_PAGE, "Svpbmt: 3 is reserved");
	set(PTE_RW);
	*paging_entry(TEST_VA, 1) |= 1ul << PTE_PBMT_SHIFT;
	sfence();
	faults(MODE_S, load_byte, LOAD_PAGE, "Svpbmt: reserved in a pointer");
	*paging_entry(TEST_VA, 1) &= ~(1ul << PTE_PBMT_SHIFT);
	csr_write(menvcfg, 0);
	sfence();
}

static void napot_pages(void)
{
	u64 va = TEST_VA + 0x100000, base = (u64)napot >> 2;
	u64 code = 8ul << 10;

	for (unsigned n = 0; n < 16; n++) {
		*(u64 *)(napot + n * PAGE) = n;
		*paging_entry(va + n * PAGE, 0) = base | code | PTE_RW | PTE_N;
	}
	sfence();
	for (unsigned n = 0; n < 16; n++)
		report_value(run(MODE_S, load_double, va + n * PAGE, 0), n,
			     "Svnapot: 16 pages of 64 KiB, each at its place");
	for (unsigned low = 0; low < 16; low++) {
		if (low == 8)
			continue;
		*paging_entry(va, 0) = base | (u64)low << 10 | PTE_RW | PTE_N;
		sfence();
		report_trap(run(MODE_S, load_double, va, 0), MODE_M, LOAD_PAGE, va,
			    "Svnapot: other sizes are reserved");
	}
	*paging_entry(va, 0) = 0;
	*paging_entry(TEST_VA << 1, 1) = DRAM_BASE >> 2 | PTE_RW | PTE_N;
	sfence();
	report_trap(run(MODE_S, load_double, TEST_VA << 1, 0), MODE_M, LOAD_PAGE, TEST_VA << 1,
		    "Svnapot: N is reserved in superpages");
	*paging_entry(TEST_VA << 1, 1) = 0;
	sfence();
}

static void canonical(void)
{
	unsigned width = 12 + 9 * paging_levels();
	u64 bad = 1ul << (width - 1), good = -bad, wide = 1ul << 63;

	report_trap(run(MODE_S, load_byte, bad, 0), MODE_M, LOAD_PAGE, bad,
		    "an address that is not sign-extended is a page fault");
	report_trap(run(MODE_S, store_byte, bad + DRAM_BASE, 0), MODE_M, STORE_PAGE,
		    bad + DRAM_BASE, "of a store: a store page fault");
	report_trap(run(MODE_S, load_byte, wide | DRAM_BASE, 0), MODE_M, LOAD_PAGE,
		    wide | DRAM_BASE, "bit 63 is not ignored");
	*(u64 *)page = 42;
	paging_map(good, 0, (u64)page, PTE_RW);
	report_value(run(MODE_S, load_double, good, 0), 42, "the upper half works");
	paging_map(-PAGE, 0, (u64)page, PTE_RW);
	report_value(run(MODE_S, load_byte, -PAGE, 0), 42, "up to its last page");
	report_trap(run(MODE_S, load_byte, bad, 0), MODE_M, LOAD_PAGE, bad,
		    "its addresses are not in the lower half, too");
	report_trap(run(MODE_S, load_byte, good * 2 + DRAM_BASE, 0), MODE_M, LOAD_PAGE,
		    good * 2 + DRAM_BASE, "nor those of the lower half in the upper one");
}

static void delegated(void)
{
	csr_write(medeleg, BIT(LOAD_PAGE) | BIT(STORE_PAGE) | BIT(FETCH_PAGE));
	set(0);
	report_trap(run(MODE_S, load_byte, TEST_VA + 5, 0), MODE_S, LOAD_PAGE, TEST_VA + 5,
		    "page faults can go to S-mode, stval is the address");
	csr_write(medeleg, 0);
}

/* Tests that PMP applies to the result of translation, and to the tables themselves with S-mode's
 * rights. */
static void with_pmp(void)
{
	set(PTE_RW);
	csr_write(pmpaddr0, (u64)page >> 2);
	csr_write(pmpaddr1, ((u64)page + PAGE) >> 2);
	csr_write(pmpcfg0, PMP_TOR << 8);
	sfence();
	faults(MODE_S, load_byte, LOAD_ACCESS, "PMP on the page: access fault");
	faults(MODE_S, store_byte, STORE_ACCESS, "of a store: store access fault");
	csr_write(pmpaddr0, (u64)entry >> 2);
	csr_write(pmpaddr1, ((u64)entry + 8) >> 2);
	csr_write(pmpcfg0, PMP_TOR << 8);
	sfence();
	faults(MODE_S, load_byte, LOAD_ACCESS, "PMP on the entry: access fault");
	fetch_faults(MODE_S, FETCH_ACCESS, "of a fetch: instruction access fault");
	csr_write(pmpcfg0, (PMP_TOR | PMP_R) << 8);
	sfence();
	works(MODE_S, store_byte, "an entry that may be read is enough");
	csr_write(menvcfg, ENVCFG_ADUE);
	set(PTE_RW & ~(PTE_A | PTE_D));
	faults(MODE_S, load_byte, LOAD_ACCESS,
	       "Svadu: an entry that may not be written: access fault");
	report_equal(*entry & (PTE_A | PTE_D), 0, "and it is not written");
	csr_write(menvcfg, 0);
	csr_write(pmpcfg0, 0);
	sfence();
}

void main(void)
{
	static const char *const names[] = { "Sv39\n", "Sv48\n", "Sv57\n" };

	for (u64 mode = SV39; mode <= SV57; mode++) {
		print(names[mode - SV39]);
		paging_start(mode);
		entry = paging_entry(TEST_VA, 0);
		rights();
		malformed();
		pointers();
		superpages();
		accessed_and_dirty();
		memory_types();
		napot_pages();
		canonical();
		delegated();
		with_pmp();
		paging_stop();
	}
}
