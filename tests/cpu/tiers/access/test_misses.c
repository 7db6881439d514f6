/* SPDX-License-Identifier: MIT */
/*
 * Tests loads, stores and atomics at addresses that share entries of the TLB's views, so that most
 * of them miss and use the second level: in pages with all combinations of rights, in users' pages
 * with SUM and without it, in code that runs, across pages, and where nothing is.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_directed.h"

#include "cpu/isa/csr_bits.h"
#include "cpu/mmu/pte.h"
#include "cpu/mmu/tlb.h"
#include "tests/cpu/random.h"

#define TRAPS (RAM_BASE + PAGE_SIZE)
#define ROOT (RAM_BASE + 2 * PAGE_SIZE)
#define TABLE (RAM_BASE + 3 * PAGE_SIZE)
#define SV39 (8ull << 60)
#define LARGE (2 * MiB) /* a page of level 1: each maps all of RAM, with different rights */
/* Pages at this distance use one of two entries, and have any rights. */
#define APART (TLB_ENTRIES_MAX * PAGE_SIZE / 2)
#define ROUNDS 1000
#define ACCESSES 120
#define BASES 8 /* x8 to x15 hold addresses */
#define SUM_REG 16

static const u64 rights[] = {
	PTE_R | PTE_W | PTE_X, PTE_R | PTE_W, PTE_R, PTE_X, PTE_R | PTE_W | PTE_U, PTE_R | PTE_U, 0,
};

/* Maps the first gigabyte: page n has the rights n, some of them A and D. */
static void make_tables(struct emit *e, u64 *seed)
{
	emit_put(e, ROOT, TABLE >> 2 | PTE_V);
	for (unsigned n = 0; n < PAGE_SIZE / PTE_SIZE; n++) {
		u64 right = rights[n % ARRAY_SIZE(rights)];
		u64 kept = n && random_u64(seed) % 8 == 0 ? PTE_A : PTE_A | PTE_D;

		emit_put(e, TABLE + n * PTE_SIZE,
			 RAM_BASE >> 2 | PTE_V | right | (right ? kept : 0));
	}
}

static u64 random_address(u64 *seed)
{
	u64 at = (4 + random_u64(seed) % 4) * PAGE_SIZE + random_u64(seed) % PAGE_SIZE;

	/* Some addresses are in the code, or near the end of a page. */
	if (random_u64(seed) % 4 == 0)
		at = random_u64(seed) % (ACCESSES * 4);
	else if (random_u64(seed) % 8 == 0)
		at |= PAGE_SIZE - 8;
	if (random_u64(seed) % 8)
		at = align_down(at, 8);
	return random_u64(seed) % (GiB / APART) * APART + at;
}

static void make_access(struct emit *e, u64 *seed)
{
	static const u16 rows[] = { OP_lb, OP_lhu, OP_lw, OP_ld, OP_flw, OP_fld, OP_sb, OP_sh,
				    OP_sw, OP_sd, OP_fsw, OP_fsd, OP_amoadd_w, OP_amoswap_d,
				    OP_amomax_d, OP_lr_w, OP_sc_w };
	unsigned op = rows[random_u64(seed) % ARRAY_SIZE(rows)];
	unsigned base = 8 + (unsigned)(random_u64(seed) % BASES), reg = 16 + base;
	s64 imm = random_u64(seed) % 2 ? (s64)(random_u64(seed) % 8) * 8 : 0;

	switch (isa_ops[op].class) {
	case CLASS_STORE:
	case CLASS_FSTORE:
		emit_store(e, e->match[op], base, reg, imm);
		break;
	case CLASS_LOAD:
	case CLASS_FLOAD:
		emit_load(e, e->match[op], reg, base, imm);
		break;
	default:
		emit_r(e, e->match[op], reg, base, op == OP_lr_w ? 0 : base);
	}
}

/* Emits accesses without a jump, and between them changes of addresses and of SUM. */
static void make(struct emit *e, struct hart *hart, u64 *seed)
{
	hart->x[SUM_REG] = MSTATUS_SUM;
	for (unsigned n = 0; n < BASES; n++)
		hart->x[8 + n] = random_address(seed);
	for (unsigned n = 0; n < ACCESSES; n++)
		if (random_u64(seed) % 8 == 0)
			emit_addi(e, 8 + n % BASES, 8 + n % BASES, 8);
		else if (random_u64(seed) % 16 == 0)
			emit_csr(e, e->match[random_u64(seed) % 2 ? OP_csrrs : OP_csrrc], 0,
				 SUM_REG, CSR_SSTATUS);
		else
			make_access(e, seed);
}

static void test_accesses(struct machines *machines)
{
	u64 seed = 7, refilled = 0;

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct emit e;
		struct hart *hart = directed_begin(machines, &e, RAM_BASE);
		const struct tlb_stats *stats = &machines->m[1].harts.hart[0]->tlb_stats;

		refilled -= stats->misses - stats->walks;
		hart->priv = PRIV_S;
		hart->pc = 0;
		hart->mtvec = TRAPS;
		hart->s[BANK_HS].atp = SV39 | ROOT >> PAGE_SHIFT;
		hart->menvcfg = random_u64(&seed) % 2 ? MENVCFG_ADUE : 0;
		make_tables(&e, &seed);
		emit_skipping_handler(&e, TRAPS, 31);
		make(&e, hart, &seed);
		directed_check(machines, ACCESSES);
		refilled += stats->misses - stats->walks;
	}
	assert_true(refilled > ROUNDS);
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_accesses),
	{ 0 },
};
