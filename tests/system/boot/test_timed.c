/* SPDX-License-Identifier: MIT */
/*
 * Machines whose harts are timed, with the virtual clock: a run takes the same cycles when it is
 * repeated, interrupted at random points with all records retired there, or saved and continued in
 * another machine, for each kind of model; and two machines in lockstep agree in all of their
 * state, cycles included.
 */
#include "tests/board.h"
#include "tests/state_copy.h"
#include "tests/system/boot/boot.h"

#include "devices/board/inspect/debug.h"
#include "devices/board/machine.h"
#include "devices/board/timing/cold.h"
#include "devices/board/timing/regions.h"
#include "devices/board/timing/timing.h"
#include "tests/cpu/random.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RAM_SIZE (64 * MiB)
#define MUTATIONS 100
#define MCYCLE 0xb00

struct guest {
	const char *program; /* NULL: the bundled one */
	unsigned harts;
	u64 end; /* instructions */
	const char *from, *until; /* the region that is timed; NULL: everything */
	u64 warm;
};

static const struct guest guests[] = {
	{ BAYA_CYCLES "/privileged/elf/pmode.elf", 1, 60000, NULL, NULL, 0 },
	{ BAYA_CYCLES "/privileged/elf/pkernel.elf", 1, 60000, NULL, NULL, 0 },
	/* These have interrupts and wfi, and several harts. */
	{ BAYA_GUESTS "/waiting.elf", 1, 150000, NULL, NULL, 0 },
	{ BAYA_GUESTS "/smp.elf", 4, 150000, NULL, NULL, 0 },
	{ NULL, 1, 400000, NULL, NULL, 0 },
	/* Only a region of the run is timed. */
	{ BAYA_CYCLES "/elf/csort.elf", 1, 130000, "sift", "+100", 0 },
	{ BAYA_CYCLES "/privileged/elf/pkernel.elf", 1, 60000, "20000", "40000", 9000 },
	{ BAYA_GUESTS "/smp.elf", 4, 150000, "50000", "100000", 10000 },
	{ NULL, 1, 800000, "500000", "+200000", 50000 },
};

static const char *const cores[] = { "simple", "cva6", "c906", "cva6-inorder", "rocket" };

static struct board *start(const struct guest *guest, const char *core, bool compare)
{
	const struct board_config config = {
		.harts = guest->harts,
		.ram_size = guest->program ? RAM_SIZE : 2 * RAM_SIZE,
		.program = guest->program,
		.kernel = guest->program ? NULL : BAYA_KERNEL,
		.initrd = guest->program ? NULL : BAYA_ROMS "/initramfs.cpio.gz",
		.append = guest->program ? NULL : BOOT_WORK,
		.semihosting = guest->program,
		.devices = { { .type = "virtio-rng", .transport = DEVICE_MMIO } },
		.device_count = 1,
		.engine = ENGINE_JIT,
		.clock = CLOCK_VIRTUAL,
		.timing = core,
		.cpu = core ? NULL : "max,v=off", /* as that of cores without vectors */
		.cores = BAYA_CORES,
		.timing_from = guest->from,
		.timing_until = guest->until,
		.timing_warm = guest->warm,
		.compare = compare,
	};

	return make_board(&config);
}

/* Guest tests exist only where their compiler is installed. */
static bool is_there(const struct guest *guest)
{
	return !guest->program || access(guest->program, R_OK) == 0;
}

static struct state *state_of(struct board *board)
{
	return &board_platform(board)->state;
}

static u64 retired(struct board *board)
{
	return board_platform(board)->journal.instructions(board);
}

/* The machine's time, the harts' cycles, and the hash of all other state. */
struct end {
	enum board_exit left;
	u64 time, instructions, cycles, hash;
};

static struct end end_of(struct board *board, enum board_exit left)
{
	struct board_stats stats;

	board_stats(board, &stats);
	return (struct end){
		.left = left, .time = clock_now(&board_platform(board)->clock),
		.instructions = stats.instructions, .cycles = stats.cycles,
		.hash = state_hash(state_of(board)),
	};
}

static void assert_same(const struct end *a, const struct end *b)
{
	assert_int_equal(a->left, b->left);
	assert_int_equal(a->instructions, b->instructions);
	assert_int_equal(a->cycles, b->cycles);
	assert_int_equal(a->time, b->time);
	assert_int_equal(a->hash, b->hash);
}

