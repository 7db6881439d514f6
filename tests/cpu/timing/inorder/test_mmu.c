/* SPDX-License-Identifier: MIT */
/*
 * Tests walks of one stage and of two: which entries they read, at which addresses, in how many
 * cycles, and what TLBs remember of them.
 */
#include "cpu/hart/hart.h"
#include "cpu/mmu/pte.h"
#include "cpu/mmu/regime.h"
#include "cpu/timing/core.h"
#include "cpu/timing/inorder/data.h"
#include "cpu/timing/inorder/mmu.h"
#include "tests/cmocka.h"

#include <stdlib.h>
#include <string.h>

#define BASE 0x80000000ull
#define PAGES 64
#define POINTER PTE_V
#define LEAF (PTE_V | PTE_R | PTE_W | PTE_X)

/* The second stage maps the guest's memory at its own address, and again at this offset. */
#define FURTHER 0x40000000ull

struct bench {
	u64 memory[PAGES][PAGE_SIZE / sizeof(u64)];
	struct timing_core core;
	struct timing_tally tally;
	struct timing_host host;
	struct inorder_memory below;
	struct inorder_data data;
	struct inorder_mmu mmu;
};

static bool mmu_read_memory(void *ctx, u64 pa, void *data, size_t size)
{
	struct bench *bench = ctx;

	if (!range_within(pa, size, BASE, sizeof(bench->memory)))
		return false;
	memcpy(data, (u8 *)bench->memory + (pa - BASE), size);
	return true;
}

static u64 page_at(unsigned n)
{
	return BASE + n * PAGE_SIZE;
}

/* Makes entry `index` of the table that is page n lead to pa. */
static void mmu_put(struct bench *bench, unsigned n, u64 index, u64 pa, u64 flags)
{
	bench->memory[n][index] = (pa >> PAGE_SHIFT) << 10 | flags;
}

#define GUEST_ROOT 8 /* Sv39: pages 8, 9, 10 */
#define HOST_ROOT 16 /* Sv39x4: pages 16 to 19, then 20, 21 */
#define TARGET 30
#define VA 0x123456789000ull /* it is not canonical, which is not checked here */

static u64 index_of(u64 va, unsigned level, unsigned wider)
{
	return bits(va, PAGE_SHIFT + 9 * level, 9 + wider);
}

/* Makes both stages with pages of 4 KiB; the second one maps all pages of memory. */
static void put_tables(struct bench *bench)
{
	u64 *root = bench->memory[HOST_ROOT];

	mmu_put(bench, GUEST_ROOT, index_of(VA, 2, 0), page_at(9) + FURTHER, POINTER);
	mmu_put(bench, 9, index_of(VA, 1, 0), page_at(10) + FURTHER, POINTER);
	mmu_put(bench, 10, index_of(VA, 0, 0), page_at(TARGET) + FURTHER, LEAF);
	root[index_of(BASE + FURTHER, 2, 2)] = (page_at(20) >> PAGE_SHIFT) << 10 | POINTER;
	mmu_put(bench, 20, index_of(BASE + FURTHER, 1, 0), page_at(21), POINTER);
	for (unsigned n = 0; n < PAGES; n++)
		mmu_put(bench, 21, index_of(page_at(n) + FURTHER, 0, 0), page_at(n), LEAF);
}

static struct bench *bench_create(void)
{
	const struct timing_host host = { .read = mmu_read_memory };
	struct bench *bench = calloc(1, sizeof(*bench));
	const struct inorder_params *params = (const void *)bench->core.values;
	struct timing_error error;

	assert_non_null(bench);
	if (timing_core_read(&bench->core, CORES "/u74.core", &error) < 0)
		fail_msg("%s", error.text);
	bench->host = host;
	bench->host.ctx = bench;
	bench->data.tally = bench->below.tally = bench->mmu.tally = &bench->tally;
	bench->data.memory = &bench->below;
	bench->data.mmu = &bench->mmu;
	bench->mmu.data = &bench->data;
	bench->mmu.host = &bench->host;
	assert_int_equal(inorder_memory_init(&bench->below, params, NULL), 0);
	assert_int_equal(inorder_data_init(&bench->data, params, NULL), 0);
	assert_int_equal(inorder_mmu_init(&bench->mmu, params), 0);
	inorder_memory_reset(&bench->below);
	inorder_mmu_reset(&bench->mmu);
	inorder_data_reset(&bench->data);
	put_tables(bench);
	return bench;
}

static void bench_free(struct bench *bench)
{
	inorder_mmu_free(&bench->mmu);
	inorder_data_free(&bench->data);
	inorder_memory_free(&bench->below);
	free(bench);
}

static u64 atp(u64 pa)
{
	return (u64)SATP_SV39 << 60 | pa >> PAGE_SHIFT;
}

/* Returns how long an access waits for its translation. */
static u64 waits(struct bench *bench, bool guest)
{
	const struct inorder_reach reach = { .va = VA + 0x321, .guest = guest };

	return inorder_mmu_data(&bench->mmu, &reach, 1000) - 1000;
}

