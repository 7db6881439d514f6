/* SPDX-License-Identifier: MIT */
/* Tests turns of random lengths (cpu/run/chaos.h): they show races, and a seed repeats them. */
#include "tests/cpu/fixture.h"

#include "cpu/hart/harts.h"
#include "cpu/hart/storage.h"

#define COUNTER (RAM_BASE + 0x100)
#define ROUNDS 4096
#define SEEDS 8

/*
 * Adds 1 to the word at a0, 4096 times, by a load and a store. The usual length of a turn is a
 * multiple of the loop's five instructions, and no turn ends between the two.
 */
static const u32 racing[] = {
	0x000012b7, /* lui t0, 1 */
	0x00052303, /* lw t1, (a0) */
	0x00130313, /* addi t1, t1, 1 */
	0x00652023, /* sw t1, (a0) */
	0xfff28293, /* addi t0, t0, -1 */
	0xfe0298e3, /* bnez t0, -16 */
	0x0000006f, /* j 0 */
};
/* Does so by LR and SC. */
static const u32 reserving[] = {
	0x000012b7, /* lui t0, 1 */
	0x1005232f, /* lr.w t1, (a0) */
	0x00130313, /* addi t1, t1, 1 */
	0x186523af, /* sc.w t2, t1, (a0) */
	0xfe039ae3, /* bnez t2, -12 */
	0xfff28293, /* addi t0, t0, -1 */
	0xfe0296e3, /* bnez t0, -20 */
	0x0000006f, /* j 0 */
};

struct settings {
	bool chaos;
	u64 seed;
	u64 limit; /* interrupt the run after so many instructions, again and again; 0: never */
};

/* Runs until both harts are at the last instruction, a jump to itself. */
static void run_to_end(struct harts *harts, u64 end, u64 limit)
{
	u64 next = limit;

	while (harts->hart[0]->pc != end || harts->hart[1]->pc != end) {
		harts->limit = limit ? next : UINT64_MAX;
		if (harts_run(harts) == HARTS_LIMIT)
			next += limit;
		assert_in_range(harts_retired(harts), 0, 200 * ROUNDS);
	}
}

/* Returns what two harts that run the program have counted. */
static u32 count(const u32 *code, size_t bytes, const struct settings *settings)
{
	const struct harts_config config = {
		.count = 2, .extensions = PLAIN_EXTENSIONS, .chaos = settings->chaos,
	};
	struct machine machine;
	struct harts *harts = hart_storage(sizeof(*harts));
	u32 counted;

	assert_non_null(harts);
	machine_platform(&machine);
	machine.platform.seed = settings->seed;
	memcpy(machine.ram.host, code, bytes);
	assert_int_equal(harts_init(harts, &machine.platform, &machine.timebase, &config), 0);
	harts->tier = interp_run;
	harts_reset(harts, RAM_BASE);
	for (unsigned n = 0; n < 2; n++)
		harts->hart[n]->x[10] = COUNTER;
	run_to_end(harts, RAM_BASE + bytes - sizeof(u32), settings->limit);
	counted = *(u32 *)machine_ram(&machine, COUNTER);
	harts_free(harts);
	free(harts);
	platform_free(&machine.platform);
	ram_free(&machine.ram);
	return counted;
}

/* Most seeds show a race that the usual turns hide, and they have different orders. */
static void test_shows_races(void **unused)
{
	const struct settings usual = { .chaos = false };
	u32 counted[SEEDS];
	unsigned found = 0, equal = 0;

	assert_int_equal(count(racing, sizeof(racing), &usual), 2 * ROUNDS);
	for (u64 seed = 0; seed < SEEDS; seed++) {
		const struct settings settings = { .chaos = true, .seed = seed };

		counted[seed] = count(racing, sizeof(racing), &settings);
		found += counted[seed] != 2 * ROUNDS;
		equal += seed && counted[seed] == counted[0];
	}
	assert_in_range(found, SEEDS / 2, SEEDS);
	assert_in_range(equal, 0, SEEDS / 2);
}

/* The order depends on the seed only, and not on where a run is interrupted. */
static void test_repeats(void **unused)
{
	for (u64 seed = 0; seed < SEEDS; seed++) {
		const struct settings settings = { .chaos = true, .seed = seed };
		const struct settings cut = { .chaos = true, .seed = seed, .limit = 777 + seed };
		u32 counted = count(racing, sizeof(racing), &settings);

		assert_int_equal(count(racing, sizeof(racing), &settings), counted);
		assert_int_equal(count(racing, sizeof(racing), &cut), counted);
	}
}

/* However short turns are, LR and SC make progress, and nothing is lost. */
static void test_reservations(void **unused)
{
	for (u64 seed = 0; seed < SEEDS; seed++) {
		const struct settings settings = { .chaos = true, .seed = seed };

		assert_int_equal(count(reserving, sizeof(reserving), &settings), 2 * ROUNDS);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_shows_races),
	cmocka_unit_test(test_repeats),
	cmocka_unit_test(test_reservations),
	{ 0 },
};
