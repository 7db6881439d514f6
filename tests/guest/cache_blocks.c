/* SPDX-License-Identifier: MIT */
/*
 * Tests Zicbom, Zicboz and Zicbop: what they do, what enables them, and how they fault
 * (unprivileged manual, "CMO" extensions). Blocks have 64 bytes. QEMU 7.2 has none of these. QEMU
 * 10.0 agrees, except that it rounds tval down to the block, contrary to "the faulting effective
 * address (i.e. the value in rs1)", and zeroes devices by stores.
 */
#include "paging.h"

#define BLOCK 64

static u8 page[PAGE] __attribute__((aligned(4096)));
static u64 *entry;

PROBE(zero, "cbo.zero (a0)");
PROBE(inval, "cbo.inval (a0)");
PROBE(clean, "cbo.clean (a0)");
PROBE(flush, "cbo.flush (a0)");
PROBE(prefetches, "prefetch.i 0(a0)\nprefetch.r 32(a0)\nprefetch.w 64(a0)\n");

#define INSN_INVAL 0x0005200f
#define INSN_CLEAN 0x0015200f
#define INSN_FLUSH 0x0025200f
#define INSN_ZERO 0x0045200f

static void does(void)
{
	unsigned wrong = 0;

	memset(page, 0xaa, PAGE);
	report_runs(run(MODE_M, zero, (u64)page + BLOCK + 17, 0), "cbo.zero takes any address");
	for (unsigned n = 0; n < 3 * BLOCK; n++)
		wrong += page[n] != (n / BLOCK == 1 ? 0 : 0xaa);
	report_equal(wrong, 0, "and zeroes the 64 bytes around it, no other");
	run(MODE_M, inval, (u64)page, 0);
	run(MODE_M, clean, (u64)page, 0);
	run(MODE_M, flush, (u64)page, 0);
	report(page[0] == 0xaa && page[BLOCK] == 0, "management does not change coherent memory");
}

static void gate(enum mode mode, probe *fn, u32 instruction, bool good, const char *text)
{
	struct outcome out = run(mode, fn, (u64)page, 0);

	if (good)
		report_runs(out, text);
	else
		report_trap(out, MODE_M, ILLEGAL, instruction, text);
}

static void enables(void)
{
	csr_write(menvcfg, 0);
	csr_write(senvcfg, -1ul);
	gate(MODE_M, zero, INSN_ZERO, true, "M-mode needs no enable");
	gate(MODE_S, zero, INSN_ZERO, false, "cbo.zero in S-mode needs menvcfg.CBZE");
	gate(MODE_S, clean, INSN_CLEAN, false, "cbo.clean in S-mode needs menvcfg.CBCFE");
	gate(MODE_S, flush, INSN_FLUSH, false, "cbo.flush in S-mode needs menvcfg.CBCFE");
	gate(MODE_S, inval, INSN_INVAL, false, "cbo.inval in S-mode needs menvcfg.CBIE");
	gate(MODE_U, zero, INSN_ZERO, false, "cbo.zero in U-mode needs menvcfg.CBZE too");
	csr_write(menvcfg, ENVCFG_CBZE | ENVCFG_CBCFE | ENVCFG_CBIE_FLUSH);
	gate(MODE_S, zero, INSN_ZERO, true, "CBZE lets S-mode run cbo.zero");
	gate(MODE_S, clean, INSN_CLEAN, true, "CBCFE lets S-mode run cbo.clean");
	gate(MODE_S, flush, INSN_FLUSH, true, "CBCFE lets S-mode run cbo.flush");
	gate(MODE_S, inval, INSN_INVAL, true, "CBIE 1 lets S-mode run cbo.inval");
	gate(MODE_U, zero, INSN_ZERO, true, "with senvcfg's, U-mode runs cbo.zero");
	csr_write(senvcfg, 0);
	gate(MODE_U, zero, INSN_ZERO, false, "cbo.zero in U-mode needs senvcfg.CBZE");
	gate(MODE_U, clean, INSN_CLEAN, false, "cbo.clean in U-mode needs senvcfg.CBCFE");
	gate(MODE_U, flush, INSN_FLUSH, false, "cbo.flush in U-mode needs senvcfg.CBCFE");
	gate(MODE_U, inval, INSN_INVAL, false, "cbo.inval in U-mode needs senvcfg.CBIE");
	csr_write(senvcfg, ENVCFG_CBIE);
	gate(MODE_U, inval, INSN_INVAL, true, "CBIE 3 enables it as well");
	csr_write(menvcfg, 0);
	csr_write(senvcfg, 0);
	gate(MODE_U, prefetches, 0, true, "prefetches are always legal");
}

