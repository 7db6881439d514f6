/* SPDX-License-Identifier: MIT */
/*
 * Directed tests of CSRs that kernels write and after which native code continues: satp, which may
 * move the code elsewhere; sie, which may be followed by an interrupt; and sstatus, which turns the
 * FP unit and vectors off or on, and makes programs' pages accessible or not, also if M-mode has
 * changed in between what decides about pages.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_directed.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/mmu/pte.h"

#include <string.h>

#define PAGE(n) (RAM_BASE + (n) * PAGE_SIZE)
/* Pages of RAM: code, page tables, the handler of traps, data, and code of the other space. */
enum { CODE, ROOT, OTHER_ROOT, OTHER_MIDDLE, TRAPS, OTHER_LEAVES, DATA, OTHER_CODE };
/* A root for which native code uses the same slot as for ROOT (view_slot). */
#define FAR_ROOT (ROOT + 8)
#define LEAF (PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D)
#define SV39 (8ull << 60)
#define ROUNDS 40

/* CSRs. */
enum { SEPC = 0x141, PMPCFG0 = 0x3a0, PMPADDR0 = 0x3b0 };

static void set_entry(struct emit *e, unsigned table, unsigned n, u64 value)
{
	memcpy(e->ram + table * PAGE_SIZE + n * PTE_SIZE, &value, sizeof(value));
}

/*
 * Makes two address spaces with the same addresses; in the second one two pages may be mapped
 * elsewhere.
 */
static void make_spaces(struct emit *e, unsigned code, unsigned data)
{
	set_entry(e, ROOT, 2, RAM_BASE >> 2 | LEAF);
	set_entry(e, OTHER_ROOT, 2, PAGE(OTHER_MIDDLE) >> 2 | PTE_V);
	set_entry(e, OTHER_MIDDLE, 0, PAGE(OTHER_LEAVES) >> 2 | PTE_V);
	for (unsigned n = 0; n < DIRECTED_PAGES; n++)
		set_entry(e, OTHER_LEAVES, n,
			  PAGE(n == CODE ? code :
			       n == DATA ? data :
					   n) >>
					  2 |
				  LEAF);
}

/* Emits the code of a page; `step` is different for each page. */
static void make_switches(struct emit *e, unsigned page, unsigned row, unsigned step)
{
	e->pc = PAGE(page);
	emit_addi(e, 12, 12, 1);
	emit_csr(e, e->match[OP_csrrw], 0, 20, CSR_SATP);
	emit_load(e, e->match[OP_ld], 13, 10, 0);
	emit_r(e, e->match[OP_add], 14, 14, 13);
	emit_csr(e, e->match[row], 0, 21, CSR_SATP);
	emit_addi(e, 12, 12, step);
	emit_load(e, e->match[OP_ld], 13, 10, 8);
	emit_r(e, e->match[OP_xor], 14, 14, 13);
	emit_addi(e, 22, 22, -1);
	emit_branch_to(e, e->match[OP_bne], 22, PAGE(page));
	emit(e, e->match[OP_ecall]);
	emit_jump(e, PAGE(page));
}

static struct hart *begin(struct machines *machines, struct emit *e, bool virt)
{
	struct hart *hart = directed_begin(machines, e, PAGE(TRAPS));

	emit_jump(e, e->pc);
	hart->mtvec = hart->s[BANK_HS].tvec = hart->s[BANK_VS].tvec = PAGE(TRAPS);
	hart->priv = PRIV_S;
	hart->virt = virt;
	return hart;
}

/*
 * Emits a handler that may refuse writes of satp from now on. It skips the refused write, and the
 * call.
 */
static void make_handler(struct emit *e)
{
	e->pc = PAGE(TRAPS);
	emit_skip_trapped(e, 5);
	emit_csr(e, e->match[OP_csrrs], 0, 23, CSR_MSTATUS);
	emit_csr(e, e->match[OP_csrrs], 0, 24, CSR_HSTATUS);
	emit(e, e->match[OP_mret]);
}

/*
 * Tests satp. Bits of n: V; where the code and the data of the second space are; how satp is
 * written; whether it is refused in the end; an ASID.
 */
