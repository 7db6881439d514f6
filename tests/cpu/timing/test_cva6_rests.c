/* SPDX-License-Identifier: MIT */
/*
 * Tests that a CVA6 that skips cycles is in the same state as one that steps each of them: right
 * after all cycles that it skips at once, and after each record.
 */
#include "cpu/timing/cva6/state.h"

#include "cpu/hart/exception.h"
#include "tests/cpu/timing/default_core.h"
#include "tests/cpu/timing/random_records.h"
#include "tests/cpu/timing/unit.h"
#include "tests/part.h"

#include <stdlib.h>

#define SEEDS 4
#define RECORDS 1500
/* The lines of the caches are compared once in this many records, on average. */
#define MOST_UNSEEN 64
#define MOST_AWAKE 100 /* the hart sleeps after one in this many records, on average */
#define SLEEP_MOST 300

/* A core with its ring of records, its counts and its state. */
struct own {
	struct cva6_core core;
	struct timing_record ring[CVA6_RECORDS];
	struct timing_tally tally, seen;
	struct cva6_state described;
	struct state units, all; /* without the caches' lines, and with them */
};

struct bench {
	struct world world;
	struct cva6_decoder decoder;
	struct cva6_still still, sight[2];
	struct own quick, slow;
	u64 draw;
	u64 passed; /* cycles that were not stepped */
};

static void own_init(struct own *own, struct bench *bench, const struct cva6_params *params)
{
	own->core.decoder = &bench->decoder;
	own->core.records.ring = own->ring;
	own->core.tally = &own->tally;
	own->core.seen = &own->seen;
	assert_int_equal(cva6_core_init(&own->core, params, &bench->world.host), 0);
	cva6_core_reset(&own->core, WORLD_BASE);
	assert_true(cva6_state_init(&own->described, NULL, NULL));
	state_init(&own->units);
	state_init(&own->all);
	state_register(&own->units, "core", &own->described.core.type, &own->core);
	cva6_state_register(&own->described, &own->core, &own->all, "core");
}

static void own_free(struct own *own)
{
	state_free(&own->units);
	state_free(&own->all);
	cva6_state_free(&own->described);
	cva6_core_free(&own->core);
}

/* Copies the state of a core's units, except for pointers to its tables. */
static void see(struct cva6_still *sight, const struct cva6_core *core)
{
	memcpy(&sight->pipe, &core->pipe, sizeof(sight->pipe));
	memcpy(&sight->icache, &core->icache, sizeof(sight->icache));
	memcpy(&sight->dcache, &core->dcache, sizeof(sight->dcache));
	memset(&sight->icache.tags, 0, sizeof(sight->icache.tags));
	memset(&sight->dcache.tags, 0, sizeof(sight->dcache.tags));
	sight->icache.bytes = NULL;
	sight->icache.changed = NULL;
}

/*
 * Checks that the units are equal. Padding may differ, so the fields are compared if the bytes
 * differ.
 */
static void assert_same_units(struct bench *bench)
{
	const struct own *quick = &bench->quick, *slow = &bench->slow;
	struct cva6_still *sight = bench->sight;

	see(&sight[0], &quick->core);
	see(&sight[1], &slow->core);
	if (memcmp(&sight[0], &sight[1], sizeof(sight[0])))
		assert_int_equal(state_hash(&quick->units), state_hash(&slow->units));
	assert_memory_equal(quick->tally.count, slow->tally.count, sizeof(quick->tally.count));
	assert_int_equal(quick->core.last_commit, slow->core.last_commit);
	assert_int_equal(quick->core.records.issue, slow->core.records.issue);
	assert_int_equal(quick->core.records.commit, slow->core.records.commit);
}

/* The lines of the caches are compared as well. */
static void assert_same_lines(struct bench *bench)
{
	assert_int_equal(state_hash(&bench->quick.all), state_hash(&bench->slow.all));
}

static void advance_both(struct bench *bench)
{
	struct cva6_core *quick = &bench->quick.core, *slow = &bench->slow.core;
	u64 passed;

	cva6_core_advance(quick, &bench->still);
	assert_true(quick->cycle > slow->cycle);
	passed = quick->cycle - slow->cycle - 1;
	bench->passed += passed;
	while (slow->cycle < quick->cycle)
		cva6_core_step(slow);
	if (passed)
		assert_same_units(bench);
}

/*
 * Returns whether an instruction can raise its trap. After a trap that it cannot raise, a core
 * waits for an event that never comes, and recovers only if it skips cycles.
 */
static bool can_trap(const struct timing_record *record)
{
	bool store = record->flags & TIMING_STORE, load = record->flags & TIMING_LOAD && !store;

	switch (record->cause) {
	case CAUSE_ILLEGAL:
		return true;
	case CAUSE_LOAD_MISALIGNED:
	case CAUSE_LOAD_ACCESS:
	case CAUSE_LOAD_PAGE:
		return load;
	case CAUSE_STORE_MISALIGNED:
	case CAUSE_STORE_ACCESS:
	case CAUSE_STORE_PAGE:
		return store;
	default:
		return record->op == OP_ecall;
	}
}

