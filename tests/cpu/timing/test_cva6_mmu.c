/* SPDX-License-Identifier: MIT */
/* Tests CVA6's TLBs and walker: how long a walk takes, how it ends, what fences forget. */
#include "cpu/timing/cva6/mmu.h"
#include "tests/cpu/timing/unit.h"

#define VA 0x40201000ull
#define ROOT 0x80000000ull
#define SATP_OF(mode) ((u64)(mode) << 60 | 5ull << 44 | ROOT >> 12)
#define SATP SATP_OF(8)
#define TABLE(pa) ((u64)(pa) >> 12 << 10 | 1)
#define LEAF(pa) ((u64)(pa) >> 12 << 10 | 0xcf)

/* The tables of VA follow each other in memory; a test chooses the last entry. */
static u64 entry_of_level[5];
static unsigned root_level;

static bool cva6_mmu_read_memory(void *ctx, u64 pa, void *data, size_t size)
{
	unsigned table = (unsigned)((pa - ROOT) / PAGE_SIZE);

	/* VA has index 1 in each of them. */
	if (table > root_level || (pa & (PAGE_SIZE - 1)) != 8)
		return false;
	memcpy(data, &entry_of_level[root_level - table], size);
	return true;
}

static const struct timing_host host = { .read = cva6_mmu_read_memory };
static const struct cva6_params params = { .itlb_entries = 4, .dtlb_entries = 4 };

struct bench {
	struct cva6_mmu mmu;
	struct cva6_tlbs tlbs;
	struct cva6_context context;
	struct cva6_mmu_cycle cycle;
	u64 va;
	bool granted; /* granted in the cycle before: the cache answers now */
	unsigned now;
};

static void cva6_mmu_prepare(struct bench *bench)
{
	*bench = (struct bench){
		.va = VA,
		.context = { .satp = SATP, .levels = 3, .tables = true, .data_translated = true,
			     .after = 1 | 1 << TIMING_DATA_MODE_SHIFT },
	};
	cva6_tlbs_reset(&bench->tlbs, &params);
	root_level = 2;
	entry_of_level[2] = TABLE(ROOT + PAGE_SIZE);
	entry_of_level[1] = TABLE(ROOT + 2 * PAGE_SIZE);
	entry_of_level[0] = LEAF(0x80005000);
}

/* Prepares Sv48 or Sv57, with an address that has index 1 in each table there, too. */
static void prepare_deeper(struct bench *bench, unsigned levels)
{
	cva6_mmu_prepare(bench);
	root_level = levels - 1;
	bench->context.satp = SATP_OF(5 + levels);
	bench->context.levels = (u8)levels;
	for (unsigned level = 1; level < levels; level++)
		entry_of_level[level] = TABLE(ROOT + (levels - level) * PAGE_SIZE);
	for (unsigned level = 3; level < levels; level++)
		bench->va |= 1ull << (12 + 9 * level);
}

/*
 * Executes a cycle in which its address is requested; the cache grants at once and answers a cycle
 * later.
 */
static void cva6_mmu_step_cycle(struct bench *bench, bool data, bool fetch)
{
	bench->cycle = (struct cva6_mmu_cycle){
		.tlbs = &bench->tlbs, .context = &bench->context, .data_request = data,
		.data_looks_up = data, .fetch_request = fetch, .data_va = bench->va,
		.fetch_va = bench->va,
	};
	cva6_mmu_lookup(&bench->mmu, &bench->cycle);
	bench->cycle.granted = bench->cycle.walker_request;
	bench->cycle.answered = bench->granted;
	bench->granted = bench->cycle.granted;
	cva6_mmu_step(&bench->mmu, &host, &bench->cycle);
	bench->now++;
}

/* The entry hits after 2 cycles until the walk starts, and 3 for each level. */
static void walks_take_three_cycles_a_level(void **state)
{
	struct bench bench;

	cva6_mmu_prepare(&bench);
	do {
		cva6_mmu_step_cycle(&bench, true, false);
	} while (!bench.cycle.data_hit && bench.now < 100);
	assert_int_equal(bench.now - 1, 2 + 3 * 3);
	assert_int_equal(bench.cycle.data_pa, 0x80005000);

	cva6_mmu_prepare(&bench);
	entry_of_level[1] = LEAF(0x80400000);
	do {
		cva6_mmu_step_cycle(&bench, true, false);
	} while (!bench.cycle.data_hit && bench.now < 100);
	assert_int_equal(bench.now - 1, 2 + 3 * 2);
	assert_int_equal(bench.cycle.data_pa, 0x80401000);
}

/* The core has no more than Sv39; a program for a larger hart uses deeper tables. */
static void deeper_tables_take_more_reads(void **state)
{
	struct bench bench;

	for (unsigned levels = 4; levels <= 5; levels++) {
		prepare_deeper(&bench, levels);
		do {
			cva6_mmu_step_cycle(&bench, true, false);
		} while (!bench.cycle.data_hit && bench.now < 100);
		assert_int_equal(bench.now - 1, 2 + 3 * levels);
		assert_int_equal(bench.cycle.data_pa, 0x80005000);
		cva6_mmu_step_cycle(&bench, false, true);
		assert_false(bench.cycle.fetch_fault);
	}
}