static void test_switches(struct machines *machines)
{
	for (unsigned n = 0; n < 64; n++) {
		struct emit e;
		struct hart *hart = begin(machines, &e, n & 1);

		hart->x[10] = PAGE(DATA);
		hart->x[22] = ROUNDS;
		hart->x[20] = SV39 | PAGE(ROOT) >> PAGE_SHIFT;
		hart->x[21] = SV39 | PAGE(OTHER_ROOT) >> PAGE_SHIFT;
		if (n & 32)
			hart->x[20] ^= 5ull << 44;
		if (n & 16) {
			hart->x[23] = MSTATUS_TVM;
			hart->x[24] = HSTATUS_VTVM;
		}
		make_handler(&e);
		make_spaces(&e, n & 2 ? OTHER_CODE : CODE, n & 4 ? OTHER_CODE : DATA);
		make_switches(&e, CODE, n & 8 ? OP_csrrs : OP_csrrw, 3);
		make_switches(&e, OTHER_CODE, n & 8 ? OP_csrrs : OP_csrrw, 7);
		directed_check(machines, ROUNDS * 11 + 40);
	}
}

/*
 * Tests sie. Bits of n: V; interrupts that are pending; whether they are taken; how sie is written.
 */
static void test_enables(struct machines *machines)
{
	static const u16 rows[] = { OP_csrrw, OP_csrrs, OP_csrrc, OP_csrrsi };

	for (unsigned n = 0; n < 256; n++) {
		struct emit e;
		struct hart *hart = begin(machines, &e, n & 1);

		hart->mideleg = 0x222 | (n & 2 ? 0x444 : 0);
		hart->hideleg = n & 2 ? 0x444 : 0;
		hart->mip = n & 4 ? 0x2 : 0;
		hart->hvip = n & 8 ? 0x4 : 0;
		if (n & 16)
			hart->mstatus |= MSTATUS_SIE;
		hart->s[BANK_VS].status = n & 32 ? MSTATUS_SIE : 0;
		/* After enough rounds the interrupts that are pending are enabled. */
		hart->x[20] = 0x220;
		hart->x[21] = 40;
		e.pc = PAGE(CODE);
		emit_csr(&e, e.match[rows[n >> 6]], 0, 20, CSR_SIE);
		emit_addi(&e, 12, 12, 1);
		emit_csr(&e, e.match[OP_csrrc], 0, 12, CSR_SIE);
		emit_addi(&e, 21, 21, -1);
		emit_branch_to(&e, e.match[OP_bne], 21, PAGE(CODE));
		emit_addi(&e, 20, 0, 0x202);
		emit_jump(&e, PAGE(CODE));
		directed_check(machines, 2 * ROUNDS * 5);
	}
}

/* Emits a use of the FP unit, or of vectors, in a separate block if `apart`. */
static void make_use(struct emit *e, bool vectors, bool apart)
{
	if (apart) {
		emit_jump(e, PAGE(CODE) + 0x100);
		e->pc = PAGE(CODE) + 0x100;
	}
	if (vectors)
		emit_r(e, e->match[OP_vmv_v_x], 4, 12, 0);
	else
		emit_r(e, e->match[OP_fadd_d], 1, 1, 2);
}

/*
 * Tests the units. Bits of n: V; whether FS or VS are written, or both; whether the unit is used in
 * the same block; whether one write turns it off and another on, or one does both alternately;
 * which unit it is; a write of bits that do not exist, between two uses.
 */
static void test_units(struct machines *machines)
{
	static const u64 units[] = { MSTATUS_SUM, MSTATUS_FS, MSTATUS_VS, MSTATUS_FS | MSTATUS_VS };

	for (unsigned n = 0; n < 128; n++) {
		struct emit e;
		struct hart *hart = begin(machines, &e, n & 1);

		hart->mstatus |= MSTATUS_FS | MSTATUS_VS;
		hart->s[BANK_VS].status |= MSTATUS_FS | MSTATUS_VS;
		hart->x[20] = units[n >> 1 & 3];
		hart->x[21] = hart->x[20];
		hart->x[22] = ROUNDS;
		hart->f[2] = 0x3ff0000000000000;
		make_handler(&e);
		e.pc = PAGE(CODE);
		emit(&e, e.match[OP_vsetivli] | 0xd8 << 20 | 2 << 15); /* 2, e64, m1, ta, ma */
		emit_addi(&e, 12, 12, 1);
		if (n & 64) {
			make_use(&e, n & 32, false);
			emit_csr(&e, e.match[n & 8 ? OP_csrrsi : OP_csrrci], 0, 4, CSR_SSTATUS);
			make_use(&e, n & 32, false);
		}
		emit_csr(&e, e.match[n & 16 ? OP_csrrw : OP_csrrc], n & 8 ? 13 : 0, 20,
			 CSR_SSTATUS);
		make_use(&e, n & 32, n & 8);
		emit_r(&e, e.match[OP_xor], 14, 14, 13);
		emit_csr(&e, e.match[OP_csrrs], 0, n & 16 ? 0 : 20, CSR_SSTATUS);
		make_use(&e, n & 32, false);
		emit_r(&e, e.match[OP_xor], 20, 20, n & 16 ? 21 : 0);
		emit_addi(&e, 22, 22, -1);
		emit_branch_to(&e, e.match[OP_bne], 22, PAGE(CODE) + 4);
		emit(&e, e.match[OP_ecall]);
		emit_jump(&e, PAGE(CODE));
		directed_check(machines, ROUNDS * 40);
	}
}

