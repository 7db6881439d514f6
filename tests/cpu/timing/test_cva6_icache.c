/* SPDX-License-Identifier: MIT */
/* Tests CVA6's instruction cache: hits, misses, refills that were killed, flushes. */
#include "cpu/timing/cva6/actions.h"

#include "cpu/hart/exception.h"
#include "cpu/timing/pmp_csr.h"
#include "tests/cpu/random.h"
#include "tests/cpu/timing/unit.h"

#define BASE 0x80000000ull
#define SETS 4

static const struct cva6_params params = {
	.icache_sets = SETS, .icache_ways = 2, .icache_line = 16,
	.memory_cached_base = BASE, .memory_cached_size = 0x10000,
};

/* Each word holds its own address. */
static bool cva6_icache_read_memory(void *ctx, u64 pa, void *data, size_t size)
{
	for (size_t n = 0; n < size; n += 4) {
		u32 word = (u32)(pa + n);

		memcpy((u8 *)data + n, &word, 4);
	}
	return true;
}

static const struct timing_host host = { .read = cva6_icache_read_memory };

static int cva6_icache_setup(void **state)
{
	static struct cva6_icache icache;

	*state = &icache;
	if (cva6_icache_init(&icache, &params))
		return -1;
	cva6_icache_reset(&icache);
	return 0;
}

static int cva6_icache_teardown(void **state)
{
	cva6_icache_free(*state);
	return 0;
}

/* Executes a cycle in which each address is mapped to itself, and memory accepts requests. */
static struct cva6_icache_out cycle(struct cva6_icache *icache, struct cva6_icache_in in)
{
	struct cva6_icache_out out;

	in.translated = cva6_icache_translates(icache);
	in.mode = PRIV_M;
	in.paddr = icache->vaddr;
	in.accepts = true;
	cva6_icache_step(icache, &params, &host, &in, &out);
	return out;
}

static struct cva6_icache_out cva6_icache_request(struct cva6_icache *icache, u64 vaddr)
{
	return cycle(icache, (struct cva6_icache_in){ .request = true, .vaddr = vaddr });
}

static void flush_whole(struct cva6_icache *icache)
{
	for (unsigned n = 0; n < SETS; n++)
		assert_false(cva6_icache_request(icache, BASE).ready);
}

/* A miss waits and gets the word; then the rest of the line hits, a word a cycle. */
static void fetch_line(struct cva6_icache *icache, u64 vaddr)
{
	struct cva6_icache_out out;

	assert_true(cva6_icache_request(icache, vaddr).ready);
	out = cycle(icache, (struct cva6_icache_in){ 0 });
	assert_true(out.miss);
	assert_false(out.valid);
	for (unsigned n = 0; n < 5; n++)
		assert_false(cycle(icache, (struct cva6_icache_in){ 0 }).valid);
	out = cycle(icache, (struct cva6_icache_in){ .returned = true });
	assert_true(out.valid);
	assert_int_equal(out.word, (u32)vaddr);
	assert_int_equal(out.vaddr, vaddr);
}

static void lines_come_whole(void **state)
{
	struct cva6_icache *icache = *state;
	struct cva6_icache_out out;

	flush_whole(icache);
	fetch_line(icache, BASE + 4);
	assert_true(cva6_icache_request(icache, BASE + 8).ready);
	out = cva6_icache_request(icache, BASE + 12);
	assert_true(out.valid && out.ready);
	assert_int_equal(out.word, (u32)BASE + 8);
	out = cva6_icache_request(icache, BASE + 16);
	assert_int_equal(out.word, (u32)BASE + 12);
	assert_true(cycle(icache, (struct cva6_icache_in){ 0 }).miss);
}

/*
 * If a fetch is killed during its miss, the cache waits for the refill, but does not keep the line.
 */
static void killed_refills_are_lost(void **state)
{
	struct cva6_icache *icache = *state;

	flush_whole(icache);
	cva6_icache_request(icache, BASE);
	assert_true(cycle(icache, (struct cva6_icache_in){ 0 }).miss);
	cycle(icache, (struct cva6_icache_in){ .kill_s1 = true, .kill_s2 = true });
	assert_false(cva6_icache_request(icache, BASE + 64).ready);
	assert_false(cycle(icache, (struct cva6_icache_in){ .returned = true }).valid);
	fetch_line(icache, BASE);
}

/* A word that misses and is killed in the same cycle is not requested, and costs a cycle. */
static void killed_lookups_do_not_miss(void **state)
{
	struct cva6_icache *icache = *state;
	struct cva6_icache_out out;

	flush_whole(icache);
	fetch_line(icache, BASE + 64);
	cva6_icache_request(icache, BASE);
	out = cycle(icache, (struct cva6_icache_in){
		.kill_s2 = true, .request = true, .vaddr = BASE + 64,
	});
	assert_false(out.miss || out.ready);
	assert_true(cva6_icache_request(icache, BASE + 64).ready);
	assert_true(cycle(icache, (struct cva6_icache_in){ 0 }).valid);
}

