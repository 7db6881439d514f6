/* SPDX-License-Identifier: MIT */
/*
 * Tests misaligned loads and stores. They work in RAM, also across pages that are not adjacent in
 * physical memory; if a part faults, nothing is stored, and tval is the address of the faulting
 * part (privileged manual, "Machine Trap Value"). Devices refuse them. LR and SC must be aligned,
 * and AMOs must be within 16 aligned bytes (Zama16b). QEMU 10.0 agrees, except for AMOs, which were
 * not run there; 7.2 lets a misaligned SC fail, reports a misaligned AMO as a load, and loads from
 * devices at any address.
 */
#include "paging.h"

static u8 pages[4][PAGE] __attribute__((aligned(4096)));

#define VA TEST_VA
#define EDGE (VA + PAGE)

static probe *const loads[] = { load_half, load_word, load_double };
static probe *const stores[] = { store_half, store_word, store_double };

PROBE(load_fword, ".option arch, +f\nflw f0, 0(a0)\nfmv.x.w a0, f0");
PROBE(load_fdouble, ".option arch, +d\nfld f0, 0(a0)\nfmv.x.d a0, f0");
PROBE(store_fdouble, ".option arch, +d\nfmv.d.x f0, a1\nfsd f0, 0(a0)");
PROBE(load_signed, "lh a0, 0(a0)");
PROBE(lr_word, "lr.w a0, (a0)");
PROBE(sc_word, "sc.w a0, a1, (a0)");
PROBE(add_double, "amoadd.d a0, a1, (a0)");

/* Returns bytes as the guest wrote them, read back one by one. */
static u64 gather(const u8 *at, unsigned size)
{
	u64 value = 0;

	while (size--)
		value = value << 8 | at[size];
	return value;
}

static void in_page(enum mode mode)
{
	unsigned wrong = 0;
	u64 offset = mode == MODE_U ? USER_OFFSET : 0;

	for (unsigned n = 0; n < 64; n++)
		pages[0][n] = (u8)(n * 37 + 11);
	for (unsigned log_size = 0; log_size < 3; log_size++) {
		unsigned size = 2u << log_size;

		for (unsigned at = 0; at < 24; at++) {
			u64 value = 0x8182838485868788ul * (at + 1), want = value;
			struct outcome out =
				run(mode, loads[log_size], (u64)pages[0] + at + offset, 0);

			wrong += out.trapped || out.value != gather(pages[0] + at, size);
			run(mode, stores[log_size], (u64)pages[1] + at + offset, value);
			if (size < 8)
				want &= BIT(8 * size) - 1;
			wrong += gather(pages[1] + at, size) != want;
		}
	}
	report_equal(wrong, 0, "each size at each offset of a page");
}

static void across_pages(void)
{
	unsigned wrong = 0;

	/* These pages are neighbours in virtual memory, but not in physical memory, where their
	 * order is reversed. */
	paging_map(VA, 0, (u64)pages[2], PTE_RW);
	paging_map(EDGE, 0, (u64)pages[0], PTE_RW);
	for (unsigned log_size = 0; log_size < 3; log_size++) {
		unsigned size = 2u << log_size;

		for (unsigned before = 1; before < size; before++) {
			u64 value = 0x1112131415161718ul * before, got;
			struct outcome out;

			run(MODE_S, stores[log_size], EDGE - before, value);
			got = gather(pages[2] + PAGE - before, before) |
			      gather(pages[0], size - before) << (8 * before);
			if (size < 8)
				value &= BIT(8 * size) - 1;
			wrong += got != value;
			out = run(MODE_S, loads[log_size], EDGE - before, 0);
			wrong += out.trapped || out.value != value;
		}
	}
	report_equal(wrong, 0, "each size at each offset across two pages");
	memcpy(pages[2] + PAGE - 1, "\x80", 1);
	memcpy(pages[0], "\xff", 1);
	report_value(run(MODE_S, load_signed, EDGE - 1, 0), 0xffffffffffffff80,
		     "a signed load across pages is sign-extended");
	csr_set(mstatus, MSTATUS_FS_INITIAL);
	memcpy(pages[2] + PAGE - 3, "\x11\x22\x33", 3);
	memcpy(pages[0], "\x44\x55\x66\x77\x88", 5);
	report_value(run(MODE_S, load_fdouble, EDGE - 3, 0), 0x8877665544332211,
		     "fld across pages");
	report_value(run(MODE_S, load_fword, EDGE - 3, 0), 0x44332211, "flw across pages");
	run(MODE_S, store_fdouble, EDGE - 5, 0x0123456789abcdef);
	report(gather(pages[2] + PAGE - 5, 5) == 0x6789abcdef && gather(pages[0], 3) == 0x012345,
	       "fsd across pages");
	csr_clear(mstatus, MSTATUS_FS);
}

