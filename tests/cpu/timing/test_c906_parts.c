/* SPDX-License-Identifier: MIT */
/*
 * Tests parts of C906 that can be tested alone: bus, micro-TLB, walks, store and load streams,
 * lines that are moved, cleaning.
 */
#include "cpu/hart/exception.h"
#include "cpu/mmu/pte.h"
#include "cpu/mmu/regime.h"
#include "cpu/timing/c906/lsu/lsu.h"
#include "cpu/timing/c906/lsu/streams.h"
#include "cpu/timing/c906/mmu/utlb.h"
#include "tests/cpu/timing/unit.h"

#define LATENCY 20
#define BASE 0x80000000

static struct c906_env env;
static struct c906_tables tables;
static struct c906_learned *const learned = &tables.learned;

static int c906_parts_prepare(void **state)
{
	memset(&env, 0, sizeof(env));
	memset(&tables, 0, sizeof(tables));
	env.tables = &tables;
	env.now = 1000;
	env.params.memory_latency = LATENCY;
	env.params.dcache_sets = 128;
	env.params.amr_enabled = env.params.dprefetch_enabled = 1;
	env.params.amr_lines = 4;
	env.params.dprefetch_distance = 16;
	env.params.dprefetch_global_hits = 15;
	env.params.dprefetch_pc_hits = 3;
	env.params.dprefetch_timeout = 63;
	return 0;
}

/* The latencies of two reads overlap, their beats do not. */
static void reads_answer_in_order(void **state)
{
	u64 first = c906_biu_read(&env), second;

	assert_int_equal(first, 1000 + 2 + LATENCY);
	env.now++;
	second = c906_biu_read(&env);
	assert_int_equal(second, first + C906_BEATS);
	env.now += 100;
	assert_int_equal(c906_biu_read(&env), env.now + 2 + LATENCY);
}

/*
 * Only the low address bits are compared, those of 256 lines: a read of another line with the same
 * low bits waits as well.
 */
static void read_waits_for_writes_to_its_line(void **state)
{
	unsigned write = c906_biu_write(&env, BASE + 0x48, false);

	assert_false(c906_biu_read_waits(&env, BASE + 0x40));
	env.now++;
	assert_true(c906_biu_read_waits(&env, BASE + 0x40));
	assert_true(c906_biu_read_waits(&env, BASE + 0x4040));
	assert_false(c906_biu_read_waits(&env, BASE + 0x80));
	/*
	 * A write to other sixteen bytes of the line does not wait, unless one of them is a burst.
	 */
	assert_false(c906_biu_write_waits(&env, BASE + 0x50, false));
	assert_true(c906_biu_write_waits(&env, BASE + 0x50, true));
	c906_biu_write_ends(&env, write);
	assert_true(c906_biu_read_waits(&env, BASE + 0x40));
	env.now += 3 + LATENCY;
	assert_false(c906_biu_read_waits(&env, BASE + 0x40));
}

static void page(struct c906_pages *pages, u64 number)
{
	struct c906_page page = { .va = number << PAGE_SHIFT, .mode = C906_MACHINE, .valid = true };

	c906_pages_fill(pages, &page);
}

static void micro_tlb_holds_ten_pages(void **state)
{
	struct c906_pages pages = { .last = 0 };
	unsigned left = 0;

	for (u64 n = 0; n < C906_UTLB_PAGES; n++)
		page(&pages, n);
	for (u64 n = 0; n < C906_UTLB_PAGES; n++)
		assert_true(c906_pages_find(&pages, n << PAGE_SHIFT, C906_MACHINE));
	assert_false(c906_pages_find(&pages, 0, C906_TRANSLATED));
	page(&pages, 99);
	for (u64 n = 0; n < C906_UTLB_PAGES; n++)
		left += c906_pages_find(&pages, n << PAGE_SHIFT, C906_MACHINE);
	assert_int_equal(left, C906_UTLB_PAGES - 1);
	/* The page used last was not the one replaced. */
	assert_true(c906_pages_find(&pages, 9ull << PAGE_SHIFT, C906_MACHINE));
}