static void flushes_take_a_cycle_a_set(void **state)
{
	struct cva6_icache *icache = *state;

	flush_whole(icache);
	fetch_line(icache, BASE);
	cycle(icache, (struct cva6_icache_in){ .flush = true });
	flush_whole(icache);
	fetch_line(icache, BASE);
}

/* A word that is not cached is fetched each time. */
static void uncached_words_are_not_kept(void **state)
{
	struct cva6_icache *icache = *state;

	flush_whole(icache);
	fetch_line(icache, 0x1000);
	fetch_line(icache, 0x1000);
}

static void faults_are_answered_at_once(void **state)
{
	struct cva6_icache *icache = *state;
	const struct cva6_icache_in in = { .translated = true, .fault = true, .accepts = true };
	struct cva6_icache_out out;

	flush_whole(icache);
	cva6_icache_request(icache, BASE);
	cva6_icache_step(icache, &params, &host, &in, &out);
	assert_true(out.valid && out.fault && !out.miss);
}

/*
 * A denied word is answered at once whether its line is cached or not, in the modes in which a PMP
 * entry denies it.
 */
static void denied_words_are_answered_at_once(void **state)
{
	struct cva6_icache *icache = *state;
	struct cva6_icache_out out;

	flush_whole(icache);
	fetch_line(icache, BASE);
	cva6_icache_protect(icache, PMP_CSR_ADDR0, BASE >> 2 | 7); /* 64 bytes */
	cva6_icache_protect(icache, PMP_CSR_CFG0, PMP_L | PMP_NAPOT << 3 | PMP_R);
	for (u64 at = BASE; at < BASE + 64; at += 32) {
		assert_true(cva6_icache_request(icache, at).ready);
		out = cycle(icache, (struct cva6_icache_in){ 0 });
		assert_true(out.valid && out.fault && !out.miss);
	}
	fetch_line(icache, BASE + 64);
	assert_int_equal(cva6_icache_word(icache, BASE + 64, PRIV_S), CVA6_DENIED);
}

#define RULES_CHANGED 2000
#define LOOKS 12 /* addresses asked for between two changes of a rule */

/* Returns an address near an end of a PMP region, or one anywhere in the range of the regions. */
static u64 draw_edge(const struct pmp *pmp, u64 *seed)
{
	unsigned n = (unsigned)(random_u64(seed) % PMP_REGIONS);
	u64 edge = random_u64(seed) % 2 ? pmp->start[n] : pmp->last[n] + 1;

	if (random_u64(seed) % 8 == 0)
		edge = BASE + random_u64(seed) % 0x100;
	return edge + random_u64(seed) % 17 - 8;
}

/*
 * Returns a random value for a PMP CSR: small regions that overlap, or sometimes the whole address
 * space; often without a lock.
 */
static u64 draw_rule(u32 *csr, u64 *seed)
{
	u64 ones = BIT(random_u64(seed) % 6) - 1;

	switch (random_u64(seed) % 8) {
	case 0:
		*csr = PMP_CSR_MSECCFG;
		/* With RLB no lock is permanent. */
		return PMP_RLB | (random_u64(seed) & PMP_SMEPMP);
	case 1 ... 3:
		*csr = PMP_CSR_CFG0 + (random_u64(seed) % 2 ? 2 : 0);
		return random_u64(seed) & random_u64(seed);
	default:
		*csr = PMP_CSR_ADDR0 + (u32)(random_u64(seed) % PMP_REGIONS);
		if (random_u64(seed) % 16 == 0)
			return random_u64(seed) % 2 ? 0 : PMP_ADDR_MASK;
		return ((BASE >> 2) + random_u64(seed) % 64) | ones;
	}
}

/* The rights of the latest word's surroundings are cached: that changes no word's rights. */
static void rights_are_those_of_each_word(void **state)
{
	struct cva6_icache *icache = *state;
	struct pmp rules = { .rules = PMP_RLB };
	unsigned denied = 0;
	u64 seed = 3;

	icache->pmp = rules;
	cva6_icache_forget_rights(icache);
	for (unsigned change = 0; change < RULES_CHANGED; change++) {
		u32 csr;
		u64 value = draw_rule(&csr, &seed);

		cva6_icache_protect(icache, csr, value);
		pmp_csr_take(&rules, csr, value);
		for (unsigned n = 0; n < LOOKS; n++) {
			static const u8 modes[] = { PRIV_U, PRIV_S, PRIV_M };
			u64 at = draw_edge(&rules, &seed);
			u8 mode = modes[random_u64(&seed) % ARRAY_SIZE(modes)];
			bool allowed = pmp_allows(&rules, align_down(at, 4), 4, mode) & PMP_X;

			assert_int_equal(cva6_icache_word(icache, at, mode) == CVA6_DENIED,
					 !allowed);
			denied += !allowed;
		}
	}
	assert_in_range(denied, RULES_CHANGED * LOOKS / 10, RULES_CHANGED * LOOKS / 10 * 9);
}

