/* SPDX-License-Identifier: MIT */
/*
 * A machine that was stopped in the middle of a slice of the virtual clock: a debugger reads and
 * sets the time and timers at which the hart has arrived, reading changes nothing, and the machine
 * can be saved there.
 */
#include "devices/board/machine.h"
#include "tests/board.h"
#include "tests/state_copy.h"

#include "cpu/isa/csr_bits.h"
#include "devices/board/explain/explain.h"
#include "devices/board/inspect/debug.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CSR_MTVEC 0x305
#define CSR_TIME 0xc01
#define CSR_STIMECMP 0x14d
#define MSIP CLINT_BASE
#define MTIME (CLINT_BASE + 0xbff8)
#define MTIMECMP (CLINT_BASE + 0x4000)
#define TICK (CLOCK_HZ / TIMEBASE_HZ)
/* So many instructions are in a slice of one hart, or of two. */
#define ALONE 300011
#define TOGETHER 1403011

/* Counts for good; a trap is taken to itself, at HANDLER. */
static const u32 counts[] = {
	0x00128293, /* addi t0, t0, 1 */
	0xffdff06f, /* j -4 */
	0x0000006f, /* j 0 */
};
#define HANDLER (DRAM_BASE + 8)

/* Hart 1 waits, hart 0 counts. */
static const u32 one_waits[] = {
	0xf1402373, /* csrr t1, mhartid */
	0x00030463, /* beqz t1, 8 */
	0x10500073, /* wfi */
	0x00128293, /* addi t0, t0, 1 */
	0xffdff06f, /* j -4 */
};

static struct board *start(unsigned harts, const char *core, const u32 *program, size_t size)
{
	const struct board_config config = {
		.harts = harts, .ram_size = 16 * MiB, .clock = CLOCK_VIRTUAL, .timing = core,
		.cores = BAYA_CORES, .bios = "none",
	};
	struct board *board = make_board(&config);

	memcpy(board->ram.host, program, size);
	return board;
}

/* Returns the hart whose slice was cut. */
static struct hart *stop_at(struct board *board, u64 instructions)
{
	assert_int_equal(run_board_to(board, instructions), BOARD_LIMIT);
	assert_false(harts_between_slices(&board->harts));
	return board->harts.hart[board->harts.current];
}

static u64 ticks_of(const struct hart *hart)
{
	return hart_time(hart) / TICK;
}

static u64 read_device(struct board *board, const struct hart *hart, u64 addr)
{
	const struct board_memory at = { { SPACE_PHYSICAL, 0 }, hart->id, addr, 8 };
	u64 value;

	assert_true(board_debug_read(board, &at, &value));
	return value;
}

static void write_device(struct board *board, const struct hart *hart, u64 addr, u64 value)
{
	const u64 size = addr < MTIMECMP ? 4 : 8;
	const struct board_memory at = { { SPACE_PHYSICAL, 0 }, hart->id, addr, size };

	assert_true(board_debug_write(board, &at, &value));
}

static u64 time_register(struct board *board, const struct hart *hart)
{
	u64 value;

	assert_true(board_reg_get(board, hart->id, BOARD_REG_CSR + CSR_TIME, &value));
	return value;
}

static void look(struct board *board, const struct hart *hart)
{
	assert_true(hart_time(hart) - board->platform.clock.base >= TICK);
	for (unsigned again = 0; again < 2; again++) {
		assert_int_equal(read_device(board, hart, MTIME), ticks_of(hart));
		assert_int_equal(time_register(board, hart), ticks_of(hart));
	}
}

/* Returns the state's hash after a run in which a debugger looked, or did not. */
static u64 run_past(unsigned harts, const char *core, bool looks)
{
	struct board *board = start(harts, core, counts, sizeof(counts));
	const struct hart *hart = stop_at(board, harts == 1 ? ALONE : TOGETHER);
	u64 hash;

	if (looks)
		look(board, hart);
	run_board_to(board, 2 * TOGETHER);
	hash = state_hash(&board->platform.state);
	board_free(board);
	return hash;
}

/* mtime and `time` are as the hart's next instruction reads them; looking is no part of the run. */
static void test_time_is_read(void **unused)
{
	static const char *const cores[] = { NULL, "cva6" };

	for (unsigned harts = 1; harts <= 2; harts++)
		for (unsigned n = 0; n < ARRAY_SIZE(cores); n++)
			assert_int_equal(run_past(harts, cores[n], true),
					 run_past(harts, cores[n], false));
}

