/* SPDX-License-Identifier: MIT */
/*
 * Regions of a run that are timed: points given in words, warming, markers, the monitor's command.
 * In each tier the same instructions are counted, at the same cycles, and the rest of the run is
 * not timed.
 */
#include "devices/board/machine.h"
#include "tests/board.h"

#include "cpu/counters/pmu.h"
#include "cpu/engine/threaded.h"
#include "cpu/timed/threaded_timed.h"
#include "devices/board/timing/regions.h"
#include "devices/board/timing/timing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SORT BAYA_CYCLES "/elf/csort.elf"
#define SMP BAYA_GUESTS "/smp.elf"
#define SORT_MAIN "2075" /* so many instructions come before it */

static const char *const cores[] = { "simple", "cva6", "c906", "cva6-inorder" };

struct part {
	u64 count, cycles, instructions;
};

static struct board_config config_of(const char *core, enum board_engine engine)
{
	return (struct board_config){
		.harts = 1, .ram_size = 16 * MiB, .program = SORT, .semihosting = true,
		.engine = engine, .clock = CLOCK_VIRTUAL, .timing = core, .cores = BAYA_CORES,
	};
}

static struct part part_of(struct board *board)
{
	struct board_cost cost;
	struct part part;

	assert_true(board_roi(board, &part.count, &cost));
	part.cycles = cost.cycles;
	part.instructions = cost.instructions;
	return part;
}

static struct part run(const struct board_config *config)
{
	struct board *board = make_board(config);
	struct part part;

	assert_int_equal(run_board_to(board, UINT64_MAX), BOARD_ENDED);
	part = part_of(board);
	board_free(board);
	return part;
}

static struct part measure(const char *core, enum board_engine engine, const char *from,
			   const char *until, u64 warm)
{
	struct board_config config = config_of(core, engine);

	config.timing_from = from;
	config.timing_until = until;
	config.timing_warm = warm;
	return run(&config);
}

static void assert_same(const struct part *a, const struct part *b)
{
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->cycles, b->cycles);
	assert_int_equal(a->instructions, b->instructions);
}

/* A symbol, its pc and its instruction count name the same point, in each tier. */
static void points_agree(void **state)
{
	static const char *const mains[] = { "main", SORT_MAIN, "0x8000225c", "main+0x0" };

	for (unsigned c = 0; c < ARRAY_SIZE(cores); c++) {
		struct part first = measure(cores[c], ENGINE_THREADED, "main", "+5000", 0), other;

		assert_int_equal(first.count, 1);
		assert_int_equal(first.instructions, 5000);
		for (unsigned n = 0; n < ARRAY_SIZE(mains); n++)
			for (int engine = ENGINE_INTERP; engine <= ENGINE_THREADED; engine++) {
				other = measure(cores[c], engine, mains[n], "7075", 0);
				assert_same(&first, &other);
			}
	}
}

/* Each time a hart gets there is a region; they add up. */
static void regions_add_up(void **state)
{
	for (unsigned c = 0; c < ARRAY_SIZE(cores); c++) {
		struct part first = measure(cores[c], ENGINE_THREADED, "sift", "+10", 0), other;

		assert_int_equal(first.count, 1534);
		assert_int_equal(first.instructions, 15340);
		other = measure(cores[c], ENGINE_INTERP, "sift", "+10", 0);
		assert_same(&first, &other);
		first = measure(cores[c], ENGINE_THREADED, "sift", "sorted", 0);
		other = measure(cores[c], ENGINE_INTERP, "sift", "sorted", 0);
		assert_same(&first, &other);
	}
}

/*
 * The longest region takes the same number of cycles when it is timed alone, and the average of all
 * regions is between the shortest and the longest. That is also true if they are warmed up, mostly
 * with the instructions of earlier regions.
 */
