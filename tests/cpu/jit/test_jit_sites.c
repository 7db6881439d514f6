/* SPDX-License-Identifier: MIT */
/*
 * Tests the sites of native code's accesses (cpu/jit/probe.c): when they hit, and when they must
 * not.
 */
#include "tests/cpu/jit/native.h"
#include "tests/cpu/tables.h"

#include "cpu/engine/block_cache.h"
#include "cpu/mmu/tlb.h"

#define LEAF (PTE_V | PTE_R | PTE_W | PTE_X | PTE_U | PTE_A | PTE_D)
/* Consecutive virtual pages, and the pages of RAM to which they are mapped. */
#define CODE 0x40000000ull
#define FIRST (CODE + PAGE_SIZE)
#define SECOND (CODE + 2 * PAGE_SIZE)
#define CODE_PA (RAM_BASE + 8 * MiB)
#define FIRST_PA (CODE_PA + 5 * PAGE_SIZE)
#define SECOND_PA (CODE_PA + 3 * PAGE_SIZE)
#define OTHER_PA (CODE_PA + 7 * PAGE_SIZE)
/* A round of the loop. */
#define INSNS 4u

struct sited {
	struct native_machine native;
	struct hart *hart;
	struct stage stage;
	struct tables tables;
};

static void sites_write(struct sited *s, u64 pa, u64 value)
{
	assert_true(bus_dma_write(&s->native.machine->platform.bus, pa, &value, sizeof(value)));
}

/*
 * Sets up a loop with an access by a0. After the access a0 is changed by xor with a2; the value
 * that is loaded is added to a1.
 */
static void sites_setup(struct sited *s, u32 access)
{
	/* The access; add a1, a1, t0; xor a0, a0, a2; jal zero, . - 12 */
	const u32 loop[INSNS] = { access, 0x005585b3, 0x00c54533, 0xff5ff06f };

	*s = (struct sited){ 0 };
	native_setup(&s->native);
	s->hart = &s->native.machine->hart;
	machine_open_pmp(s->native.machine);
	tables_init(&s->tables, s->native.machine, &s->stage, 3);
	tables_map(&s->tables, CODE, 0, CODE_PA >> 2 | LEAF);
	tables_map(&s->tables, FIRST, 0, FIRST_PA >> 2 | LEAF);
	tables_map(&s->tables, SECOND, 0, SECOND_PA >> 2 | LEAF);
	native_put(&s->native, CODE_PA, loop, INSNS);
	s->hart->s[BANK_HS].atp = 8ull << 60 | s->stage.root >> 12;
	s->hart->priv = PRIV_U;
	hart_regime_changed(s->hart);
}

/*
 * Runs rounds of the loop, with a0 at an address at first, and `by` in a2. Returns by how much a1
 * has grown.
 */
static u64 sites_run(struct sited *s, u64 addr, u64 by, u64 rounds)
{
	u64 before = s->hart->x[11];

	s->hart->x[10] = addr;
	s->hart->x[12] = by;
	s->hart->pc = CODE;
	hart_run(s->hart, jit_run, rounds * INSNS);
	assert_int_equal(s->hart->priv, PRIV_U);
	return s->hart->x[11] - before;
}

#define LOAD 0x00053283u /* ld t0, 0(a0) */
#define STORE 0x00d53023u /* sd a3, 0(a0) */

/* When a virtual page is mapped to another page, the site no longer hits. */
static void test_another_page(void **unused)
{
	struct sited s;

	sites_setup(&s, LOAD);
	sites_write(&s, FIRST_PA, 3);
	sites_write(&s, SECOND_PA, 5);
	sites_write(&s, OTHER_PA, 7);
	assert_int_equal(sites_run(&s, FIRST, 0, 1000), 3000);
	assert_int_equal(sites_run(&s, SECOND, 0, 1000), 5000);
	sites_write(&s, tables_entry_pa(&s.tables, SECOND, 0), OTHER_PA >> 2 | LEAF);
	assert_int_equal(sites_run(&s, SECOND, 0, 1000), 7000);
	assert_int_equal(sites_run(&s, FIRST, 0, 1000), 3000);
	tables_map(&s.tables, FIRST, 0, OTHER_PA >> 2 | LEAF);
	assert_int_equal(sites_run(&s, FIRST, 0, 1000), 7000);
	native_teardown(&s.native);
}

/* An access that crosses into another page does not hit in a site that has either page. */
static void test_two_pages(void **unused)
{
	struct sited s;

	sites_setup(&s, LOAD);
	sites_write(&s, FIRST_PA + PAGE_SIZE - 8, 3ull << 32);
	sites_write(&s, SECOND_PA, 5);
	assert_int_equal(sites_run(&s, SECOND, 0, 1000), 5000);
	assert_int_equal(sites_run(&s, SECOND - 4, 0, 10), 10 * (5ull << 32 | 3));
	assert_int_equal(sites_run(&s, FIRST, 0, 1000), 0);
	assert_int_equal(sites_run(&s, SECOND - 4, 0, 10), 10 * (5ull << 32 | 3));
	assert_int_equal(sites_run(&s, SECOND + 4, 0, 10), 0);
	assert_int_equal(sites_run(&s, SECOND, 0, 10), 50);
	native_teardown(&s.native);
}