static void faults(void)
{
	csr_write(menvcfg, ENVCFG_CBZE | ENVCFG_CBCFE | ENVCFG_CBIE);
	paging_start(SV39);
	entry = paging_map(TEST_VA, 0, (u64)page, PTE_RW & ~PTE_W);
	report_trap(run(MODE_S, zero, TEST_VA + 20, 0), MODE_M, STORE_PAGE, TEST_VA + 20,
		    "cbo.zero of a read-only page: store page fault, tval as given");
	report_runs(run(MODE_S, flush, TEST_VA + 20, 0), "management may be read-only");
	*entry = 0;
	sfence();
	report_trap(run(MODE_S, clean, TEST_VA + 20, 0), MODE_M, STORE_PAGE, TEST_VA + 20,
		    "cbo.clean of a missing page: store page fault");
	report_trap(run(MODE_S, inval, TEST_VA + 20, 0), MODE_M, STORE_PAGE, TEST_VA + 20,
		    "cbo.inval of a missing page: store page fault");
	report_runs(run(MODE_S, prefetches, TEST_VA, 0), "prefetches do not fault");
	*entry = (u64)page >> 2 | (PTE_RW & ~(PTE_A | PTE_D));
	sfence();
	report_trap(run(MODE_S, clean, TEST_VA, 0), MODE_M, STORE_PAGE, TEST_VA,
		    "Svade: management checks A");
	*entry = (u64)page >> 2 | (PTE_RW & ~PTE_D);
	sfence();
	report_runs(run(MODE_S, clean, TEST_VA, 0), "Svade: and not D");
	report_trap(run(MODE_S, zero, TEST_VA, 0), MODE_M, STORE_PAGE, TEST_VA,
		    "Svade: cbo.zero checks D");
	*entry = 0x60000 >> 2 | PTE_RW;
	sfence();
	report_trap(run(MODE_S, zero, TEST_VA + 3, 0), MODE_M, STORE_ACCESS, TEST_VA + 3,
		    "cbo.zero of nothing: store access fault");
	paging_stop();
	csr_write(pmpaddr0, (u64)page >> 2 | 7);
	csr_write(pmpcfg0, PMP_NAPOT);
	report_trap(run(MODE_S, flush, (u64)page + 8, 0), MODE_M, STORE_ACCESS, (u64)page + 8,
		    "cbo.flush that PMP refuses: store access fault");
	csr_write(pmpcfg0, PMP_NAPOT | PMP_R);
	report_trap(run(MODE_S, zero, (u64)page + 8, 0), MODE_M, STORE_ACCESS, (u64)page + 8,
		    "cbo.zero where PMP lets read only: store access fault");
	report_runs(run(MODE_S, flush, (u64)page + 8, 0), "cbo.flush there works");
	csr_write(pmpcfg0, 0);
	csr_write(menvcfg, 0);
	report_trap(run(MODE_M, zero, CLINT_BASE, 0), MODE_M, STORE_ACCESS, CLINT_BASE,
		    "devices do not take cbo.zero");
}

void main(void)
{
	does();
	enables();
	faults();
}
