/* SPDX-License-Identifier: MIT */
/*
 * Tests indexed loads and stores that span many pages, in loops that run often: the contents of
 * each page, also after its entry has changed, and a fault at one element ("Vector Indexed
 * Instructions", "Exception Handling" of the V extension). Also tests the sums of a loop that a
 * trapping load ends.
 */
#include "paging.h"

#define VA TEST_VA
#define PAGES 8 /* elements of 64 bits in four registers of 128 */

static u64 pages[PAGES][PAGE / 8] __attribute__((aligned(4096)));
static u64 other[PAGE / 8] __attribute__((aligned(4096)));

/* Element n is at address a0 + n * 4104, so that each element is in its own page. */
#define BY_PAGES                                                                                   \
	".option arch, +v\n"                                                                       \
	"li t0, 100\n"                                                                             \
	"vsetvli t1, x0, e64, m4, ta, ma\n"                                                        \
	"vid.v v8\n"                                                                               \
	"li t2, 4104\n"                                                                            \
	"vmul.vx v8, v8, t2\n"

#define AGAIN                                                                                      \
	"addi t0, t0, -1\n"                                                                        \
	"bnez t0, 1b\n"

PROBE(gather, BY_PAGES "1: vluxei64.v v16, (a0), v8\n" AGAIN "vmv.s.x v4, x0\n"
		       "vredsum.vs v4, v16, v4\n"
		       "vmv.x.s a0, v4");
PROBE(gather_words, BY_PAGES "vsetvli t1, x0, e32, m2, ta, ma\n"
			     "vnsrl.wi v4, v8, 0\n"
			     "1: vluxei32.v v16, (a0), v4\n" AGAIN "vmv.s.x v4, x0\n"
			     "vredsum.vs v4, v16, v4\n"
			     "vmv.x.s a0, v4");
PROBE(strided, BY_PAGES "1: vlse64.v v16, (a0), t2\n" AGAIN "vmv.s.x v4, x0\n"
			"vredsum.vs v4, v16, v4\n"
			"vmv.x.s a0, v4");
/* Element n becomes a1 + n. */
PROBE(scatter, BY_PAGES "vid.v v16\n"
			"vadd.vx v16, v16, a1\n"
			"1: vsuxei64.v v16, (a0), v8\n" AGAIN);
/* This loop ends when a load traps: v16 and v18 have the sums of a1 and all elements before
 * that. */
PROBE(sum_up, ".option arch, +v\n"
	      "vsetivli x0, 2, e64, m1, ta, ma\n"
	      "vmv.v.x v16, a1\n"
	      "vmv.v.x v18, a1\n"
	      "1: vle64.v v8, (a0)\n"
	      "vadd.vv v16, v16, v8\n"
	      "vadd.vv v18, v18, v8\n"
	      "addi a0, a0, 16\n"
	      "j 1b");

static void map_all(void)
{
	for (unsigned n = 0; n < PAGES; n++) {
		*paging_entry(VA + n * PAGE, 0) = (u64)pages[n] >> 2 | PTE_RW;
		pages[n][n] = 1ul << n;
	}
	sfence();
}

static void use(u64 va, u64 sum, const char *text)
{
	report_value(run(MODE_S, gather, va, 0), sum, text);
	report_value(run(MODE_S, gather_words, va, 0), sum, "so by 32 bits");
	report_value(run(MODE_S, strided, va, 0), sum, "so by a stride");
}

static void loads(void)
{
	u64 fault = VA + 5 * (PAGE + 8);
	struct outcome out;

	map_all();
	use(VA, 255, "a load by indices has an element of each page");
	other[3] = 0x1000;
	paging_map(VA + 3 * PAGE, 0, (u64)other, PTE_RW);
	use(VA, 255 - 8 + 0x1000, "and of a page that was put in the place of one");
	paging_map(VA + 3 * PAGE, 0, (u64)pages[3], PTE_RW);
	use(VA, 255, "and of the first one again");
	paging_map(VA + 5 * PAGE, 0, 0, 0);
	out = run(MODE_S, gather, VA, 0);
	report(out.trapped && out.cause == LOAD_PAGE && out.tval == fault,
	       "a page that is not there any more is a fault");
	report_equal(csr_read(vstart), 5, "vstart is the element's number");
	out = run(MODE_S, strided, VA, 0);
	report(out.trapped && out.cause == LOAD_PAGE && out.tval == fault, "so by a stride");
	report_equal(csr_read(vstart), 5, "with the element's number");
	map_all();
	use(VA, 255, "and is there when it is mapped");
}

static void stores(void)
{
	struct outcome out;

	map_all();
	report_runs(run(MODE_S, scatter, VA, 70), "a store by indices");
	for (unsigned n = 0; n < PAGES; n++)
		report_equal(pages[n][n], 70 + n, "has an element for each page");
	paging_map(VA + 2 * PAGE, 0, (u64)pages[2], PTE_RW & ~PTE_W);
	out = run(MODE_S, scatter, VA, 90);
	report(out.trapped && out.cause == STORE_PAGE && out.tval == VA + 2 * (PAGE + 8),
	       "a page that must not be written any more is a fault");
	report_equal(csr_read(vstart), 2, "vstart is the element's number");
	for (unsigned n = 0; n < 3; n++)
		report_equal(pages[n][n], n < 2 ? 90 + n : 72, "the elements before it are stored");
	other[4] = 0;
	map_all();
	paging_map(VA + 4 * PAGE, 0, (u64)other, PTE_RW);
	report_runs(run(MODE_S, scatter, VA, 110), "another page in the place of one");
	report_equal(other[4], 114, "has its element");
	report_equal(pages[4][4], 16, "and the old one has not");
}

static u64 second_sum(void)
{
	u64 sum;

	asm volatile(".option push\n"
		     ".option arch, +v\n"
		     "vmv.x.s %0, v18\n"
		     ".option pop"
		     : "=r"(sum));
	return sum;
}

static void sums(void)
{
	u64 want = 1000;
	struct outcome out;

	map_all();
	for (unsigned n = 0; n < 2 * PAGE / 8; n++) {
		pages[n / (PAGE / 8)][n % (PAGE / 8)] = n * n;
		want += n % 2 ? 0 : n * n;
	}
	paging_map(VA + 2 * PAGE, 0, 0, 0);
	out = run(MODE_S, sum_up, VA, 1000);
	report(out.trapped && out.cause == LOAD_PAGE && out.tval == VA + 2 * PAGE,
	       "a loop ends where a load faults");
	report_equal(second_sum(), want, "with the sum of all that was loaded");
}

void main(void)
{
	csr_set(mstatus, MSTATUS_VS);
	paging_start(SV39);
	loads();
	stores();
	sums();
}