static u64 reads(const struct bench *bench)
{
	return bench->tally.count[TIMING_WALK_READ];
}

static bool holds(const struct bench *bench, unsigned page, u64 index)
{
	return inorder_cache_holds(&bench->data.cache, page_at(page) + 8 * index);
}

/* Each of the guest's three entries, and the page, takes three entries of the second stage. */
static void two_stages_are_walked_entry_by_entry(void **state)
{
	struct bench *bench = bench_create();
	const struct inorder_params *params = (const void *)bench->core.values;

	bench->mmu.vsatp = atp(page_at(GUEST_ROOT) + FURTHER);
	bench->mmu.hgatp = atp(page_at(HOST_ROOT));
	bench->mmu.after = PRIV_S | PRIV_S << TIMING_DATA_MODE_SHIFT | TIMING_VIRTUAL;
	assert_true(waits(bench, false) > 0);
	assert_int_equal(reads(bench), 4 * 3 + 3);
	assert_true(holds(bench, GUEST_ROOT, index_of(VA, 2, 0)));
	assert_true(holds(bench, 9, index_of(VA, 1, 0)));
	assert_true(holds(bench, 10, index_of(VA, 0, 0)));
	assert_true(holds(bench, HOST_ROOT, index_of(BASE + FURTHER, 2, 2)));
	assert_true(holds(bench, 20, index_of(BASE + FURTHER, 1, 0)));
	for (unsigned n = 8; n <= 10; n++)
		assert_true(holds(bench, 21, index_of(page_at(n) + FURTHER, 0, 0)));
	assert_true(holds(bench, 21, index_of(page_at(TARGET) + FURTHER, 0, 0)));
	/*
	 * The translation is cached; once it is forgotten, a walk takes these cycles, as all
	 * entries hit in the cache.
	 */
	assert_int_equal(waits(bench, false), 0);
	inorder_mmu_forget(&bench->mmu, &(struct inorder_forget){ .all = true, .spaces = true });
	assert_int_equal(waits(bench, false),
			 params->walk_start + 15 * params->walk_level + params->walk_end);
	bench_free(bench);
}

/* Either stage may be bare; without a guest the guest's tables are not read. */
static void stages_may_be_bare(void **state)
{
	struct bench *bench = bench_create();
	u64 before;

	bench->mmu.after = PRIV_S | PRIV_S << TIMING_DATA_MODE_SHIFT;
	bench->mmu.vsatp = atp(page_at(GUEST_ROOT));
	bench->memory[GUEST_ROOT][index_of(VA, 2, 0)] -= FURTHER >> 2;
	bench->memory[9][index_of(VA, 1, 0)] -= FURTHER >> 2;
	waits(bench, true);
	assert_int_equal(reads(bench), 3);
	before = reads(bench);
	bench->mmu.vsatp = 0;
	bench->mmu.hgatp = atp(page_at(HOST_ROOT));
	inorder_mmu_forget(&bench->mmu, &(struct inorder_forget){ .all = true, .spaces = true });
	inorder_mmu_data(&bench->mmu, &(struct inorder_reach){
		.va = page_at(TARGET) + FURTHER, .guest = true }, 0);
	assert_int_equal(reads(bench) - before, 3);
	before = reads(bench);
	bench->mmu.satp = atp(page_at(GUEST_ROOT));
	waits(bench, false);
	assert_int_equal(reads(bench) - before, 3);
	bench_free(bench);
}

/* The pages of one guest are not used for another, nor for the host with the same ASID. */
static void spaces_are_apart(void **state)
{
	struct bench *bench = bench_create();
	u64 before;

	bench->mmu.after = PRIV_S | PRIV_S << TIMING_DATA_MODE_SHIFT | TIMING_VIRTUAL;
	bench->mmu.vsatp = atp(page_at(GUEST_ROOT) + FURTHER);
	bench->mmu.hgatp = atp(page_at(HOST_ROOT));
	waits(bench, false);
	before = reads(bench);
	bench->mmu.hgatp |= 1ull << 44;
	waits(bench, false);
	assert_int_equal(reads(bench) - before, 15);
	inorder_mmu_forget(&bench->mmu, &(struct inorder_forget){
		.all = true, .space = inorder_mmu_guest_space(&bench->mmu, 0) });
	before = reads(bench);
	bench->mmu.hgatp &= ~(1ull << 44);
	waits(bench, false);
	assert_int_equal(reads(bench), before);
	bench->mmu.after &= (u8)~TIMING_VIRTUAL;
	bench->mmu.satp = atp(page_at(GUEST_ROOT));
	waits(bench, false);
	assert_true(reads(bench) > before);
	bench_free(bench);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(two_stages_are_walked_entry_by_entry),
	cmocka_unit_test(stages_may_be_bare),
	cmocka_unit_test(spaces_are_apart),
	{ 0 },
};