static unsigned c906_parts_store(u64 address, unsigned size)
{
	struct c906_access access = { .kind = C906_STORE, .pa = address, .size = (u8)size };

	c906_amr_store(&learned->amr, &env.params, &access, true);
	return learned->amr.state;
}

/*
 * Consecutive stores turn allocation off after four lines; four stores elsewhere turn it on again.
 */
static void long_runs_of_stores_allocate_nothing(void **state)
{
	u64 address = BASE;

	for (unsigned n = 0; n < 3 * C906_LINE / 8; n++, address += 8)
		assert_int_not_equal(c906_parts_store(address, 8), C906_AMR_ACTIVE);
	for (unsigned n = 0; n < 2 * C906_LINE / 8; n++, address += 8)
		c906_parts_store(address, 8);
	assert_int_equal(learned->amr.state, C906_AMR_ACTIVE);
	for (unsigned n = 0; n < 3; n++)
		assert_int_equal(c906_parts_store(address += 0x404, 8), C906_AMR_ACTIVE);
	assert_int_equal(c906_parts_store(address += 0x408, 8), C906_AMR_IDLE);
}

static void c906_parts_load(u64 address, u64 pc)
{
	struct c906_access access = { .kind = C906_LOAD, .va = address, .pa = address, .pc = pc };

	c906_prefetch_load(&learned->prefetcher, &env.params, &access, true);
}

/* The stream of all loads needs sixteen equal strides; that of a single pc needs four. */
static void streams_start_after_equal_strides(void **state)
{
	u64 address = BASE;

	for (unsigned n = 0; n < 7; n++, address += C906_LINE)
		c906_parts_load(address, 0x100);
	assert_int_equal(learned->prefetcher.stream[1].state, C906_STREAM_REQUEST);
	assert_int_equal(learned->prefetcher.stream[0].state, C906_STREAM_STRIDE);
	assert_int_equal(c906_prefetch_address(&learned->prefetcher.stream[1], BASE >> PAGE_SHIFT),
			 address);
	for (unsigned n = 0; n < 12; n++, address += C906_LINE)
		c906_parts_load(address, 0x100);
	assert_int_equal(learned->prefetcher.stream[0].state, C906_STREAM_REQUEST);
	/* The next load ends the streams of single pcs. */
	c906_parts_load(address, 0x100);
	assert_int_equal(learned->prefetcher.stream[1].state, C906_STREAM_IDLE);
}

static struct c906_context context_of(unsigned priv)
{
	return (struct c906_context){
		.satp = 8ull << 60, .after = (u8)(priv | priv << TIMING_DATA_MODE_SHIFT),
	};
}

/* Reads a page table in which each entry is a supervisor page of 1 GiB. */
static bool read_leaf(void *ctx, u64 pa, void *data, size_t size)
{
	const u64 leaf = PTE_V | PTE_R | PTE_W | PTE_X | PTE_A | PTE_D;

	memcpy(data, &leaf, size);
	return true;
}

/*
 * Returns whether the joint TLB has the page after a miss in one mode and a change to another one.
 */
static bool walk_finds(unsigned missed_in, unsigned then)
{
	const struct c906_context contexts[2] = { context_of(missed_in), context_of(then) };
	struct c906_mmu mmu;

	env.host.read = read_leaf;
	env.params.jtlb_sets = 64;
	memset(&tables, 0, sizeof(tables));
	c906_mmu_reset(&mmu, &env);
	c906_mmu_use(&mmu, &env, &contexts[0]);
	c906_mmu_miss(&mmu, &env, BASE, false);
	c906_mmu_use(&mmu, &env, &contexts[1]);
	for (u64 end = env.now + 100; env.now < end; env.now++) {
		mmu.walker.answered = c906_mmu_reads(&mmu);
		c906_mmu_step(&mmu, &env);
	}
	return c906_jtlb_find(&env, BASE, 2);
}