static struct end whole(const struct guest *guest, const char *core)
{
	struct board *board = start(guest, core, false);
	struct end end = end_of(board, run_board_to(board, guest->end));

	board_free(board);
	return end;
}

/* Runs with stops at random points, where the models get all pending records, as before a look. */
static struct end cut(const struct guest *guest, const char *core)
{
	struct board *board = start(guest, core, false);
	enum board_exit left;
	struct end end;
	u64 seed = 7;

	do {
		u64 stop = retired(board) + 1 + random_u64(&seed) % (guest->end / 6);

		left = run_board_to(board, MIN(stop, guest->end));
		state_pre_save(state_of(board));
	} while (left == BOARD_LIMIT && retired(board) < guest->end);
	end = end_of(board, left);
	board_free(board);
	return end;
}

/* Runs each part in another machine, one of two in turn, which is neither new nor equal. */
static struct end moved(const struct guest *guest, const char *core)
{
	struct board *boards[2] = { start(guest, core, false), start(guest, core, false) };
	enum board_exit left = BOARD_LIMIT;
	struct end end;
	unsigned now = 0;
	u64 seed = 11;

	run_board_to(boards[1], guest->end / 2);
	for (;;) {
		u64 stop = retired(boards[now]) + 1 + random_u64(&seed) % (guest->end / 4);

		left = run_board_to(boards[now], MIN(stop, guest->end));
		if (left != BOARD_LIMIT || retired(boards[now]) >= guest->end)
			break;
		assert_int_equal(state_copy(state_of(boards[!now]), state_of(boards[now])), 0);
		now = !now;
		assert_int_equal(state_hash(state_of(boards[0])), state_hash(state_of(boards[1])));
	}
	end = end_of(boards[now], left);
	board_free(boards[0]);
	board_free(boards[1]);
	return end;
}

static void runs_are_the_same(void **state)
{
	for (unsigned g = 0; g < ARRAY_SIZE(guests); g++)
		for (unsigned c = 0; c < ARRAY_SIZE(cores) && is_there(&guests[g]); c++) {
			struct end first = whole(&guests[g], cores[c]), other;

			print_message("%s on %s: %llu instructions, %llu cycles, %llu ns\n",
				      guests[g].program ? guests[g].program : "bundled", cores[c],
				      first.instructions, first.cycles, first.time);
			other = cut(&guests[g], cores[c]);
			assert_same(&first, &other);
			other = moved(&guests[g], cores[c]);
			assert_same(&first, &other);
		}
}

static void lockstep_agrees(void **state)
{
	for (unsigned g = 0; g < ARRAY_SIZE(guests); g++) {
		enum board_exit left;
		struct board *board;

		if (!is_there(&guests[g]))
			continue;
		board = start(&guests[g], cores[1 + g % 4], true);
		left = run_board_to(board, guests[g].end);
		board_free(board);
		assert_int_not_equal(left, BOARD_DIFFER);
	}
}

/* Regions in which a machine is saved, and those of the run that loads it. */
struct reloaded {
	struct guest before, after;
	u64 saved; /* instructions */
	u64 count, instructions; /* of the regions in the end */
	bool untimed; /* no core times the machine that is saved */
};

#define SORT(from, until, warm) { BAYA_CYCLES "/elf/csort.elf", 1, 130000, from, until, warm }

