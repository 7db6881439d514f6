/* SPDX-License-Identifier: MIT */
/*
 * Tests non-maskable interrupts from outside the hart (Smrnmi), as the monitor's `nmi` sends them:
 * what the guest program nmi.S finds, in each tier, and that both tiers end in the same state if
 * the interrupts come at the same instructions.
 */
#include "cpu/hart/trap_log.h"
#include "devices/board/inspect/space.h"
#include "devices/board/machine.h"
#include "tests/board.h"

#include "tests/cpu/random.h"
#include "tests/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TABLE 0x80001000
#define HART_TABLE 1024
#define CPU "max,smrnmi=on,rnmi-interrupt-vector=0x80000100,rnmi-exception-vector=0x80000200"

/* The handler's record of an interrupt. */
struct record {
	u64 cause, epc, status, exception;
};

static struct board *start(const char *cpu, enum board_engine engine, bool compare)
{
	const struct board_config config = {
		.harts = 2, .ram_size = BOARD_RAM_MIN, .cpu = cpu, .program = BAYA_NMI_ELF,
		.engine = engine, .clock = CLOCK_VIRTUAL, .compare = compare,
	};

	return make_board(&config);
}

static enum board_exit go(struct board *board, u64 count)
{
	enum board_exit left;

	board_limit(board, harts_retired(&board->harts) + count);
	do
		left = board_run(board);
	while (left == BOARD_SLICE);
	return left;
}

static struct record recorded(struct board *board, unsigned hart, unsigned number)
{
	struct record record;
	const struct board_memory at = {
		.space.kind = SPACE_PHYSICAL, .size = sizeof(record),
		.addr = TABLE + hart * HART_TABLE + number * sizeof(record),
	};

	assert_true(board_peek(board, &at, &record));
	return record;
}

/* Checks that the handler's `number`-th record is of an interrupt taken at `epc` in a mode. */
static void expect(struct board *board, unsigned hart, unsigned number, const struct record *want)
{
	struct record got = recorded(board, hart, number);

	assert_int_equal(got.cause, BIT(63));
	assert_int_equal(got.epc, want->epc);
	assert_int_equal(got.status, want->status);
	assert_int_equal(got.exception, 2);
}

static u64 pc_of(struct board *board, unsigned hart)
{
	return board->harts.hart[hart]->pc;
}

/* Interrupts hart 0 in its loop, checks its record, and returns how the run continues. */
static enum board_exit interrupt(struct board *board, unsigned number, u64 status)
{
	struct record want = { .epc = pc_of(board, 0), .status = status };
	enum board_exit left;

	assert_true(board_request_nmi(board, 0));
	left = go(board, 1000);
	expect(board, 0, number, &want);
	return left;
}

static void run_all(enum board_engine engine, u64 *hash)
{
	struct board *board = start(CPU, engine, false);
	struct record want = { .epc = 0x80000030, .status = 3 << 11 };
	u64 wfi;

	/* NMIE is clear after reset: the interrupt is pending, once, and is taken as soon as NMIE
	 * is set. */
	assert_int_equal(go(board, 100), BOARD_LIMIT);
	assert_true(board_request_nmi(board, 0));
	assert_true(board_request_nmi(board, 0));
	assert_int_equal(go(board, 100), BOARD_LIMIT);
	assert_int_equal(recorded(board, 0, 0).cause, 0);
	assert_int_equal(go(board, 1000), BOARD_LIMIT);
	expect(board, 0, 0, &want);
	assert_int_equal(recorded(board, 0, 1).cause, 0);

	assert_int_equal(interrupt(board, 1, 3 << 11), BOARD_LIMIT);
	assert_int_equal(interrupt(board, 2, 0), BOARD_LIMIT);
	/* Both harts sleep after that. */
	assert_int_equal(interrupt(board, 3, 1 << 11 | BIT(7)), BOARD_IDLE);
	wfi = pc_of(board, 1);
	want = (struct record){ .epc = wfi, .status = 3 << 11 };
	assert_true(board_request_nmi(board, 1));
	assert_int_equal(go(board, 1000), BOARD_IDLE);
	expect(board, 1, 0, &want);
	assert_int_equal(recorded(board, 0, 4).cause, 0);
	want.epc = pc_of(board, 0);
	assert_true(board_request_nmi(board, 0));
	assert_int_equal(go(board, 1000), BOARD_ENDED);
	assert_int_equal(board->platform.end, MACHINE_PASS);
	expect(board, 0, 4, &want);
	*hash = state_hash(&board->platform.state);
	board_free(board);
}

