/* SPDX-License-Identifier: MIT */
/*
 * Runs cores of kind inorder on records that no program would give, with random memory: time
 * advances, causes add up to it, and neither batches nor actions change it. The state can be saved
 * anywhere; one from a hostile file is refused or survived.
 */
#include "bus/state.h"
#include "cpu/timing/kind.h"
#include "tests/cmocka.h"
#include "tests/cpu/timing/hostile.h"
#include "tests/cpu/timing/inorder/core_files.h"
#include "tests/cpu/timing/random_records.h"
#include "tests/cpu/timing/twins.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RECORDS 20000
#define MUTATIONS 200

/* The input and the output of a model. */
struct bench {
	struct world world;
	struct timing_core core;
	u64 spent, commits, last;
	struct timing_record records[RECORDS];
};

/* Reads a core and makes its records. Returns false if the core is of another kind. */
static bool random_prepare(struct bench *bench, const char *path, u64 seed)
{
	struct timing_record step[1 + TIMING_SHADOWS_MAX];
	struct timing_error error;

	memset(bench, 0, sizeof(*bench));
	if (timing_core_read(&bench->core, path, &error) < 0)
		fail_msg("%s", error.text);
	if (strcmp(bench->core.kind->name, "inorder"))
		return false;
	world_init(&bench->world, seed + 1);
	if (timing_vlen(&bench->core))
		world_add_vectors(&bench->world);
	world_run_wild(&bench->world);
	/* The records have no shadows, because batches must not separate those from their traps. */
	for (unsigned n = 0; n < RECORDS; n++) {
		world_step(&bench->world, step);
		bench->records[n] = step[0];
		bench->records[n].shadows = 0;
	}
	return true;
}

static bool random_read_memory(void *ctx, u64 pa, void *data, size_t size)
{
	struct bench *bench = ctx;

	return bench->world.host.read(&bench->world, pa, data, size);
}

static void random_on_commit(void *ctx, u64 record, u64 cycle)
{
	struct bench *bench = ctx;

	assert_int_equal(record, bench->commits++);
	assert_true(cycle >= bench->last);
	bench->last = cycle;
	assert_int_equal(bench->spent, cycle);
}

static void random_on_attribute(void *ctx, enum timing_cause cause, u64 cycles)
{
	struct bench *bench = ctx;

	assert_true(cause < TIMING_CAUSES);
	bench->spent += cycles;
}

static struct timing_model *random_create(struct bench *bench)
{
	const struct timing_host host = {
		.ctx = bench,
		.isa = &bench->world.isa,
		.read = random_read_memory,
		.commit = random_on_commit,
		.attribute = random_on_attribute,
	};
	struct timing_model *model = timing_create(&bench->core, &host);

	assert_non_null(model);
	bench->spent = bench->commits = bench->last = 0;
	timing_reset(model, WORLD_BASE);
	return model;
}

/*
 * Runs all records in batches of `most`, and reads the time after each batch or only at the end.
 * Returns the time.
 */
static u64 random_run(struct bench *bench, unsigned most, bool asked)
{
	struct timing_model *model = random_create(bench);
	u64 cycles = 0;

	for (unsigned n = 0; n < RECORDS; n += most) {
		timing_consume(model, &bench->records[n], MIN(most, RECORDS - n));
		if (!asked)
			continue;
		assert_true(timing_cycles(model) >= cycles);
		cycles = timing_cycles(model);
	}
	timing_wake(model, 1000);
	assert_int_equal(timing_cycles(model), bench->last + 1000);
	assert_int_equal(bench->spent, bench->last + 1000);
	assert_int_equal(bench->commits, RECORDS);
	cycles = timing_cycles(model);
	timing_free(model);
	return cycles;
}

static void nothing_but_records_counts(void **state)
{
	struct bench *bench = malloc(sizeof(*bench));
	glob_t files = core_files(CORES);

	for (u64 n = 0; n < 3 * files.gl_pathc; n++) {
		u64 cycles;

		if (!random_prepare(bench, files.gl_pathv[n % files.gl_pathc], n))
			continue;
		cycles = random_run(bench, 1, true);
		assert_true(cycles > RECORDS / 2 && cycles < RECORDS * 1000ull);
		assert_int_equal(random_run(bench, 1000, true), cycles);
		assert_int_equal(random_run(bench, 17, false), cycles);
	}
	globfree(&files);
	free(bench);
}

/* Returns a model that, unlike another one, does not report what retires. */
static struct timing_model *create_silent(struct bench *bench)
{
	const struct timing_host host = {
		.ctx = bench, .isa = &bench->world.isa, .read = random_read_memory,
	};
	struct timing_model *model = timing_create(&bench->core, &host);

	assert_non_null(model);
	timing_reset(model, WORLD_BASE);
	return model;
}

static void it_goes_on_where_it_was_saved(void **unused)
{
	struct bench *bench = malloc(sizeof(*bench));
	glob_t files = core_files(CORES);

	for (u64 n = 0; n < files.gl_pathc; n++) {
		struct twins twins;

		if (!random_prepare(bench, files.gl_pathv[n], 50 + n))
			continue;
		twins.first = create_silent(bench);
		twins.second = create_silent(bench);
		timing_consume(twins.first, bench->records, 1000);
		twins_part(&twins);
		for (unsigned k = 1000; k < RECORDS; k += 1000) {
			timing_consume(twins.first, &bench->records[k], 1000);
			timing_consume(twins.second, &bench->records[k], 1000);
			assert_int_equal(timing_cycles(twins.first), timing_cycles(twins.second));
		}
		twins_same(&twins);
		twins_free(&twins);
	}
	globfree(&files);
	free(bench);
}

static void random_hostile_states_are_survived(void **unused)
{
	struct bench *bench = malloc(sizeof(*bench));
	unsigned accepted = 0;
	glob_t files = core_files(CORES);
	u64 seed = 4711;

	for (u64 n = 0; n < files.gl_pathc; n++) {
		struct state_image image = { 0 };
		struct timing_model *model;
		struct state state;

		if (!random_prepare(bench, files.gl_pathv[n], 80 + n))
			continue;
		model = create_silent(bench);
		state_init(&state);
		timing_register_state(model, &state, "timing");
		timing_consume(model, bench->records, 1000);
		assert_int_equal(state_save(&state, &image), 0);
		for (unsigned k = 0; k < MUTATIONS; k++) {
			assert_int_equal(state_load(&state, image.data, image.size), 0);
			for (unsigned m = 0; m <= k % 20; m++)
				hostile_change(&state, &seed);
			if (!hostile_accepted(&state))
				continue;
			accepted++;
			timing_consume(model, &bench->records[1000], 500);
			timing_cycles(model);
		}
		free(image.data);
		state_free(&state);
		timing_free(model);
	}
	assert_true(accepted > MUTATIONS / 5);
	globfree(&files);
	free(bench);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(nothing_but_records_counts),
	cmocka_unit_test(it_goes_on_where_it_was_saved),
	cmocka_unit_test(random_hostile_states_are_survived),
	{ 0 },
};