static void check_extremes(const char *core, u64 warm)
{
	struct board_config config = config_of(core, ENGINE_THREADED);
	struct board_extremes found, alone;
	struct board *board;
	struct part all, longest;
	char from[24];

	config.timing_from = "sift";
	config.timing_until = "+200";
	config.timing_warm = warm;
	board = make_board(&config);
	assert_false(board_roi_extremes(board, &found));
	assert_int_equal(run_board_to(board, UINT64_MAX), BOARD_ENDED);
	assert_true(board_roi_extremes(board, &found));
	all = part_of(board);
	board_free(board);
	assert_true(found.shortest < found.longest);
	assert_in_range(all.cycles, found.shortest * all.count, found.longest * all.count);
	snprintf(from, sizeof(from), "%llu", found.longest_from);
	config.timing_from = from;
	board = make_board(&config);
	assert_int_equal(run_board_to(board, UINT64_MAX), BOARD_ENDED);
	longest = part_of(board);
	assert_true(board_roi_extremes(board, &alone));
	board_free(board);
	assert_int_equal(longest.cycles, found.longest);
	assert_int_equal(alone.shortest, found.longest);
	assert_int_equal(alone.longest, found.longest);
	assert_int_equal(alone.longest_from, found.longest_from);
}

static void extremes_are_of_regions(void **state)
{
	check_extremes("cva6", 0);
	for (unsigned c = 1; c < ARRAY_SIZE(cores); c++)
		check_extremes(cores[c], 1000);
}

/* A region of several harts takes as long as the hart with most cycles in it, not their sum. */
static void harts_run_at_the_same_time(void **state)
{
	struct board_config config = config_of("cva6", ENGINE_THREADED);
	struct board_extremes found;
	struct board *board;
	u64 most = 0, sum = 0;

	config.program = SMP;
	config.harts = 4;
	config.timing_from = "20000";
	config.timing_until = "+20000";
	if (access(SMP, R_OK))
		return;
	board = make_board(&config);
	run_board_to(board, 50000);
	assert_true(board_roi_extremes(board, &found));
	for (unsigned n = 0; n < config.harts; n++) {
		u64 cycles = board->harts.hart[n]->timed->done.cycles;

		sum += cycles;
		most = MAX(most, cycles);
	}
	assert_int_equal(part_of(board).cycles, sum);
	board_free(board);
	assert_true(most < sum);
	assert_int_equal(found.longest, most);
	assert_int_equal(found.shortest, most);
}

/* Warming gives the same result whether its start can be computed (from an instruction count) or
 * not (from a symbol). */
static void warming_agrees(void **state)
{
	for (unsigned c = 1; c < ARRAY_SIZE(cores); c++) {
		struct part cold = measure(cores[c], ENGINE_THREADED, "100000", "+3000", 0);
		struct part warm = measure(cores[c], ENGINE_THREADED, "100000", "+3000", 50000);
		struct part known = measure(cores[c], ENGINE_THREADED, SORT_MAIN, "+3000", 1500);
		struct part kept = measure(cores[c], ENGINE_THREADED, "main", "+3000", 1500);

		assert_same(&known, &kept);
		assert_int_equal(known.instructions, 3000);
		assert_true(warm.cycles < cold.cycles);
		/* With a warming longer than the run, it begins at the start, before the
		 * program. */
		known = measure(cores[c], ENGINE_THREADED, SORT_MAIN, "+3000", 1000000);
		kept = measure(cores[c], ENGINE_THREADED, "main", "+3000", 1000000);
		assert_same(&known, &kept);
	}
}

/* A core that is as warm as possible takes the same cycles as in a run that is timed completely. */
static void warm_is_as_timed(void **state)
{
	struct board_config config = config_of("cva6", ENGINE_THREADED);
	struct board *board = make_board(&config);
	struct part warm = measure("cva6", ENGINE_THREADED, "100000", "200000", 100000);
	struct board_stats before, after;

	assert_int_equal(run_board_to(board, 100000), BOARD_LIMIT);
	board_stats(board, &before);
	assert_int_equal(run_board_to(board, 200000), BOARD_LIMIT);
	board_stats(board, &after);
	board_free(board);
	assert_in_range(warm.cycles, after.cycles - before.cycles - 20,
			after.cycles - before.cycles + 20);
}

/* 100 times: a marker, three instructions, the other marker. Then the machine is powered off. */
static const u32 marked[] = {
	0x06400293, /* li t0, 100 */
	ROI_MARK(ROI_MARK_BEGIN),
	0x00130313, 0x00130313, 0x00130313, /* addi t1, t1, 1 */
	ROI_MARK(ROI_MARK_END),
	0xfff28293, /* addi t0, t0, -1 */
	0xfe0294e3, /* bnez t0, .-24 */
	0x001003b7, 0x00005e37, 0x555e0e13, 0x01c3a023, /* the test device: pass */
	0x0000006f, /* j . */
};