/*
 * Tests loads from a program's page with SUM and without. Bits of n: V; two address spaces in turn,
 * of which one lacks the page; whether MXR is written, too, or always set; what is written first;
 * floating point in between.
 */
static void test_sum(struct machines *machines)
{
	for (unsigned n = 0; n < 64; n++) {
		const u16 first = n & 16 ? OP_csrrs : OP_csrrc;
		struct emit e;
		struct hart *hart = begin(machines, &e, n & 1);

		hart->mstatus |= MSTATUS_FS | (n & 8 ? MSTATUS_MXR : 0);
		hart->s[BANK_VS].status |= MSTATUS_FS;
		hart->x[10] = 3 * (RAM_BASE / 2) + PAGE(DATA) - RAM_BASE;
		hart->x[20] = MSTATUS_SUM | (n & 4 ? MSTATUS_MXR : 0);
		hart->x[22] = ROUNDS;
		hart->x[24] = SV39 | PAGE(ROOT) >> PAGE_SHIFT;
		hart->x[25] = n & 2 ? ROOT ^ FAR_ROOT : 0;
		hart->x[26] = RAM_BASE >> 2 | LEAF;
		hart->x[27] = PAGE(FAR_ROOT) + 2 * PTE_SIZE;
		make_handler(&e);
		set_entry(&e, ROOT, 2, RAM_BASE >> 2 | LEAF);
		set_entry(&e, ROOT, 3, RAM_BASE >> 2 | LEAF | PTE_U);
		emit_put(&e, PAGE(DATA), 5);
		e.pc = PAGE(CODE);
		emit_store(&e, e.match[OP_sd], 27, 26, 0);
		emit_csr(&e, e.match[OP_csrrw], 0, 24, CSR_SATP);
		emit_r(&e, e.match[OP_xor], 24, 24, 25);
		emit_csr(&e, e.match[first], 0, 20, CSR_SSTATUS);
		emit_load(&e, e.match[OP_ld], 13, 10, 0);
		emit_r(&e, e.match[OP_add], 14, 14, 13);
		emit_csr(&e, e.match[n & 16 ? OP_csrrc : OP_csrrs], 0, 20, CSR_SSTATUS);
		emit_load(&e, e.match[OP_ld], 13, 10, 0);
		emit_r(&e, e.match[OP_add], 14, 14, 14);
		emit_r(&e, e.match[OP_add], 14, 14, 13);
		emit_jump(&e, e.pc + 0x80);
		e.pc += 0x7c;
		emit_addi(&e, 13, 0, 0);
		if (n & 32)
			emit_r(&e, e.match[OP_fadd_d], 1, 1, 2);
		emit_addi(&e, 22, 22, -1);
		emit_branch_to(&e, e.match[OP_bne], 22, PAGE(CODE) + 4);
		emit(&e, e.match[OP_ecall]);
		emit_jump(&e, PAGE(CODE));
		directed_check(machines, ROUNDS * 40);
	}
}

/* A change that M-mode may make while there are views of S-mode with SUM and without. */
struct change {
	u16 csr;
	u8 pmp; /* what the first entry of PMP, which is of the data's page, permits */
	u64 from, flips; /* the register's value, and its bits that change */
	u64 tag; /* of the loads' address */
	u64 leaf; /* the bits of the data's entry in the page table */
};

#define DATA_PMP (PAGE(DATA) >> 2 | (PAGE_SIZE / 8 - 1))