/*
 * Changes impossible traps to those of a fetch, which any instruction can have. It also makes some
 * store-conditionals fail, because the data cache counts failures.
 */
static void make_possible(struct timing_record *records, unsigned count, u64 *draw)
{
	for (unsigned n = 0; n < count; n++) {
		if ((records[n].op == OP_sc_w || records[n].op == OP_sc_d) && random_u64(draw) % 2)
			records[n].flags |= TIMING_SC_FAILED;
		if (!(records[n].flags & TIMING_TRAP) || can_trap(&records[n]))
			continue;
		records[n].cause = CAUSE_FETCH_PAGE;
		records[n].flags |= TIMING_FETCH;
	}
}

/* Has the hart sleep after the latest record, as timing_wake does. */
static void rests_sleep(struct cva6_core *core, u64 record, u64 cycles)
{
	if (core->records.commit == core->records.end) {
		core->wake = MAX(core->wake, core->last_commit) + cycles;
		return;
	}
	core->sleep_record = record;
	core->sleep += cycles;
}

static void consume_both(struct bench *bench, const struct timing_record *records, unsigned count)
{
	struct cva6_core *quick = &bench->quick.core, *slow = &bench->slow.core;
	u64 record = quick->records.end, cycles = random_u64(&bench->draw) % SLEEP_MOST;

	for (unsigned n = 0; n < count; n++) {
		quick->records.ring[quick->records.end++ % CVA6_RECORDS] = records[n];
		slow->records.ring[slow->records.end++ % CVA6_RECORDS] = records[n];
	}
	while (!cva6_issue_needs_record(quick))
		advance_both(bench);
	assert_same_units(bench);
	if (random_u64(&bench->draw) % MOST_UNSEEN == 0)
		assert_same_lines(bench);
	if (random_u64(&bench->draw) % MOST_AWAKE)
		return;
	rests_sleep(quick, record, cycles);
	rests_sleep(slow, record, cycles);
}

/*
 * Latencies, sizes of caches and numbers of stores decide what happens during a miss of the front
 * end.
 */
#define VALUES_MAX 8
static const char *const variants[][VALUES_MAX] = {
	{ NULL },
	{ "memory.latency=200", "icache.sets=16", "dcache.sets=16", "dtlb.entries=2" },
	{ "memory.latency=1", "icache.sets=4", "dcache.sets=4", "dcache.ways=1" },
	{ "memory.latency=7", "icache.sets=4", "dcache.sets=4", "dtlb.entries=2", "wbuffer.words=2",
	  "wbuffer.writes=1", "store.speculative=2" },
	{ "memory.latency=40", "icache.sets=4", "icache.ways=1", "dcache.sets=4", "bht.entries=8",
	  "btb.entries=2" },
};

static void make_params(struct cva6_params *params, const char *const *values)
{
	struct timing_error error;
	struct timing_core core;

	default_core(&core, &timing_cva6);
	for (unsigned n = 0; n < VALUES_MAX && values[n]; n++)
		assert_int_equal(timing_core_set(&core, values[n], &error), 0);
	memcpy(params, core.values, sizeof(*params));
}

/*
 * Programs with many and few traps: some traps occur while the front end misses and other activity
 * is in progress that lasts longer.
 */
static const unsigned calm[] = { 3, 6, 20, 100 };

/* Runs a program on both cores. Returns how many cycles were skipped. */
static u64 run_program(const char *const *values, u64 seed, bool translates)
{
	struct timing_record records[1 + TIMING_SHADOWS_MAX];
	struct bench *bench = calloc(1, sizeof(*bench));
	struct cva6_params params;
	u64 passed;

	make_params(&params, values);
	bench->draw = seed;
	world_init(&bench->world, seed);
	bench->world.calm = calm[seed % ARRAY_SIZE(calm)];
	if (translates)
		world_translate(&bench->world);
	cva6_decoder_init(&bench->decoder, &bench->world.isa);
	own_init(&bench->quick, bench, &params);
	own_init(&bench->slow, bench, &params);
	for (unsigned n = 0; n < RECORDS; n++) {
		unsigned count = world_step(&bench->world, records);

		make_possible(records, count, &bench->draw);
		consume_both(bench, records, count);
	}
	assert_same_lines(bench);
	assert_true(bench->quick.core.records.commit > RECORDS / 2);
	passed = bench->passed;
	own_free(&bench->quick);
	own_free(&bench->slow);
	free(bench);
	return passed;
}

static void run_programs(bool translate)
{
	for (unsigned n = 0; n < ARRAY_SIZE(variants); n++)
		for (u64 seed = 1; seed <= part_of(SEEDS); seed++)
			assert_true(run_program(variants[n], 10 * seed + n, translate) >
				    RECORDS / 10);
}

static void cycles_passed_over_change_nothing(void **state)
{
	run_programs(false);
}

static void cycles_passed_over_while_pages_are_walked(void **state)
{
	run_programs(true);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(cycles_passed_over_change_nothing),
	cmocka_unit_test(cycles_passed_over_while_pages_are_walked),
	{ 0 },
};