static struct board_config marked_config(const char *path, enum board_engine engine)
{
	struct board_config config = config_of("cva6", engine);
	FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(marked, sizeof(marked), 1, file), 1);
	fclose(file);
	config.program = NULL;
	config.bios = "none";
	config.loads[0] = (struct board_load){ .file = path, .addr = 0x80000000, .has_addr = true,
					       .raw = true };
	config.load_count = 1;
	return config;
}

/*
 * A region in the middle of a run begins with empty caches, but not with what a core does after
 * power-on: CVA6 clears its instruction cache, which has 256 sets, one in a cycle.
 */
static void regions_pay_no_reset(void **state)
{
	static const char *const clearing[] = { "cva6", "cva6-inorder" };
	char path[] = "/tmp/baya-marked-XXXXXX";

	close(mkstemp(path));
	for (unsigned c = 0; c < ARRAY_SIZE(clearing); c++) {
		struct board_config config = marked_config(path, ENGINE_THREADED);
		struct part part;

		config.timing = clearing[c];
		config.timing_from = "marker";
		part = run(&config);
		assert_int_equal(part.count, 100);
		assert_in_range(part.cycles, 100 * 40, 100 * 100);
	}
	unlink(path);
}

static void markers_mark(void **state)
{
	static const char *const models[] = { "max", "cva6", "c906", "rocket", "u74", "rv64gc" };
	char path[] = "/tmp/baya-marked-XXXXXX";
	struct board_config config;

	close(mkstemp(path));
	for (int engine = ENGINE_INTERP; engine <= ENGINE_THREADED; engine++) {
		struct part part;

		config = marked_config(path, engine);
		config.timing_from = "marker";
		part = run(&config);
		assert_int_equal(part.count, 100);
		assert_int_equal(part.instructions, 300);
		config.timing_until = "+2";
		assert_int_equal(run(&config).instructions, 200);
		config.timing_warm = 100;
		assert_int_equal(run(&config).instructions, 200);
	}
	/* Without a model the markers do nothing. */
	config.timing_from = config.timing_until = config.timing = NULL;
	config.timing_warm = 0;
	for (unsigned n = 0; n < ARRAY_SIZE(models); n++) {
		struct board *board;

		config.cpu = models[n];
		board = make_board(&config);
		assert_int_equal(run_board_to(board, 10000), BOARD_ENDED);
		assert_int_equal(board_platform(board)->end, MACHINE_PASS);
		board_free(board);
	}
	unlink(path);
}

/* A reset clears all figures. A region that a number of instructions begins occurs only once. */
static void a_reset_clears_regions(void **state)
{
	struct board_config config = config_of("cva6", ENGINE_THREADED);
	struct board_extremes first, again;
	struct board_error error;
	struct board *board;
	struct part part;

	config.timing_from = "sift";
	config.timing_until = "+200";
	board = make_board(&config);
	run_board_to(board, 100000);
	part = part_of(board);
	assert_true(board_roi_extremes(board, &first));
	assert_int_equal(board_reset(board, &error), 0);
	assert_int_equal(part_of(board).count, 0);
	assert_int_equal(part_of(board).cycles, 0);
	assert_false(board_roi_extremes(board, &again));
	run_board_to(board, 200000);
	assert_true(board_roi_extremes(board, &again));
	assert_int_equal(part_of(board).count, part.count);
	assert_int_equal(part_of(board).cycles, part.cycles);
	assert_int_equal(again.longest, first.longest);
	assert_int_equal(again.longest_from, first.longest_from + 100000);
	board_free(board);

	config.timing_from = "1000";
	board = make_board(&config);
	run_board_to(board, 5000);
	assert_int_equal(part_of(board).instructions, 200);
	assert_int_equal(board_reset(board, &error), 0);
	run_board_to(board, 10000);
	assert_int_equal(part_of(board).count, 0);
	board_free(board);
}

static void tell(struct board *board, const char *words, const char *expected)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	board_timing_command(board, words, out);
	fclose(out);
	if (!strstr(text, expected))
		fail_msg("no '%s' in: %s", expected, text);
	free(text);
}

/* All cycles are in the guest's counter, which is told. */
static void tell_mcycle(struct board *board)
{
	u64 mcycle = pmu_read(board->harts.hart[0], PMU_CYCLE);
	char text[64];

	assert_int_equal(mcycle, board_hart_cycles(board, 0));
	snprintf(text, sizeof(text), "mcycle counts %llu\n", mcycle);
	tell(board, NULL, text);
}

