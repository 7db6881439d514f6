/* SPDX-License-Identifier: MIT */
/*
 * Tests a stepped core of the kind KIND with whatever a program may do: the same records give the
 * same cycles, in batches of any size, and across a save and a load, and each cycle has a cause. A
 * state from a hostile file is refused or survived.
 */
#include "bus/state.h"
#include "tests/cpu/timing/default_core.h"
#include "tests/cpu/timing/hostile.h"
#include "tests/cpu/timing/random_records.h"
#include "tests/cpu/timing/twins.h"
#include "tests/cpu/timing/unit.h"
#include "tests/part.h"

#include <stdlib.h>

#define BATCH 4096
#define SEEDS 6
#define MUTATIONS 300
#define CORES 12
#define MOST_UNSEEN 4 /* the state is compared once in this many records, on average */

struct bench {
	struct world world;
	struct timing_core core;
	struct timing_record records[BATCH + 1 + TIMING_SHADOWS_MAX];
	unsigned count;
	u64 spent, commits; /* cycles; records that retired */
};

static struct timing_model *stepped_create(struct bench *bench)
{
	struct timing_model *model;

	default_core(&bench->core, &KIND);
	model = timing_create(&bench->core, &bench->world.host);
	assert_non_null(model);
	timing_reset(model, WORLD_BASE);
	return model;
}

static void stepped_prepare(struct bench *bench, u64 seed)
{
	world_init(&bench->world, seed);
	bench->count = 0;
	while (bench->count < BATCH)
		bench->count += world_step(&bench->world, &bench->records[bench->count]);
}

/*
 * Consumes records from `from` on, at most `most` at once, but never separates a trap from its
 * shadows.
 */
static void stepped_consume(struct timing_model *model, const struct bench *bench, unsigned from,
			    unsigned most)
{
	for (unsigned n = from; n < bench->count;) {
		unsigned size = 0;

		while (n + size < bench->count && size < most)
			size += 1u + bench->records[n + size].shadows;
		timing_consume(model, &bench->records[n], size);
		n += size;
	}
}

static unsigned boundary(const struct bench *bench, unsigned wanted)
{
	unsigned n = 0;

	while (n < wanted)
		n += 1u + bench->records[n].shadows;
	return n;
}

/*
 * Checks that the events in each mode are equal, and that the cycles are the sum of their causes.
 */
static void assert_same_events(struct timing_model *one, struct timing_model *many)
{
	struct timing_counts counts, same;
	u64 spent = 0;

	timing_events(one, &counts);
	timing_events(many, &same);
	assert_memory_equal(&counts, &same, sizeof(counts));
	for (unsigned mode = 0; mode < TIMING_MODES; mode++)
		for (unsigned cause = 0; cause < TIMING_CAUSES; cause++)
			spent += counts.in[mode][TIMING_CPI + cause];
	assert_int_equal(spent, timing_cycles(one));
}

static void batches_do_not_matter(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	for (u64 seed = 1; seed <= part_of(SEEDS); seed++) {
		struct timing_model *one, *many;

		stepped_prepare(bench, seed);
		one = stepped_create(bench);
		many = stepped_create(bench);
		stepped_consume(one, bench, 0, 1);
		stepped_consume(many, bench, 0, 500);
		assert_int_equal(timing_cycles(one), timing_cycles(many));
		assert_same_events(one, many);
		timing_free(one);
		timing_free(many);
	}
	free(bench);
}

static void stepped_on_attribute(void *ctx, enum timing_cause cause, u64 cycles)
{
	struct bench *bench = container_of(ctx, struct bench, world);

	assert_true(cause < TIMING_CAUSES);
	bench->spent += cycles;
}

static void stepped_on_commit(void *ctx, u64 record, u64 cycle)
{
	struct bench *bench = container_of(ctx, struct bench, world);

	bench->commits++;
	assert_int_equal(bench->spent, cycle);
}

/* Before each retirement, all cycles except that of the reset have a cause, even those of sleep. */
static void each_cycle_has_a_cause(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct timing_model *model;
	unsigned half;

	stepped_prepare(bench, 31);
	half = boundary(bench, bench->count / 2);
	bench->world.host.attribute = stepped_on_attribute;
	bench->world.host.commit = stepped_on_commit;
	model = stepped_create(bench);
	timing_consume(model, bench->records, half);
	timing_wake(model, 5000);
	stepped_consume(model, bench, half, 100);
	assert_true(bench->commits > bench->count / 2);
	assert_true(bench->spent > 5000);
	timing_free(model);
	free(bench);
}