static void test_time_is_set(void **unused)
{
	for (unsigned harts = 1; harts <= 2; harts++) {
		struct board *board = start(harts, NULL, counts, sizeof(counts));
		const struct hart *hart = stop_at(board, harts == 1 ? ALONE : TOGETHER);
		u64 then = ticks_of(hart);

		write_device(board, hart, MTIME, 1000);
		assert_int_equal(read_device(board, hart, MTIME), 1000);
		run_board_to(board, harts_retired(&board->harts) + 40 * TICK);
		assert_int_equal(time_register(board, hart), 1000 + ticks_of(hart) - then);
		board_free(board);
	}
}

static void set_register(struct board *board, const struct hart *hart, unsigned csr, u64 value)
{
	assert_true(board_reg_set(board, hart->id, BOARD_REG_CSR + csr, value));
}

/* A timer that is set there, in one way or another, interrupts when it is due. */
static void test_timer_is_set(void **unused)
{
	enum { BY_MTIMECMP, BY_MTIME, BY_STIMECMP, WAYS };

	for (unsigned way = 0; way < WAYS; way++) {
		struct board *board = start(1, NULL, counts, sizeof(counts));
		struct hart *hart = board->harts.hart[0];
		u64 due, now;

		set_register(board, hart, CSR_MTVEC, HANDLER);
		set_register(board, hart, CSR_MIE, BIT(IRQ_MTI) | BIT(IRQ_STI));
		set_register(board, hart, CSR_MENVCFG, MENVCFG_STCE);
		write_device(board, hart, MTIMECMP, BIT(40));
		stop_at(board, ALONE);
		set_register(board, hart, CSR_MSTATUS, MSTATUS_MIE);
		now = ticks_of(hart);
		due = now + 20;
		if (way == BY_MTIMECMP)
			write_device(board, hart, MTIMECMP, due);
		else if (way == BY_MTIME)
			write_device(board, hart, MTIME, BIT(40) - 20);
		else
			set_register(board, hart, CSR_STIMECMP, due);
		run_board_to(board, ALONE + (due - now - 1) * TICK);
		assert_int_equal(hart->traps, 0);
		run_board_to(board, ALONE + (due - now) * TICK + 2);
		assert_int_equal(hart->traps, 1);
		board_free(board);
	}
}

/* A timer that is due at once is so in a loaded machine, too. */
static void test_saved_with_timer(void **unused)
{
	struct board *from = start(1, NULL, counts, sizeof(counts));
	struct board *to = start(1, NULL, counts, sizeof(counts));
	const struct hart *hart = from->harts.hart[0];

	write_device(from, hart, MTIMECMP, BIT(40));
	stop_at(from, ALONE);
	assert_false(hart->lines & BIT(IRQ_MTI));
	write_device(from, hart, MTIMECMP, ticks_of(hart));
	assert_true(hart->lines & BIT(IRQ_MTI));
	assert_int_equal(state_copy(&to->platform.state, &from->platform.state), 0);
	assert_int_equal(state_hash(&to->platform.state), state_hash(&from->platform.state));
	board_free(from);
	board_free(to);
}

/* A hart that a debugger wakes there ends the slice; the machine can be saved and loaded. */
static void test_saved_after_waking(void **unused)
{
	struct board *board = start(2, NULL, one_waits, sizeof(one_waits));
	const struct hart *hart = stop_at(board, TOGETHER), *other = board->harts.hart[1];

	assert_true(hart != other && other->waiting);
	set_register(board, other, CSR_MIE, BIT(IRQ_MSI));
	write_device(board, hart, MSIP + 4, 1);
	assert_int_equal(state_copy(&board->platform.state, &board->platform.state), 0);
	run_board_to(board, harts_retired(&board->harts) + 1);
	assert_false(other->waiting);
	board_free(board);
}

static void test_explained(void **unused)
{
	struct board *board = start(1, NULL, counts, sizeof(counts));
	char *text = NULL, line[64];
	size_t size = 0;
	FILE *out;

	write_device(board, board->harts.hart[0], MTIMECMP, 10000);
	stop_at(board, ALONE);
	out = open_memstream(&text, &size);
	board_explain(board, out);
	fclose(out);
	snprintf(line, sizeof(line), "mtimecmp=0x2710: due in %u ticks",
		 (unsigned)(10000 - ALONE / TICK));
	assert_non_null(strstr(text, line));
	free(text);
	board_free(board);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_time_is_read),
	cmocka_unit_test(test_time_is_set),
	cmocka_unit_test(test_timer_is_set),
	cmocka_unit_test(test_saved_with_timer),
	cmocka_unit_test(test_saved_after_waking),
	cmocka_unit_test(test_explained),
	{ 0 },
};