/* Returns the region, whose cycles are those of its modes, but for what is under way. */
static struct part assert_region_by_modes(struct board *board)
{
	struct part part = part_of(board);
	struct board_cost cost;
	u64 cycles = 0;

	for (unsigned m = 0; board_mode_name(m); m++) {
		board_mode_cost(board, 0, m, &cost);
		cycles += cost.cycles;
	}
	assert_in_range(cycles, part.cycles - MIN(part.cycles, 100), part.cycles);
	return part;
}

/* The machine is timed by no core, then by one, then by another, whose figures begin anew. */
static void monitor_switches(void **state)
{
	struct board_config config = config_of(NULL, ENGINE_THREADED);
	struct board *board = make_board(&config);
	struct clock *clock = &board_platform(board)->clock;
	struct part part;
	u64 now;

	assert_int_equal(board_count_cycles(board, false), 0);
	tell(board, NULL, "no core times the harts");
	run_board_to(board, 10000);
	now = clock_now(clock);
	tell(board, "cva6", "");
	assert_int_equal(clock_now(clock), now);
	assert_int_equal(board_hart_cycles(board, 0), 10000);
	run_board_to(board, 20000);
	part = assert_region_by_modes(board);
	assert_int_equal(part.count, 1);
	assert_int_equal(board_hart_cycles(board, 0), 10000 + part.cycles);
	tell_mcycle(board);
	assert_true(clock_now(clock) >= now);
	tell(board, NULL, "cva6: on, 1 region so far\nhart 0: ");
	assert_ptr_equal(board->harts.tier, threaded_timed_run);
	tell(board, "none", "");
	assert_ptr_equal(board->harts.tier, threaded_run);
	run_board_to(board, 120000);
	tell(board, NULL, "cva6: off, 1 region so far\nhart 0: ");
	part = assert_region_by_modes(board);
	assert_int_equal(part.instructions, 10000);
	assert_int_equal(board_hart_cycles(board, 0), 110000 + part.cycles);
	now = clock_now(clock);
	tell(board, "simple,price.alu=3", "");
	assert_true(clock_now(clock) >= now);
	run_board_to(board, 180000);
	tell(board, NULL, "simple,price.alu=3: on, 1 region so far");
	assert_int_equal(board_hart_cycles(board, 0),
			 110000 + part.cycles + assert_region_by_modes(board).cycles);
	tell_mcycle(board);
	tell(board, "nosuch", "there is no core 'nosuch'");
	tell(board, "cva6,dcache.ways=3", "must be a power of two");
	assert_int_equal(run_board_to(board, UINT64_MAX), BOARD_ENDED);
	board_free(board);
}

/* The times are printed and not checked, because hosts differ. */
static void switching_is_quick(void **state)
{
	struct board_config config = config_of("cva6", ENGINE_THREADED);
	struct board *board = make_board(&config);
	struct timespec from, to;
	FILE *out = fopen("/dev/null", "we");

	assert_non_null(out);
	run_board_to(board, 10000);
	clock_gettime(CLOCK_MONOTONIC, &from);
	for (unsigned n = 0; n < 1000; n++) {
		board_timing_command(board, "none", out);
		board_timing_command(board, "cva6", out);
	}
	clock_gettime(CLOCK_MONOTONIC, &to);
	fclose(out);
	assert_int_equal(part_of(board).count, 1001);
	print_message("off and on again: %.2f us\n", ((double)(to.tv_sec - from.tv_sec) * 1e9 +
						      (double)to.tv_nsec - (double)from.tv_nsec) /
							     1e6);
	board_free(board);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(points_agree),
	cmocka_unit_test(regions_add_up),
	cmocka_unit_test(extremes_are_of_regions),
	cmocka_unit_test(harts_run_at_the_same_time),
	cmocka_unit_test(warming_agrees),
	cmocka_unit_test(warm_is_as_timed),
	cmocka_unit_test(regions_pay_no_reset),
	cmocka_unit_test(markers_mark),
	cmocka_unit_test(a_reset_clears_regions),
	cmocka_unit_test(monitor_switches),
	cmocka_unit_test(switching_is_quick),
	{ 0 },
};