static void fetches_are_walked_too(void **state)
{
	struct bench bench;

	cva6_mmu_prepare(&bench);
	do {
		cva6_mmu_step_cycle(&bench, false, true);
	} while (!bench.cycle.fetch_valid && bench.now < 100);
	assert_false(bench.cycle.fetch_fault);
	assert_int_equal(bench.cycle.fetch_pa, 0x80005000);
	/* The data TLB does not get the entry. */
	cva6_mmu_step_cycle(&bench, true, false);
	assert_false(bench.cycle.data_hit);
}

static void invalid_entries_fail(void **state)
{
	struct bench bench;

	cva6_mmu_prepare(&bench);
	entry_of_level[0] = 0;
	do {
		cva6_mmu_step_cycle(&bench, true, false);
	} while (!bench.cycle.data_walk_failed && bench.now < 100);
	assert_true(bench.cycle.data_walk_failed);
	assert_false(bench.cycle.data_hit);
	cva6_mmu_prepare(&bench);
	entry_of_level[0] = LEAF(0x80005000) & ~8ull; /* not executable */
	do {
		cva6_mmu_step_cycle(&bench, false, true);
	} while (!bench.cycle.fetch_valid && bench.now < 100);
	assert_true(bench.cycle.fetch_fault);
}

/* A page of the other mode is denied when it is in the TLB. */
static void user_pages_are_not_the_supervisors(void **state)
{
	struct bench bench;

	cva6_mmu_prepare(&bench);
	entry_of_level[0] = LEAF(0x80005000) | 0x10;
	do {
		cva6_mmu_step_cycle(&bench, false, true);
	} while (!bench.cycle.fetch_valid && bench.now < 100);
	assert_true(bench.cycle.fetch_fault);
	assert_non_null(bench.cycle.itlb_hit);
}

static void machine_mode_is_not_translated(void **state)
{
	struct bench bench;

	cva6_mmu_prepare(&bench);
	bench.context.after = 3 | 3 << TIMING_DATA_MODE_SHIFT;
	bench.context.data_translated = cva6_data_translated(&bench.context);
	cva6_mmu_step_cycle(&bench, true, true);
	assert_true(bench.cycle.data_hit && bench.cycle.fetch_valid);
	assert_int_equal(bench.cycle.data_pa, VA);
}

/*
 * An untranslated access matches an entry with any ASID, and its use turns the root of the PLRU
 * tree away from the entry.
 */
static void what_is_not_translated_uses_entries(void **state)
{
	struct bench bench;

	cva6_mmu_prepare(&bench);
	while (!bench.cycle.data_hit && bench.now < 100)
		cva6_mmu_step_cycle(&bench, true, false);
	bench.context.after = 3 | 3 << TIMING_DATA_MODE_SHIFT;
	bench.context.data_translated = cva6_data_translated(&bench.context);
	bench.context.satp = SATP ^ 1ull << 44;
	bench.tlbs.dtlb.tree[0] = 0;
	plru_tlb_changed(&bench.tlbs.dtlb);
	cva6_mmu_step_cycle(&bench, false, true);
	assert_int_equal(bench.tlbs.dtlb.tree[0], 0);
	cva6_mmu_step_cycle(&bench, true, false);
	assert_int_equal(bench.tlbs.dtlb.tree[0], 1);
	assert_int_equal(bench.cycle.data_pa, VA);
}

static bool hits_after_fence(struct bench *bench, u64 va, u64 asid)
{
	cva6_mmu_prepare(bench);
	while (!bench->cycle.data_hit && bench->now < 100)
		cva6_mmu_step_cycle(bench, true, false);
	cva6_tlbs_fence(&bench->tlbs, va, asid);
	cva6_mmu_step_cycle(bench, true, false);
	return bench->cycle.data_hit;
}

/* A fence depends on the values of its operands, not on their registers: zero means all. */
static void fences_are_precise(void **state)
{
	struct bench bench;

	assert_false(hits_after_fence(&bench, 0, 0));
	assert_false(hits_after_fence(&bench, VA + 8, 0));
	assert_true(hits_after_fence(&bench, VA + PAGE_SIZE, 0));
	assert_false(hits_after_fence(&bench, 0, 5));
	assert_true(hits_after_fence(&bench, 0, 6));
	assert_true(hits_after_fence(&bench, VA, 6));
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(walks_take_three_cycles_a_level),
	cmocka_unit_test(deeper_tables_take_more_reads),
	cmocka_unit_test(fetches_are_walked_too),
	cmocka_unit_test(invalid_entries_fail),
	cmocka_unit_test(user_pages_are_not_the_supervisors),
	cmocka_unit_test(machine_mode_is_not_translated),
	cmocka_unit_test(what_is_not_translated_uses_entries),
	cmocka_unit_test(fences_are_precise),
	{ 0 },
};
