/* SPDX-License-Identifier: MIT */
/*
 * Tests that the word that C906 fetches at an address changes, or is forbidden, only if its group
 * of words has changed: a memo does not ask for the other groups again.
 */
#include "cpu/mmu/pte.h"
#include "cpu/timing/c906/actions.h"
#include "cpu/timing/c906/ifu/icache.h"
#include "tests/cpu/random.h"
#include "tests/cpu/timing/unit.h"

#define BASE 0x80000000ull
#define PAGES 4 /* as many virtual as physical ones */
#define LINES (PAGES * PAGE_SIZE / C906_LINE)
#define MODES (C906_TRANSLATED + 1)
#define ROUNDS 2000
#define EXECUTES (PTE_V | PTE_R | PTE_X)
#define REACH (C906_USERS | C906_SUPERVISORS)

static struct c906_env env;
static struct c906_tables tables;
static struct c906_mmu mmu;
static u64 seed;

static u64 below(u64 limit)
{
	return random_u64(&seed) % limit;
}

/* Reads memory as if all code had been written since it was read last. */
static bool c906_icache_read_memory(void *ctx, u64 pa, void *data, size_t size)
{
	for (size_t n = 0; n < size; n++)
		((u8 *)data)[n] = (u8)random_u64(&seed);
	return true;
}

static int c906_icache_prepare(void **state)
{
	memset(&env, 0, sizeof(env));
	memset(&tables, 0, sizeof(tables));
	memset(&mmu, 0, sizeof(mmu));
	seed = 11;
	env.tables = &tables;
	env.now = 1000;
	env.params.icache_sets = 128; /* more than there are groups */
	env.params.jtlb_sets = 64;
	env.levels = 3;
	env.host.read = c906_icache_read_memory;
	return 0;
}

/*
 * The results of fetches in each mode: of one word of each line, at different offsets in the lines.
 */
struct fetched {
	u64 of[MODES][LINES];
};

static u64 word_of_line(unsigned line)
{
	return BASE + line * C906_LINE + line % (C906_LINE / 4) * 4;
}

static void fetch_all(struct fetched *fetched)
{
	for (unsigned mode = 0; mode < MODES; mode++)
		for (unsigned n = 0; n < LINES; n++)
			fetched->of[mode][n] =
				c906_action_fetch(&env, word_of_line(n), mode, REACH);
}

static u64 draw_line(void)
{
	return BASE + below(LINES) * C906_LINE;
}

static void refill(void)
{
	u64 va = draw_line(), pa = align_down(draw_line(), PAGE_SIZE) | (va & (PAGE_SIZE - 1));

	c906_action_line_begins(&env, va);
	if (below(8))
		c906_action_line_ends(&env, va, pa);
}

static void invalidate(void)
{
	const struct c906_icache_cycle cycle = { .ready = true };
	struct c906_icache icache = { .reading = false };

	c906_icache_invalidate(&icache);
	c906_icache_step(&icache, &env, BASE, &cycle);
}

/*
 * Fills the micro-TLB, if it lacks the page, as a walk does, or as a fill without a walk does. A
 * large page may overlap small ones that are present, and they need not agree.
 */
static void fill_page(void)
{
	unsigned mode = (unsigned)below(MODES), level = !below(8);
	u64 va = draw_line(), rights = below(4) ? EXECUTES : EXECUTES & ~PTE_X;

	if (c906_action_fetch(&env, va, mode, REACH))
		return;
	if (mode != C906_TRANSLATED) {
		c906_action_page_fill(&env, va, mode, true);
	} else if (below(2)) {
		tables.learned.walk.va = va;
		tables.learned.walk.leaf = draw_line() >> PAGE_SHIFT << 10 | rights;
		c906_action_walked(&env, va, level, true, true);
	} else {
		c906_action_jtlb(&env, va, level, true, true);
	}
}

/* Executes SFENCE.VMA for a page, or for all. */
static void fence(void)
{
	c906_mmu_hold(&mmu, &env, below(2), draw_line());
	env.now++;
	c906_mmu_step(&mmu, &env);
	mmu.held = 0;
}

static void change_something(void)
{
	switch (below(32)) {
	case 0:
		invalidate();
		break;
	case 1:
		c906_mmu_clear_utlbs(&env);
		break;
	case 2:
		fence();
		break;
	case 3 ... 12:
		fill_page();
		break;
	case 13 ... 16:
		/* The order of use of pages matters only where two of them contain an address. */
		c906_action_fetch_turn(&env, draw_line(), (unsigned)below(MODES));
		break;
	default:
		refill();
		break;
	}
}

static unsigned count_changed(u64 version)
{
	unsigned count = 0;

	for (unsigned group = 0; group < MEMO_GROUPS; group++)
		count += tables.changed[group] > version;
	return count;
}

static void words_change_with_their_groups(void **state)
{
	static struct fetched was, is;
	unsigned differ = 0;

	fetch_all(&was);
	for (unsigned round = 0; round < ROUNDS; round++) {
		u64 version = tables.version;

		change_something();
		fetch_all(&is);
		for (unsigned n = 0; n < MODES * LINES; n++) {
			if (is.of[n / LINES][n % LINES] == was.of[n / LINES][n % LINES])
				continue;
			differ++;
			assert_true(tables.changed[c906_word_group(word_of_line(n % LINES))] >
				    version);
		}
		was = is;
	}
	assert_true(differ > ROUNDS);
}

/* A refill fills one line, and replaces another one. */
static void refills_change_few_groups(void **state)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		u64 version = tables.version, va = draw_line();

		c906_action_line_begins(&env, va);
		assert_true(count_changed(version) == 1);
		version = tables.version;
		c906_action_line_ends(&env, va, va);
		assert_true(count_changed(version) == 1);
		assert_int_equal(tables.changed[c906_word_group(va)], tables.version);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_setup(words_change_with_their_groups, c906_icache_prepare),
	cmocka_unit_test_setup(refills_change_few_groups, c906_icache_prepare),
	{ 0 },
};