static void walk_keeps_the_mode_that_missed(void **state)
{
	assert_true(walk_finds(PRIV_S, PRIV_S));
	assert_false(walk_finds(PRIV_U, PRIV_U));
	assert_true(walk_finds(PRIV_S, PRIV_U));
	assert_false(walk_finds(PRIV_U, PRIV_S));
}

static void addresses_have_39_bits(void **state)
{
	struct c906_mmu mmu;

	c906_mmu_use(&mmu, &env, &(struct c906_context){ .satp = 8ull << 60 });
	assert_false(c906_is_illegal(&env, BIT(38) - 1, C906_TRANSLATED));
	assert_true(c906_is_illegal(&env, BIT(38), C906_TRANSLATED));
	assert_false(c906_is_illegal(&env, UINT64_MAX << 38, C906_TRANSLATED));
	assert_true(c906_is_illegal(&env, UINT64_MAX << 39, C906_TRANSLATED));
	assert_false(c906_is_illegal(&env, BIT(38), C906_MACHINE));
	assert_false(c906_is_illegal(&env, BIT(38), C906_BARE));
}

/*
 * Returns whether a fill begins to look up the line that it replaces while the victim buffer is
 * moving a line.
 */
static bool looks_while_moving(bool load)
{
	struct c906_lsu lsu = { .fill_victim = 1 };
	struct c906_lsu_cycle cycle = { .victim_free = false };

	env.params.fill_buffers = C906_FILLS_MAX;
	lsu.fill[0] = (struct c906_fill){ .state = C906_FILL_WAIT_BUS, .reads = load };
	lsu.fill[1].state = C906_FILL_WAIT_VICTIM;
	lsu.victim = (struct c906_victim){ .state = C906_VICTIM_OFFER, .moves = true };
	c906_rdl_step(&lsu, &env, &cycle);
	return lsu.rdl.state != C906_RDL_IDLE;
}

static void fills_wait_while_a_line_of_a_load_moves(void **state)
{
	assert_false(looks_while_moving(true));
	assert_true(looks_while_moving(false));
}

static u64 clean_with_dirty(unsigned set)
{
	tables.dcache[set][0] = (struct c906_dcache_line){ .tag = C906_VALID, .dirty = true };
	return c906_lsu_clean(&env);
}

/*
 * Cleaning goes from the last set to the first, so it has to wait for the write of a line in the
 * first.
 */
static void cleaning_ends_with_the_first_set(void **state)
{
	u64 nothing = c906_lsu_clean(&env), early = clean_with_dirty(127);

	assert_int_equal(nothing, 4 * 128);
	assert_int_equal(early, nothing + 7);
	assert_int_equal(clean_with_dirty(0), nothing + 7 + 8 - 1 + LATENCY);
	assert_int_equal(c906_lsu_clean(&env), nothing);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup(reads_answer_in_order, c906_parts_prepare),
	cmocka_unit_test_setup(read_waits_for_writes_to_its_line, c906_parts_prepare),
	cmocka_unit_test_setup(micro_tlb_holds_ten_pages, c906_parts_prepare),
	cmocka_unit_test_setup(long_runs_of_stores_allocate_nothing, c906_parts_prepare),
	cmocka_unit_test_setup(streams_start_after_equal_strides, c906_parts_prepare),
	cmocka_unit_test_setup(walk_keeps_the_mode_that_missed, c906_parts_prepare),
	cmocka_unit_test_setup(addresses_have_39_bits, c906_parts_prepare),
	cmocka_unit_test_setup(fills_wait_while_a_line_of_a_load_moves, c906_parts_prepare),
	cmocka_unit_test_setup(cleaning_ends_with_the_first_set, c906_parts_prepare),
	{ 0 },
};