static void faults(void)
{
	u64 value;

	memset(pages[2], 0x5a, PAGE);
	memset(pages[0], 0x5a, PAGE);
	*paging_entry(EDGE, 0) = 0;
	sfence();
	report_trap(run(MODE_S, load_double, EDGE - 4, 0), MODE_M, LOAD_PAGE, EDGE,
		    "a load whose second page is missing: tval is the second page");
	report_trap(run(MODE_S, store_double, EDGE - 1, -1ul), MODE_M, STORE_PAGE, EDGE,
		    "a store too");
	value = gather(pages[2] + PAGE - 8, 8);
	report_equal(value, 0x5a5a5a5a5a5a5a5a, "and its first part is not stored");
	paging_map(EDGE, 0, (u64)pages[0], PTE_RW & ~PTE_W);
	report_trap(run(MODE_S, store_word, EDGE - 2, -1ul), MODE_M, STORE_PAGE, EDGE,
		    "nor when the second page is read-only");
	report_equal(gather(pages[2] + PAGE - 8, 8), 0x5a5a5a5a5a5a5a5a, "again nothing is stored");
	paging_map(EDGE, 0, (u64)pages[0], PTE_RW);
	*paging_entry(VA, 0) = 0;
	sfence();
	report_trap(run(MODE_S, load_word, EDGE - 3, 0), MODE_M, LOAD_PAGE, EDGE - 3,
		    "one whose first page is missing: tval is the access's address");
	*paging_entry(EDGE, 0) = 0;
	sfence();
	report_trap(run(MODE_S, store_half, EDGE - 1, 0), MODE_M, STORE_PAGE, EDGE - 1,
		    "if both are missing, the first is reported");
	paging_map(VA, 0, (u64)pages[2], PTE_RW);
	paging_map(EDGE, 0, (u64)pages[0], PTE_RW);
	csr_write(pmpaddr0, (u64)pages[0] >> 2);
	csr_write(pmpcfg0, PMP_NA4);
	sfence();
	report_trap(run(MODE_S, store_word, EDGE - 2, -1ul), MODE_M, STORE_ACCESS, EDGE,
		    "a second part that PMP refuses: store access fault, tval is the part's");
	report_equal(gather(pages[2] + PAGE - 8, 8), 0x5a5a5a5a5a5a5a5a,
		     "and again nothing is stored");
	csr_write(pmpcfg0, 0);
	sfence();
}

static void dirty_bits(void)
{
	u64 *first = paging_map(VA, 0, (u64)pages[2], PTE_RW & ~(PTE_A | PTE_D));
	u64 *second = paging_map(EDGE, 0, (u64)pages[0], PTE_RW & ~(PTE_A | PTE_D));

	csr_write(menvcfg, ENVCFG_ADUE);
	sfence();
	report_runs(run(MODE_S, store_double, EDGE - 4, 0), "Svadu: a store across clean pages");
	report((*first & PTE_A) && (*first & PTE_D) && (*second & PTE_A) && (*second & PTE_D),
	       "sets A and D of both");
	csr_write(menvcfg, 0);
	sfence();
}

static void where_refused(void)
{
	u64 at = (u64)pages[0] + 2;
	struct outcome out;

	report_trap(run(MODE_M, lr_word, at, 0), MODE_M, LOAD_MISALIGNED, at, "LR must be aligned");
	report_trap(run(MODE_M, sc_word, at, 0), MODE_M, STORE_MISALIGNED, at,
		    "SC must be aligned, whatever is reserved");
	report_trap(run(MODE_M, add_double, at + 10, 0), MODE_M, STORE_MISALIGNED, at + 10,
		    "AMOs must not cross 16 bytes: store address misaligned");
	memset(pages[0], 0, 16);
	report_runs(run(MODE_M, add_double, at + 5, 0x0102030405060708),
		    "AMOs within 16 bytes need no other alignment");
	report_equal(gather(pages[0] + 7, 8), 0x0102030405060708, "and do what they should");
	out = run(MODE_M, load_word, MSIP(0) + 1, 0);
	report(out.trapped && (out.cause == LOAD_MISALIGNED || out.cause == LOAD_ACCESS) &&
		       out.tval == MSIP(0) + 1,
	       "devices refuse misaligned loads");
	out = run(MODE_M, store_word, MSIP(0) + 2, 0);
	report(out.trapped && (out.cause == STORE_MISALIGNED || out.cause == STORE_ACCESS) &&
		       out.tval == MSIP(0) + 2,
	       "and stores");
}

void main(void)
{
	paging_start(SV39);
	in_page(MODE_M);
	in_page(MODE_S);
	in_page(MODE_U);
	across_pages();
	faults();
	dirty_bits();
	paging_stop();
	where_refused();
}