static const struct reloaded reloads[] = {
	{ SORT("999999999", NULL, 0), SORT(NULL, "+20000", 0), 0, 1, 19994, false },
	{ SORT("999999999", NULL, 0), SORT("0", "5000", 0), 0, 1, 5000, false },
	{ SORT("999999999", NULL, 0), SORT("5000", "+5000", 5000), 0, 1, 5000, false },
	{ SORT("999999999", NULL, 0), SORT("sift", "100000", 100000), 0, 1, 4422, false },
	{ SORT(NULL, NULL, 0), SORT("10000", "+10000", 0), 0, 1, 10000, false },
	{ SORT(NULL, NULL, 0), SORT(NULL, "+1000", 0), 7814, 1, 1000, false },
	{ SORT(NULL, "+9000", 0), SORT(NULL, "+9000", 0), 7814, 1, 8994, false },
	{ SORT(NULL, NULL, 0), SORT("5000", "7000", 0), 7814, 0, 0, false },
	{ SORT(NULL, NULL, 0), SORT(NULL, "5000", 0), 7814, 0, 0, false },
	{ SORT("sift", "5000", 0), SORT("sift", "5000", 0), 0, 0, 0, false },
	{ SORT(NULL, NULL, 0), SORT("5000", "8000", 0), 7814, 1, 186, false },
	{ SORT("sift", "100000", 900), SORT("sift", "100000", 900), 7814, 1, 4422, false },
	{ SORT("sift", NULL, 900), SORT("5000", "+5000", 0), 0, 1, 5000, false },
	{ SORT(NULL, NULL, 0), SORT(NULL, "+20000", 0), 0, 1, 19994, true },
	{ SORT(NULL, NULL, 0), SORT("10000", "+10000", 2000), 0, 1, 10000, true },
	{ SORT(NULL, NULL, 0), SORT("sift", "100000", 5000), 0, 1, 4422, true },
	{ SORT(NULL, NULL, 0), SORT(NULL, "+1000", 0), 7814, 1, 1000, true },
};

/*
 * Runs to the end. Returns what its regions cost, which is what their modes say; the guest's
 * counter goes on.
 */
static struct board_cost regions(struct board *board, const struct reloaded *reload)
{
	struct board_cost all, mode;
	u64 count, mcycle, cycles = 0;

	assert_int_equal(run_board_to(board, reload->after.end), BOARD_LIMIT);
	assert_int_equal(retired(board), reload->after.end);
	assert_true(board_roi(board, &count, &all));
	assert_int_equal(count, reload->count);
	assert_int_equal(all.instructions, reload->instructions);
	for (unsigned m = 0; board_mode_name(m); m++) {
		board_mode_cost(board, 0, m, &mode);
		cycles += mode.cycles;
	}
	assert_int_equal(cycles, all.cycles);
	assert_true(board_reg_get(board, 0, BOARD_REG_CSR + MCYCLE, &mcycle));
	assert_int_equal(mcycle, board_hart_cycles(board, 0));
	return all;
}

static int load_image(void *image, struct state *state)
{
	const struct state_image *from = image;

	return state_load(state, from->data, from->size);
}

/* Loads a machine that no core times. It can then be loaded by others of these options. */
static void load_untimed(struct board *to, const struct board *from, const struct guest *guest)
{
	struct board *next = start(guest, "cva6", false);
	struct state_image image = { 0 };

	assert_int_equal(state_save(&from->platform.state, &image), 0);
	assert_int_equal(board_load_cold(to, load_image, &image), 0);
	assert_int_equal(state_copy(state_of(next), state_of(to)), 0);
	board_free(next);
	free(image.data);
}

/* A guest that begins anew finds mcycle at 0. */
static void a_reset_clears_what_was_counted(void **state)
{
	static const struct guest guest = SORT(NULL, NULL, 0);
	struct board *board = start(&guest, "cva6", false);
	struct board_error error;
	u64 first, again;

	run_board_to(board, 1000);
	assert_true(board_reg_get(board, 0, BOARD_REG_CSR + MCYCLE, &first));
	assert_true(first > 1000);
	assert_int_equal(board_reset(board, &error), 0);
	assert_true(board_reg_get(board, 0, BOARD_REG_CSR + MCYCLE, &again));
	assert_int_equal(again, 0);
	board_free(board);
}

/* A saved machine is timed where the run that loads it says, whatever was timed before. */
static void regions_are_those_of_the_run(void **state)
{
	for (unsigned n = 0; n < ARRAY_SIZE(reloads); n++) {
		const struct reloaded *reload = &reloads[n];
		struct board *before =
			start(&reload->before, reload->untimed ? NULL : "cva6", false);
		struct board *after = start(&reload->after, "cva6", false);
		struct board_cost cost, fresh;

		assert_int_equal(board_count_cycles(after, false), 0);
		run_board_to(before, reload->saved);
		if (reload->untimed)
			load_untimed(after, before, &reload->after);
		else
			assert_int_equal(state_copy(state_of(after), state_of(before)), 0);
		cost = regions(after, reload);
		board_free(before);
		board_free(after);
		if (reload->saved)
			continue;
		after = start(&reload->after, "cva6", false);
		assert_int_equal(board_count_cycles(after, false), 0);
		fresh = regions(after, reload);
		assert_int_equal(cost.cycles, fresh.cycles);
		board_free(after);
	}
}