/* Reading the time changes nothing, and it does not go back. */
static void asking_changes_nothing(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct timing_model *asked, *silent;
	u64 last = 0;

	stepped_prepare(bench, 77);
	asked = stepped_create(bench);
	silent = stepped_create(bench);
	for (unsigned n = 0; n < bench->count; n += 1u + bench->records[n].shadows) {
		timing_consume(asked, &bench->records[n], 1u + bench->records[n].shadows);
		assert_true(timing_cycles(asked) >= last);
		last = timing_cycles(asked);
	}
	stepped_consume(silent, bench, 0, 1);
	/* Without lookahead the time reported may be later than the outcome. */
	assert_true(timing_cycles(asked) >= timing_cycles(silent));
	assert_true(timing_cycles(asked) - timing_cycles(silent) < 1000);
	timing_free(asked);
	timing_free(silent);
	free(bench);
}

static void goes_on_where_it_was_saved(void **unused)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	for (u64 seed = 1; seed <= part_of(SEEDS); seed++) {
		struct twins twins;
		unsigned half;

		stepped_prepare(bench, 100 + seed);
		half = boundary(bench, bench->count / 2);
		twins.first = stepped_create(bench);
		twins.second = stepped_create(bench);
		timing_consume(twins.first, bench->records, half);
		twins_part(&twins);
		stepped_consume(twins.first, bench, half, 100);
		stepped_consume(twins.second, bench, half, 100);
		twins_same(&twins);
		twins_free(&twins);
	}
	free(bench);
}

/* A state is the same whether it was prepared for saving after each record or not. */
static void looking_changes_no_state(void **unused)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	for (u64 seed = 1; seed <= part_of(SEEDS); seed++) {
		u64 draw = seed;
		struct twins twins;

		stepped_prepare(bench, 200 + seed);
		twins.first = stepped_create(bench);
		twins.second = stepped_create(bench);
		twins_part(&twins);
		for (unsigned n = 0, size; n < bench->count; n += size) {
			size = 1u + bench->records[n].shadows;
			timing_consume(twins.first, &bench->records[n], size);
			timing_consume(twins.second, &bench->records[n], size);
			state_pre_save(&twins.saved);
			if (random_u64(&draw) % MOST_UNSEEN)
				continue;
			assert_int_equal(state_hash(&twins.saved), state_hash(&twins.loaded));
		}
		twins_same(&twins);
		twins_free(&twins);
	}
	free(bench);
}

/* Makes a core with other numbers, all of which are allowed. */
static void invent_core(struct timing_core *core, u64 *seed)
{
	core->kind = &KIND;
	for (unsigned n = 0; n < KIND.count; n++) {
		const struct timing_param *param = &KIND.params[n];
		u64 value = param->value;

		if (param->max <= 64)
			value = param->min + random_u64(seed) % (param->max - param->min + 1);
		else if (param->max <= 10000)
			value = MAX(param->min, BIT(random_u64(seed) % 8));
		core->values[n] = MIN(value, param->max);
	}
}

static void other_cores_get_on_too(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	unsigned tried = 0;
	u64 seed = 4711;

	stepped_prepare(bench, 55);
	for (unsigned n = 0; tried < CORES && n < 1000000; n++) {
		struct timing_model *one, *many;

		invent_core(&bench->core, &seed);
		if (KIND.contradiction(bench->core.values))
			continue;
		tried++;
		one = timing_create(&bench->core, &bench->world.host);
		many = timing_create(&bench->core, &bench->world.host);
		timing_reset(one, WORLD_BASE);
		timing_reset(many, WORLD_BASE);
		stepped_consume(one, bench, 0, 1);
		stepped_consume(many, bench, 0, 300);
		assert_true(timing_cycles(one) > bench->count / 4);
		assert_int_equal(timing_cycles(one), timing_cycles(many));
		timing_free(one);
		timing_free(many);
	}
	assert_int_equal(tried, CORES);
	free(bench);
}

static void stepped_hostile_states_are_survived(void **unused)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	struct state_image image = { 0 };
	struct timing_model *model;
	struct state state;
	unsigned accepted = 0, half;
	u64 seed = 12345;

	stepped_prepare(bench, 9);
	half = boundary(bench, 800);
	model = stepped_create(bench);
	state_init(&state);
	timing_register_state(model, &state, "timing");
	timing_consume(model, bench->records, half);
	assert_int_equal(state_save(&state, &image), 0);
	for (unsigned n = 0; n < MUTATIONS; n++) {
		assert_int_equal(state_load(&state, image.data, image.size), 0);
		for (unsigned k = 0; k <= n % 40; k++)
			hostile_change(&state, &seed);
		if (!hostile_accepted(&state))
			continue;
		accepted++;
		timing_consume(model, &bench->records[half], boundary(bench, half + 300) - half);
		timing_cycles(model);
	}
	assert_true(accepted > MUTATIONS / 10);
	free(image.data);
	state_free(&state);
	timing_free(model);
	free(bench);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(batches_do_not_matter),
	cmocka_unit_test(each_cycle_has_a_cause),
	cmocka_unit_test(asking_changes_nothing),
	cmocka_unit_test(goes_on_where_it_was_saved),
	cmocka_unit_test(looking_changes_no_state),
	cmocka_unit_test(other_cores_get_on_too),
	cmocka_unit_test(stepped_hostile_states_are_survived),
	{ 0 },
};
