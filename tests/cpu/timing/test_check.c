/* SPDX-License-Identifier: MIT */
/*
 * Tests the check that times each record twice: models with a memo agree with stepped ones on
 * whatever a program may do; and if a model does not agree, the report contains the place.
 */
#include "cpu/timing/memo/check.h"
#include "cpu/timing/memo/memo.h"
#include "tests/cpu/timing/default_core.h"
#include "tests/cpu/timing/random_records.h"
#include "tests/cpu/timing/unit.h"
#include "tests/part.h"

#include <stdlib.h>

#define SEEDS 4 /* random programs */
#define BATCH 2000
#define ROUNDS 4

/*
 * A model that takes a cycle for each record, but reports a wrong number for one of them when it is
 * stepped.
 */
struct liar {
	struct timing_model model;
	struct timing_host host;
	bool stepped;
	u64 records;
};

#define LIE 1234

static struct timing_model *liar_create(const struct timing_core *core,
					const struct timing_host *host)
{
	struct liar *liar = calloc(1, sizeof(*liar));

	liar->host = *host;
	liar->stepped = core->stepped;
	return &liar->model;
}

static void liar_free(struct timing_model *model)
{
	free(model);
}

static void liar_reset(struct timing_model *model, u64 pc)
{
	((struct liar *)model)->records = 0;
}

static void liar_consume(struct timing_model *model, const struct timing_record *records,
			 unsigned count)
{
	struct liar *liar = (struct liar *)model;

	for (unsigned n = 0; n < count; n++, liar->records++)
		liar->host.commit(liar->host.ctx, liar->records,
				  liar->records + (liar->stepped && liar->records == LIE));
}

static u64 liar_cycles(struct timing_model *model)
{
	return ((struct liar *)model)->records;
}

static const struct timing_kind liars = {
	.create = liar_create, .free = liar_free, .reset = liar_reset, .consume = liar_consume,
	.cycles = liar_cycles,
};

static void differences_are_told(void **state)
{
	static const struct timing_record records[TIMING_BATCH];
	const struct timing_core core = { .kind = &liars, .checked = true };
	const struct timing_host host = { .isa = NULL };
	struct timing_model *model = timing_create(&core, &host);
	const struct timing_difference *difference = timing_check_difference(model);

	timing_reset(model, 0);
	timing_consume(model, records, TIMING_BATCH);
	assert_null(difference->what);
	timing_consume(model, records, TIMING_BATCH);
	assert_string_equal(difference->what, "cycle");
	assert_int_equal(difference->record, LIE);
	assert_int_equal(difference->memoised, LIE);
	assert_int_equal(difference->stepped, LIE + 1);
	timing_free(model);
}

static void check_consume(struct timing_model *model, const struct timing_record *records,
			  unsigned count, u64 *seed)
{
	while (count) {
		unsigned most = 1 + random_u64(seed) % 64, size = 0;

		while (size < count && size < most)
			size += 1u + records[size].shadows;
		timing_consume(model, records, size);
		records += size;
		count -= size;
		if (random_u64(seed) % 32 == 0)
			timing_cycles(model);
	}
}

/* Moves the data addresses between two runs of the same records. */
static void move(struct timing_record *records, unsigned count, u64 *seed)
{
	u64 distance = random_u64(seed) % 4 * 8;

	for (unsigned n = 0; n < count; n++) {
		if (!(records[n].flags & (TIMING_LOAD | TIMING_STORE)) || !records[n].pa)
			continue;
		records[n].va += distance;
		records[n].pa += distance;
	}
}