static const struct change changes[] = {
	{ CSR_MENVCFG, PMP_R, 0, MENVCFG_ADUE, 0, LEAF & ~(u64)PTE_A },
	{ CSR_MENVCFG, PMP_R, 0, MENVCFG_PBMTE, 0, LEAF | 1ull << 61 },
	{ CSR_MENVCFG, PMP_R, 0, 2ull << 32, 0x55ull << 57, LEAF }, /* PMM: seven bits */
	{ PMPCFG0, PMP_R, PMP_NAPOT << 3, PMP_R, 0, LEAF },
	{ PMPADDR0, 0, DATA_PMP, PAGE_SIZE, 0, LEAF },
};

/* Emits handlers: S-mode continues after its faults; M-mode makes the change at each call. */
static void make_change_handlers(struct emit *e, struct hart *hart, const struct change *change)
{
	hart->medeleg = BIT(CAUSE_LOAD_ACCESS) | BIT(CAUSE_LOAD_PAGE);
	hart->s[BANK_HS].tvec = PAGE(TRAPS) + 0x100;
	hart->x[23] = change->from;
	hart->x[24] = change->flips;
	e->pc = PAGE(TRAPS);
	emit_skip_trapped(e, 5);
	emit_r(e, e->match[OP_xor], 23, 23, 24);
	emit_csr(e, e->match[OP_csrrw], 0, 23, change->csr);
	emit(e, e->match[OP_mret]);
	e->pc = PAGE(TRAPS) + 0x100;
	emit_csr(e, e->match[OP_csrrs], 6, 0, SEPC);
	emit_addi(e, 6, 6, 4);
	emit_csr(e, e->match[OP_csrrw], 0, 6, SEPC);
	emit_addi(e, 15, 15, 1);
	emit(e, e->match[OP_sret]);
}

/*
 * M-mode changes something on which views depend, between two writes of SUM: the view that is
 * remembered for the mode after the second write must not be used any more. If n is even, that
 * write sets SUM, and the page is a program's; if n is odd, it clears SUM, and the page is the
 * kernel's. If A is clear in the page's entry, the entry is written again before each write of SUM;
 * otherwise a store elsewhere takes the place of that, because the page would be forgotten. n / 2
 * is the change.
 */
static void test_changes(struct machines *machines)
{
	for (unsigned n = 0; n < 2 * ARRAY_SIZE(changes); n++) {
		const struct change *change = &changes[n / 2];
		struct emit e;
		struct hart *hart = begin(machines, &e, false);

		hart->pmp.addr[0] = DATA_PMP;
		hart->pmp.cfg[0] = PMP_NAPOT << 3 | change->pmp;
		hart->x[10] = 3 * (RAM_BASE / 2) + PAGE(DATA) - RAM_BASE + change->tag;
		hart->x[20] = MSTATUS_SUM;
		hart->x[22] = ROUNDS;
		hart->x[26] = RAM_BASE >> 2 | change->leaf | (n & 1 ? 0 : PTE_U);
		hart->x[27] = change->leaf & PTE_A ? PAGE(OTHER_LEAVES) : PAGE(ROOT) + 3 * PTE_SIZE;
		hart->s[BANK_HS].atp = SV39 | PAGE(ROOT) >> PAGE_SHIFT;
		make_change_handlers(&e, hart, change);
		set_entry(&e, ROOT, 2, RAM_BASE >> 2 | LEAF);
		set_entry(&e, ROOT, 3, hart->x[26]);
		emit_put(&e, PAGE(DATA), 5);
		e.pc = PAGE(CODE);
		for (unsigned half = 0; half < 2; half++) {
			emit_store(&e, e.match[OP_sd], 27, 26, 0);
			emit_csr(&e, e.match[(n ^ half) & 1 ? OP_csrrs : OP_csrrc], 0, 20,
				 CSR_SSTATUS);
			emit_load(&e, e.match[OP_ld], 13, 10, 0);
			emit_r(&e, e.match[OP_add], 14, 14, 13);
			if (half == 0)
				emit(&e, e.match[OP_ecall]);
		}
		emit_addi(&e, 13, 0, 0);
		emit_addi(&e, 22, 22, -1);
		emit_branch_to(&e, e.match[OP_bne], 22, PAGE(CODE));
		emit_jump(&e, PAGE(CODE));
		directed_check(machines, ROUNDS * 60);
	}
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_switches),
	DIRECTED(test_enables),
	DIRECTED(test_units),
	DIRECTED(test_sum),
	DIRECTED(test_changes),
	{ 0 },
};