static void test_modes(void **state)
{
	u64 interp, threaded;

	run_all(ENGINE_INTERP, &interp);
	run_all(ENGINE_THREADED, &threaded);
	assert_int_equal(interp, threaded);
}

/* Sends interrupts at random instructions, also in the handler, and in both tiers at the same
 * ones. */
static void run_random(enum board_engine engine, bool compare, u64 seed, u64 *hash)
{
	struct board *board = start(CPU, engine, compare);
	enum board_exit left;

	do {
		left = go(board, 1 + random_u64(&seed) % 60);
		board_request_nmi(board, (unsigned)(random_u64(&seed) % 2));
		assert_int_not_equal(left, BOARD_DIFFER);
	} while (left != BOARD_ENDED);
	assert_int_equal(board->platform.end, MACHINE_PASS);
	*hash = state_hash(&board->platform.state);
	board_free(board);
}

static void test_random(void **state)
{
	for (u64 seed = 1; seed <= part_of(10); seed++) {
		u64 interp, threaded, compared;

		run_random(ENGINE_INTERP, false, seed, &interp);
		run_random(ENGINE_THREADED, false, seed, &threaded);
		assert_int_equal(interp, threaded);
		run_random(ENGINE_THREADED, true, seed, &compared);
		assert_int_equal(interp, compared);
	}
}

/* The slices have more steps than are needed to find that a hart is dead if nothing can interrupt
 * it: each trap is a step. */
#define SLICES 10
#define SLICE_STEPS (TRAP_STREAK_BARREN / 2)

/* Tests a hart that only traps or waits, with everything masked except non-maskable interrupts:
 * such an interrupt ends the loop. */
static void loop(const char *name, unsigned harts, enum board_engine engine)
{
	char file[512];
	const struct board_config config = {
		.harts = harts, .ram_size = BOARD_RAM_MIN, .program = file, .engine = engine,
		.clock = CLOCK_VIRTUAL,
		.cpu = "max,smrnmi=on,rnmi-interrupt-vector=0x80000300",
	};
	struct board *board;
	enum board_exit left = BOARD_SLICE;

	snprintf(file, sizeof(file), BAYA_GUEST_FOLDER "/loop_%s_nmi.elf", name);
	board = make_board(&config);
	board->harts.slice = SLICE_STEPS;
	for (unsigned n = 0; n < SLICES * harts; n++) {
		left = board_run(board);
		if (left != BOARD_SLICE && left != BOARD_IDLE)
			fail_msg("%s, %u harts: exit %d", name, harts, (int)left);
	}
	if (strcmp(name, "WFI") != 0)
		assert_true(board->harts.hart[0]->traps > TRAP_STREAK_BARREN);
	assert_true(board_request_nmi(board, 0));
	do
		left = board_run(board);
	while (left == BOARD_SLICE);
	assert_int_equal(left, BOARD_ENDED);
	assert_int_equal(board->platform.end, MACHINE_PASS);
	board_free(board);
}

static void test_loops(void **state)
{
	static const char *const names[] = { "S", "VS", "VU", "HS_VS", "HS_VU", "WFI" };

	for (unsigned n = 0; n < ARRAY_SIZE(names); n++)
		for (unsigned harts = 1; harts <= 2; harts++) {
			loop(names[n], harts, ENGINE_INTERP);
			loop(names[n], harts, ENGINE_THREADED);
		}
}

static void test_refused(void **state)
{
	struct board *board = start("max", ENGINE_THREADED, false);

	assert_false(board_request_nmi(board, 0));
	board_free(board);
	board = start(CPU, ENGINE_THREADED, false);
	assert_false(board_request_nmi(board, 2));
	board_free(board);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_modes),
	cmocka_unit_test(test_random),
	cmocka_unit_test(test_loops),
	cmocka_unit_test(test_refused),
	{ 0 },
};