/* The caches are small, so that lines are replaced often; the other values are unusual ones. */
#define VALUES_MAX 20
static const struct variant {
	const struct timing_kind *kind;
	const char *values[VALUES_MAX]; /* those that differ from the kind's defaults */
} variants[] = {
	{ &timing_cva6, { NULL } },
	{ &timing_cva6,
	  { "icache.sets=4", "dcache.sets=4", "dcache.ways=2", "wbuffer.words=3",
	    "wbuffer.writes=2", "store.speculative=2", "memory.latency=7", "issue.entries=5",
	    "bht.entries=8", "btb.entries=2" } },
	{ &timing_c906, { NULL } },
	{ &timing_c906,
	  { "icache.sets=64", "dcache.sets=64", "btb.entries=2", "ibuf.halfwords=4",
	    "fill.buffers=3", "store.buffers=3", "jtlb.sets=8", "memory.latency=7",
	    "dprefetch.pc_hits=1", "dprefetch.global_hits=2", "amr.lines=1" } },
	{ &timing_c906, { "memory.latency=200", "dprefetch.enabled=0", "amr.enabled=0" } },
	{ &timing_inorder, { NULL } },
	{ &timing_inorder,
	  { "icache.sets=4", "dcache.sets=4", "dcache.ways=2", "wbuffer.words=3",
	    "wbuffer.writes=2", "store.speculative=2", "memory.latency=7", "issue.window=5",
	    "queue.depth=3", "bht.entries=8", "btb.entries=2", "icache.replacement=lru",
	    "dcache.replacement=lru" } },
	{ &timing_inorder,
	  { "issue.width=2", "pair.alu=2", "pair.behind_branch=yes", "issue.window=0",
	    "issue.retire=4", "alu.late=2", "alu.shared=no", "dcache.policy=back",
	    "dcache.blocking=no", "dcache.misses=4", "amo.memory=no", "l2.sets=16",
	    "btb.tags=yes", "btb.holds=all", "bht.history=5", "queue.targets=0",
	    "fetch.width=8", "mul.bits=8", "stlb.entries=16", "load.compare=0" } },
	{ &timing_inorder,
	  { "vector.vlen=256", "dcache.policy=back", "dcache.sets=4", "dcache.ways=2",
	    "amo.memory=no", "issue.window=0", "issue.retire=3", "issue.waw=yes",
	    "mul.bits=8", "mul.early=yes", "div.steps=wrapped", "div.sign=1",
	    "mul.divides=yes" } },
	{ &timing_inorder,
	  { "vector.vlen=512", "vector.dlen=64", "vector.mlen=64", "vector.chaining=3",
	    "vector.dead=2", "vector.queue=2", "vector.sequencers=one", "vector.gather=3",
	    "vector.segment=2", "dcache.policy=back", "dcache.blocking=no", "dcache.misses=4",
	    "issue.width=2", "stlb.entries=16" } },
};

static bool has_vectors(const struct timing_core *core)
{
	u64 vlen = timing_vlen(core);

	return vlen && vlen != TIMING_VLEN_ANY;
}

static void make_core(struct timing_core *core, const struct variant *variant)
{
	struct timing_error error;

	default_core(core, variant->kind);
	core->checked = true;
	for (unsigned n = 0; n < VALUES_MAX && variant->values[n]; n++)
		assert_int_equal(timing_core_set(core, variant->values[n], &error), 0);
}

/* Returns how many records were taken from the memo. */
static u64 check_variant(const struct variant *variant, bool translates)
{
	static struct timing_record records[BATCH + 1 + TIMING_SHADOWS_MAX];
	struct world *world = calloc(1, sizeof(*world));
	u64 taken = 0;

	for (u64 seed = 1; seed <= part_of(SEEDS); seed++) {
		struct timing_model *model;
		struct timing_core core;
		unsigned count = 0;
		u64 other = seed;

		make_core(&core, variant);
		world_init(world, seed);
		if (translates)
			world_translate(world);
		if (has_vectors(&core))
			world_add_vectors(world);
		while (count < BATCH)
			count += world_step(world, &records[count]);
		model = timing_create(&core, &world->host);
		assert_non_null(model);
		timing_reset(model, WORLD_BASE);
		for (unsigned round = 0; round < ROUNDS; round++) {
			check_consume(model, records, count, &other);
			move(records, count, &other);
		}
		if (timing_check_difference(model)->what)
			fail_msg("variant %u, seed %u: %s at %u", (unsigned)(variant - variants),
				 (unsigned)seed, timing_check_difference(model)->what,
				 (unsigned)timing_check_difference(model)->record);
		taken += timing_memo(model)->records;
		timing_free(model);
	}
	free(world);
	return taken;
}

static void models_agree_with_themselves(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(variants); n++)
		assert_true(check_variant(&variants[n], false) > 1000);
}

/* The page tables have random rights, which often forbid what the records do. */
static void models_agree_where_they_walk(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(variants); n++)
		assert_true(check_variant(&variants[n], true) > 1000);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(differences_are_told),
	cmocka_unit_test(models_agree_with_themselves),
	cmocka_unit_test(models_agree_where_they_walk),
	{ 0 },
};