static struct block *sites_block(struct sited *s, u64 pc)
{
	bool trapped;

	s->hart->pc = pc;
	return block_cache_find(s->hart, &trapped);
}

/* An access that is in another page in each round soon no longer uses a site. */
static void test_pages_in_turn(void **unused)
{
	struct sited s;

	if (TLB_ENTRIES == 1)
		skip(); /* there are no sites */
	sites_setup(&s, LOAD);
	sites_write(&s, FIRST_PA, 3);
	sites_write(&s, SECOND_PA, 5);
	sites_run(&s, FIRST, 0, 10000);
	assert_int_equal(sites_block(&s, CODE)->unsited, 0);
	assert_int_equal(sites_run(&s, FIRST, FIRST ^ SECOND, 10000), 40000);
	assert_int_equal(sites_block(&s, CODE)->unsited, 1);
	assert_int_equal(sites_run(&s, FIRST, FIRST ^ SECOND, 10000), 40000);
	assert_non_null(sites_block(&s, CODE)->direct);
	native_teardown(&s.native);
}

/* Runs code at CODE that jumps back to CODE, with its access by a0 alternately in two pages. */
static u64 sites_unsited(struct sited *s, const u32 *code, unsigned count, u64 steps)
{
	native_put(&s->native, CODE_PA, code, count);
	s->hart->x[10] = FIRST;
	s->hart->x[12] = FIRST ^ SECOND;
	s->hart->x[13] = SECOND;
	s->hart->pc = CODE;
	hart_run(s->hart, jit_run, steps);
	assert_int_equal(s->hart->priv, PRIV_U);
	return sites_block(s, CODE)->unsited;
}

/*
 * An access that is in another page each time soon no longer uses a site, even if it runs seldom.
 * If it runs very seldom, the block's other accesses that are in no loop do not use sites, either.
 */
static void test_seldom(void **unused)
{
	/* ld t0, 0(a0); xor a0, a0, a2; ld t1, 0(a3); addi t2, zero, 300; jal zero, . + 4 */
	u32 flat[] = { LOAD, 0x00c54533, 0x0006b303, 0x12c00393, 0x0040006f,
		       /* addi t2, t2, -1; bne t2, zero, . - 4; jal zero, . - 28 */
		       0xfff38393, 0xfe039ee3, 0xfe5ff06f };
	/* ld t1, 0(a3); addi t2, t2, -1; bne t2, zero, . - 8; ld t0, 0(a0); xor a0, a0, a2 */
	const u32 loop[] = { 0x0006b303, 0xfff38393, 0xfe039ce3, LOAD, 0x00c54533,
			     /* addi t2, zero, 2000; jal zero, . + 4; jal zero, . - 28 */
			     0x7d000393, 0x0040006f, 0xfe5ff06f };
	struct sited s;

	if (TLB_ENTRIES == 1)
		skip(); /* there are no sites */
	sites_setup(&s, LOAD);
	assert_int_equal(sites_unsited(&s, flat, ARRAY_SIZE(flat), 400000), 1);
	flat[3] = 0x7d000393; /* addi t2, zero, 2000 */
	assert_int_equal(sites_unsited(&s, flat, ARRAY_SIZE(flat), 3000000), UINT64_MAX);
	assert_int_equal(sites_unsited(&s, loop, ARRAY_SIZE(loop), 6000000), ~7ull);
	native_teardown(&s.native);
}

/* A store that uses a site is detected after code was decoded from its page. */
static void test_page_of_code(void **unused)
{
	struct block_cache_stats stats;
	struct sited s;

	sites_setup(&s, STORE);
	s.hart->x[13] = 0x0000006f0000006full; /* jal zero, . */
	sites_run(&s, FIRST, 0, 1000);
	assert_int_equal(sites_block(&s, FIRST)->insn[0].op, OP_jal);
	s.hart->x[13] = 0x0000007300000073ull; /* ecall */
	sites_run(&s, FIRST, 0, 1);
	assert_int_equal(sites_block(&s, FIRST)->insn[0].op, OP_ecall);
	block_cache_stats(s.native.harts.blocks, &stats);
	assert_int_equal(stats.dropped, 1);
	native_teardown(&s.native);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_another_page),
	cmocka_unit_test(test_two_pages),
	cmocka_unit_test(test_pages_in_turn),
	cmocka_unit_test(test_seldom),
	cmocka_unit_test(test_page_of_code),
	{ 0 },
};