static int get_bytes(void *ctx, void *data, size_t size)
{
	const u8 **from = ctx;

	memcpy(data, *from, size);
	*from += size;
	return 0;
}

/* A model's state is of one core: another one, or another value of a parameter, is named. */
static void another_core_is_refused(void **state)
{
	static const char *const others[][2] = {
		{ "cva6,memory.latency=60", "timing.memory.latency (20 there, 60 here)" },
		{ "cva6,issue.entries=2,bht.entries=64", "timing.bht.entries (128 there, 64 here)" },
		{ "simple", "timing" },
		{ "cva6,memory.latency=20", NULL },
	};
	struct board *board = start(&guests[0], "cva6", false);
	struct state_image image = { 0 };

	assert_int_equal(state_save(state_of(board), &image), 0);
	board_free(board);
	for (unsigned n = 0; n < ARRAY_SIZE(others); n++) {
		const u8 *from = image.data;
		const struct state_source source = { get_bytes, &from, image.size };
		char differs[128];

		board = start(&guests[0], others[n][0], false);
		assert_int_equal(state_check(state_of(board), &source, differs, sizeof(differs)),
				 others[n][1] ? -EINVAL : 0);
		if (others[n][1])
			assert_string_equal(differs, others[n][1]);
		board_free(board);
	}
	free(image.data);
}

static size_t find(const struct state_image *image, const char *name)
{
	size_t at = 0;

	while (memcmp(image->data + at, name, strlen(name)))
		assert_true(++at + strlen(name) < image->size);
	return at;
}

/* A state from outside whose timing data is damaged is refused, or does no harm. */
static void hostile_states_are_survived(void **state)
{
	struct state_image image = { 0 };
	u64 seed = 3;

	for (unsigned c = 0; c < ARRAY_SIZE(cores); c++) {
		struct board *board = start(&guests[0], cores[c], false);
		size_t from, to;

		run_board_to(board, 20000);
		image.size = 0;
		assert_int_equal(state_save(state_of(board), &image), 0);
		from = find(&image, "timed0");
		to = find(&image, "hart0");
		assert_true(from < to);
		for (unsigned n = 0; n < MUTATIONS; n++) {
			u8 *at = &image.data[from + random_u64(&seed) % (to - from)];
			u8 kept = *at;

			*at ^= (u8)(1u << n % 8);
			if (state_load(state_of(board), image.data, image.size) == 0)
				run_board_to(board, 20300);
			*at = kept;
		}
		assert_int_equal(state_load(state_of(board), image.data, image.size), 0);
		board_free(board);
	}
	free(image.data);
}

/* A core's parameters are listed with its file's values, except for those that are given; a core
 * without a file is an error. */
static void parameters_are_listed(void **state)
{
	struct board_config config = { .timing = "cva6,memory.latency=60", .cores = BAYA_CORES };
	struct board_error error;
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(board_core_help(&config, out, &error), 0);
	fflush(out);
	assert_non_null(strstr(text, "\nmemory.latency=60 cycles (1 to 10000): "));
	assert_non_null(strstr(text, "\nicache.ways=4 ways (1 to 16): "));
	config.timing = "cva6-inorder";
	assert_int_equal(board_core_help(&config, out, &error), 0);
	fflush(out);
	assert_non_null(strstr(text, "\nicache.replacement=random ("));
	config.timing = "cva5";
	assert_int_not_equal(board_core_help(&config, out, &error), 0);
	assert_int_equal(error.exit_code, 2);
	assert_non_null(strstr(error.text, "there is no core 'cva5'; accepted: none, c906, "));
	config.cores = "/nowhere";
	assert_int_not_equal(board_core_help(&config, out, &error), 0);
	assert_string_equal(error.text,
			    "there is no core 'cva5': the folder '/nowhere', where Baya's cores "
			    "should be, has none; accepted: none, or a file *.core");
	fclose(out);
	free(text);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(parameters_are_listed),
	cmocka_unit_test(runs_are_the_same),
	cmocka_unit_test(lockstep_agrees),
	cmocka_unit_test(a_reset_clears_what_was_counted),
	cmocka_unit_test(regions_are_those_of_the_run),
	cmocka_unit_test(another_core_is_refused),
	cmocka_unit_test(hostile_states_are_survived),
	{ 0 },
};
