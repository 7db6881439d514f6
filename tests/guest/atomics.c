/* SPDX-License-Identifier: MIT */
/*
 * Tests LR/SC and AMOs: results, sign extension, reservations, and the faults, which are those of a
 * store for all but LR (unprivileged manual, "A" extension). QEMU 10.0 agrees except for devices;
 * 7.2 reports some faults of AMOs as those of a load.
 */
#include "paging.h"

static u64 cell[2] __attribute__((aligned(64)));
static u8 page[PAGE] __attribute__((aligned(4096)));

PROBE(lr_w, "lr.w a0, (a0)");
PROBE(lr_d, "lr.d a0, (a0)");
PROBE(sc_w, "sc.w a0, a1, (a0)");
PROBE(sc_d, "sc.d a0, a1, (a0)");
PROBE(pair_w, "lr.w a2, (a0)\nsc.w a0, a1, (a0)");
PROBE(pair_d, "lr.d a2, (a0)\nsc.d a0, a1, (a0)");
PROBE(twice, "lr.d a2, (a0)\nsc.d a2, a1, (a0)\nsc.d a0, a1, (a0)");
PROBE(elsewhere, "lr.d a2, (a0)\naddi a0, a0, 8\nsc.d a0, a1, (a0)");
PROBE(two_lr, "lr.d a2, (a0)\naddi a3, a0, 8\nlr.d a2, (a3)\nsc.d a0, a1, (a0)");
PROBE(to_x0, "lr.d x0, (a0)\nsc.d a0, a1, (a0)");
PROBE(swap_w, "amoswap.w a0, a1, (a0)");
PROBE(swap_d, "amoswap.d a0, a1, (a0)");
PROBE(swap_x0, "amoswap.d x0, a1, (a0)\nli a0, 0");
PROBE(min_w, "amomin.w a0, a1, (a0)");
PROBE(maxu_w, "amomaxu.w a0, a1, (a0)");
PROBE(same_register, "mv a1, a0\namoadd.d a0, a0, (a1)");

static void reservations(void)
{
	cell[0] = 5;
	report_value(run(MODE_M, pair_d, (u64)cell, 9), 0, "SC after LR succeeds");
	report_equal(cell[0], 9, "and stores");
	report_value(run(MODE_M, twice, (u64)cell, 11), 1,
		     "a second SC fails: the first used it up");
	report_value(run(MODE_M, sc_d, (u64)cell, 13), 1, "SC without LR fails");
	report_equal(cell[0], 11, "and does not store");
	report_value(run(MODE_M, elsewhere, (u64)cell, 13), 1, "SC to another address fails");
	report_value(run(MODE_M, two_lr, (u64)cell, 13), 1, "a second LR moves the reservation");
	report_value(run(MODE_M, to_x0, (u64)cell, 17), 0, "LR to x0 reserves");
	cell[0] = 0x80000001;
	report_value(run(MODE_M, lr_w, (u64)cell, 0), 0xffffffff80000001, "LR.W sign-extends");
	cell[0] = -1ul;
	report_value(run(MODE_M, pair_w, (u64)cell, 0x1234), 0, "SC.W after LR.W succeeds");
	report_equal(cell[0], 0xffffffff00001234, "and stores a word");
	report_value(run(MODE_U, pair_d, (u64)cell, 1), 0, "U-mode can use them");
}

static void results(void)
{
	cell[0] = 0x1122334480000000;
	report_value(run(MODE_M, swap_w, (u64)cell, 7), 0xffffffff80000000,
		     "AMOs of a word give it sign-extended");
	report_equal(cell[0], 0x1122334400000007, "and change the word only");
	report_value(run(MODE_M, min_w, (u64)cell, 0xffffffff), 7,
		     "amomin.w compares signed words");
	report_equal(cell[0], 0x11223344ffffffff, "-1 is less than 7");
	cell[0] = 1;
	run(MODE_M, maxu_w, (u64)cell, 0xdead00000002);
	report_equal(cell[0], 2, "amomaxu.w ignores the operand's upper half");
	run(MODE_M, swap_x0, (u64)cell, 3);
	report_equal(cell[0], 3, "an AMO to x0 is done");
	cell[0] = 5;
	report_value(run(MODE_M, same_register, (u64)cell, 0), 5,
		     "the target may be the operand's register");
	report_equal(cell[0], (u64)cell + 5, "which is read before");
}