/* The rights are also forgotten when all rules are replaced at once by those of another core. */
static void rights_are_forgotten_with_the_rules(void **state)
{
	struct cva6_icache *icache = *state;

	assert_int_equal(cva6_icache_word(icache, BASE, PRIV_M), 0);
	pmp_write_addr(&icache->pmp, 0, BASE >> 2 | 1);
	pmp_write_cfg(&icache->pmp, 0, PMP_L | PMP_NAPOT << 3);
	cva6_icache_forget_rights(icache);
	assert_int_equal(cva6_icache_word(icache, BASE, PRIV_M), CVA6_DENIED);
	assert_int_equal(cva6_icache_word(icache, BASE + 16, PRIV_M), 0);
}

/* There are more sets than groups, and twice as many lines as the cache has. */
#define MANY_SETS 128
#define MANY_LINE 16
#define MANY_WORDS (4 * MANY_SETS * MANY_LINE / 4)
static const struct cva6_params many = {
	.icache_sets = MANY_SETS, .icache_ways = 2, .icache_line = MANY_LINE,
	.memory_cached_base = BASE, .memory_cached_size = 0x10000,
};

/* Reads memory as if all code had been written since it was read last. */
static bool read_new_words(void *ctx, u64 pa, void *data, size_t size)
{
	u64 *seed = ctx;

	for (size_t n = 0; n < size; n++)
		((u8 *)data)[n] = (u8)random_u64(seed);
	return true;
}

static void read_all(struct cva6_icache *icache, u64 words[MANY_WORDS])
{
	for (unsigned n = 0; n < MANY_WORDS; n++)
		words[n] = cva6_icache_word(icache, BASE + 4 * n, PRIV_M);
}

/*
 * Does something that changes words. Returns their group, or MEMO_GROUPS if any can have changed.
 */
static unsigned change_words(struct cva6_icache *icache, u64 *seed)
{
	const struct timing_host writes = { .ctx = seed, .read = read_new_words };
	u64 at = BASE + random_u64(seed) % MANY_WORDS * 4;
	u8 cfg = random_u64(seed) % 2 ? PMP_L | PMP_NAPOT << 3 : 0;

	switch (random_u64(seed) % 64) {
	case 0:
		cva6_action_flush(icache);
		return MEMO_GROUPS;
	case 1:
		/* RLB is set, so locks have no effect. */
		cva6_icache_protect(icache, PMP_CSR_CFG0, cfg);
		return MEMO_GROUPS;
	case 2:
		cva6_icache_protect(icache, PMP_CSR_ADDR0, at >> 2 | 7);
		return MEMO_GROUPS;
	case 3:
		cva6_icache_reset(icache);
		icache->pmp.rules = PMP_RLB;
		return MEMO_GROUPS;
	default:
		cva6_icache_choose(icache, at);
		cva6_icache_fill(icache, &writes, at, true);
		return cva6_icache_group(icache, at);
	}
}

/*
 * A word that has changed belongs to a group that has changed, and a refill changes one group only.
 */
static void words_change_with_their_groups(void **unused)
{
	static u64 was[MANY_WORDS], is[MANY_WORDS];
	struct cva6_icache icache = { .state = CVA6_ICACHE_IDLE };
	unsigned differ = 0;
	u64 seed = 5;

	assert_int_equal(cva6_icache_init(&icache, &many), 0);
	cva6_icache_reset(&icache);
	icache.pmp.rules = PMP_RLB;
	read_all(&icache, was);
	for (unsigned n = 0; n < 2000; n++) {
		u64 version = icache.tags.changes;
		unsigned only = change_words(&icache, &seed);

		assert_true(icache.tags.changes > version);
		for (unsigned group = 0; group < MEMO_GROUPS && only < MEMO_GROUPS; group++)
			assert_int_equal(icache.changed[group] > version, group == only);
		read_all(&icache, is);
		for (unsigned k = 0; k < MANY_WORDS; k++) {
			if (is[k] == was[k])
				continue;
			differ++;
			assert_true(icache.changed[cva6_icache_group(&icache, BASE + 4 * k)] >
				    version);
		}
		memcpy(was, is, sizeof(was));
	}
	assert_true(differ > 4000);
	cva6_icache_free(&icache);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, cva6_icache_setup, cva6_icache_teardown)

const struct CMUnitTest unit_tests[] = {
	TEST(lines_come_whole),		  TEST(killed_refills_are_lost),
	TEST(killed_lookups_do_not_miss), TEST(flushes_take_a_cycle_a_set),
	TEST(uncached_words_are_not_kept), TEST(faults_are_answered_at_once),
	TEST(denied_words_are_answered_at_once), TEST(rights_are_those_of_each_word),
	TEST(rights_are_forgotten_with_the_rules),
	cmocka_unit_test(words_change_with_their_groups),
	{ 0 },
};