static void faults(void)
{
	struct outcome out;
	u64 *entry;

	paging_start(SV39);
	entry = paging_map(TEST_VA, 0, (u64)page, PTE_RW & ~PTE_W);
	report_runs(run(MODE_S, lr_d, TEST_VA, 0), "LR needs no right to write");
	report_trap(run(MODE_S, swap_d, TEST_VA, 0), MODE_M, STORE_PAGE, TEST_VA,
		    "an AMO to a read-only page: store page fault");
	out = run(MODE_S, pair_d, TEST_VA + 8, 0);
	report(out.cause == STORE_PAGE && out.tval == TEST_VA + 8 && out.epc == out.start + 4,
	       "so is that of SC after LR");
	*entry = 0;
	sfence();
	report_trap(run(MODE_S, lr_w, TEST_VA + 4, 0), MODE_M, LOAD_PAGE, TEST_VA + 4,
		    "LR of a missing page: load page fault");
	report_trap(run(MODE_S, swap_w, TEST_VA + 4, 0), MODE_M, STORE_PAGE, TEST_VA + 4,
		    "an AMO to it: store page fault");
	/* With MXR a page that has only X can be read; an AMO still needs W. */
	*entry = (u64)page >> 2 | PTE_V | PTE_X | PTE_A | PTE_D;
	sfence();
	csr_set(mstatus, MSTATUS_MXR);
	report_trap(run(MODE_S, swap_w, TEST_VA, 0), MODE_M, STORE_PAGE, TEST_VA,
		    "MXR does not let AMOs write");
	csr_clear(mstatus, MSTATUS_MXR);
	*entry = (u64)page >> 2 | (PTE_RW & ~PTE_D);
	sfence();
	report_trap(run(MODE_S, swap_w, TEST_VA, 0), MODE_M, STORE_PAGE, TEST_VA,
		    "Svade: an AMO needs D");
	csr_write(menvcfg, ENVCFG_ADUE);
	sfence();
	report_runs(run(MODE_S, swap_w, TEST_VA, 0), "Svadu: an AMO works");
	report_equal(*entry & PTE_D, PTE_D, "and sets D");
	csr_write(menvcfg, 0);
	paging_stop();
	csr_write(pmpaddr0, (u64)page >> 2);
	csr_write(pmpcfg0, PMP_NA4 | PMP_R);
	report_trap(run(MODE_U, swap_w, (u64)page, 0), MODE_M, STORE_ACCESS, (u64)page,
		    "an AMO that PMP lets read only: store access fault");
	csr_write(pmpcfg0, PMP_NA4);
	report_trap(run(MODE_U, swap_w, (u64)page, 0), MODE_M, STORE_ACCESS, (u64)page,
		    "also where it may not read");
	report_trap(run(MODE_U, lr_w, (u64)page, 0), MODE_M, LOAD_ACCESS, (u64)page,
		    "LR there: load access fault");
	csr_write(pmpcfg0, 0);
	report_trap(run(MODE_M, swap_w, 0x60000, 0), MODE_M, STORE_ACCESS, 0x60000,
		    "an AMO to nowhere: store access fault");
	report_trap(run(MODE_M, lr_w, 0x60000, 0), MODE_M, LOAD_ACCESS, 0x60000,
		    "LR from nowhere: load access fault");
}

static void devices(void)
{
	report_trap(run(MODE_M, swap_w, MSIP(0), 0), MODE_M, STORE_ACCESS, MSIP(0),
		    "devices do not take AMOs");
	report_trap(run(MODE_M, lr_w, MSIP(0), 0), MODE_M, LOAD_ACCESS, MSIP(0),
		    "devices do not take LR");
}

void main(void)
{
	reservations();
	results();
	faults();
	devices();
}
