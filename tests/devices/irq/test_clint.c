/* SPDX-License-Identifier: MIT */
/*
 * These tests are of the CLINT: levels of MSIP and MTIP as functions of the registers and of time,
 * every access size, every offset of the window with 1 and 64 harts, and the device-tree node.
 */
#include "irq_bench.h"

#define MTIMECMP 0x4000
#define MTIME 0xbff8
#define TICK 100 /* ns at TIMEBASE_HZ */

/* The timer lines follow the software lines among the bench's pins. */
#define TIMER MAX_HARTS

static struct irq_bench *clint_bench(void **state, unsigned harts)
{
	struct irq_bench *bench = irq_bench_start(state);

	irq_bench_clint(bench, FIXTURE_BASE, harts);
	for (unsigned hart = 0; hart < harts; hart++)
		clint_connect(&bench->clint, hart, irq_bench_pin(bench, hart),
			      irq_bench_pin(bench, TIMER + hart));
	platform_reset(&bench->fixture.platform);
	return bench;
}

static void test_reset(void **state)
{
	struct irq_bench *bench = clint_bench(state, 2);

	fixture_pass(&bench->fixture, 1000 * TICK);
	irq_put(bench, 4, 1);
	irq_put_wide(bench, MTIMECMP, 5);
	assert_true(bench->pins[1] && bench->pins[TIMER]);
	platform_reset(&bench->fixture.platform);
	for (unsigned hart = 0; hart < 2; hart++) {
		assert_true(!bench->pins[hart] && bench->pins[TIMER + hart]);
		assert_int_equal(irq_get(bench, 4 * hart), 0);
		assert_int_equal(irq_get_wide(bench, MTIMECMP + 8 * hart), 0);
	}
	assert_int_equal(irq_get_wide(bench, MTIME), 0);
	assert_true(clock_next(&bench->fixture.platform.clock) == CLOCK_NEVER);
}

static void test_msip(void **state)
{
	struct irq_bench *bench = clint_bench(state, 3);

	irq_put(bench, 4, 0xffffffff);
	assert_true(!bench->pins[0] && bench->pins[1] && !bench->pins[2]);
	assert_int_equal(irq_get(bench, 4), 1);
	irq_put(bench, 4, 0xfffffffe);
	assert_false(bench->pins[1]);
	irq_put(bench, 8, 1);
	assert_true(bench->pins[2]);
	/* This register belongs to a hart that does not exist. */
	irq_put(bench, 12, UINT32_MAX);
	assert_int_equal(irq_get(bench, 12), 0);
	assert_false(fixture_reads(&bench->fixture, 0, 8));
	assert_false(fixture_writes(&bench->fixture, 0, 8, 1ull << 32 | 1));
	assert_true(!bench->pins[0] && !bench->pins[1]);
}

/*
 * Privileged ISA, "Machine Timer (mtime and mtimecmp) Registers": the interrupt is pending while
 * mtime is mtimecmp or more. A write that makes them equal takes effect without the clock.
 */
static void test_timer_is_pending_when_equal(void **state)
{
	struct irq_bench *bench = clint_bench(state, 1);
	struct clock *clock = &bench->fixture.platform.clock;

	fixture_pass(&bench->fixture, 7 * TICK);
	irq_put_wide(bench, MTIMECMP, 8);
	assert_false(bench->pins[TIMER]);
	irq_put_wide(bench, MTIMECMP, 7);
	assert_true(bench->pins[TIMER]);
	assert_true(clock_next(clock) == CLOCK_NEVER);
	irq_put_wide(bench, MTIME, 6);
	assert_false(bench->pins[TIMER]);
	irq_put_wide(bench, MTIME, 7);
	assert_true(bench->pins[TIMER]);
	assert_true(clock_next(clock) == CLOCK_NEVER);
}

static void test_timer_rises_at_the_tick(void **state)
{
	struct irq_bench *bench = clint_bench(state, 2);
	struct clock *clock = &bench->fixture.platform.clock;

	irq_put_wide(bench, MTIMECMP, UINT64_MAX);
	irq_put_wide(bench, MTIMECMP + 8, 10);
	assert_int_equal(clock_next(clock), 10 * TICK);
	fixture_pass(&bench->fixture, 10 * TICK - 1);
	assert_false(bench->pins[TIMER + 1]);
	assert_int_equal(irq_get_wide(bench, MTIME), 9);
	fixture_pass(&bench->fixture, 1);
	assert_true(bench->pins[TIMER + 1]);
	assert_false(bench->pins[TIMER]);
	/* It is a level: it stays pending, and a later mtimecmp clears it immediately. */
	fixture_pass(&bench->fixture, 1000);
	assert_true(bench->pins[TIMER + 1]);
	irq_put_wide(bench, MTIMECMP + 8, 1000);
	assert_false(bench->pins[TIMER + 1]);
	irq_put_wide(bench, MTIMECMP + 8, 0);
	assert_true(bench->pins[TIMER + 1]);
	assert_true(clock_next(clock) == CLOCK_NEVER);
}

/* The comparison uses the value of mtime: after it has wrapped to 0, it is less again. */
static void test_timer_falls_when_the_time_wraps(void **state)
{
	struct irq_bench *bench = clint_bench(state, 1);

	irq_put_wide(bench, MTIME, UINT64_MAX - 4);
	irq_put_wide(bench, MTIMECMP, 10);
	assert_true(bench->pins[TIMER]);
	assert_int_equal(clock_next(&bench->fixture.platform.clock), 5 * TICK);
	fixture_pass(&bench->fixture, 5 * TICK);
	assert_int_equal(irq_get_wide(bench, MTIME), 0);
	assert_false(bench->pins[TIMER]);
	fixture_pass(&bench->fixture, 10 * TICK);
	assert_true(bench->pins[TIMER]);
}

/* Privileged ISA, mtimecmp: the sequence for RV32 must never make the timer pending by accident. */
static void test_halves(void **state)
{
	struct irq_bench *bench = clint_bench(state, 1);

	fixture_pass(&bench->fixture, 50 * TICK);
	irq_put(bench, MTIMECMP, 0xffffffff);
	irq_put(bench, MTIMECMP + 4, 0);
	assert_false(bench->pins[TIMER]);
	irq_put(bench, MTIMECMP, 60);
	assert_false(bench->pins[TIMER]);
	assert_int_equal(irq_get_wide(bench, MTIMECMP), 60);
	fixture_pass(&bench->fixture, 10 * TICK);
	assert_true(bench->pins[TIMER]);

	irq_put(bench, MTIME + 4, 0x12345678);
	assert_int_equal(irq_get(bench, MTIME + 4), 0x12345678);
	assert_int_equal(irq_get(bench, MTIME), 60);
	irq_put(bench, MTIME, 0x9abcdef0);
	assert_int_equal(irq_get_wide(bench, MTIME), 0x123456789abcdef0);
}

static void clint_count_call(void *ctx)
{
	++*(unsigned *)ctx;
}

static void test_writing_mtime_moves_all_timers(void **state)
{
	struct irq_bench *bench = clint_bench(state, 2);
	unsigned calls = 0;

	bench->timebase.written = clint_count_call;
	bench->timebase.ctx = &calls;
	irq_put_wide(bench, MTIMECMP, 1000);
	irq_put_wide(bench, MTIMECMP + 8, 2000);
	irq_put_wide(bench, MTIME, 1500);
	assert_int_equal(calls, 1);
	assert_true(bench->pins[TIMER]);
	assert_false(bench->pins[TIMER + 1]);
	assert_int_equal(clock_next(&bench->fixture.platform.clock), 500 * TICK);
	irq_put_wide(bench, MTIME, 0);
	assert_false(bench->pins[TIMER]);
	assert_int_equal(clock_next(&bench->fixture.platform.clock), 1000 * TICK);
}

/* mtime and mtimecmp are unsigned. */
static void test_large_values(void **state)
{
	struct irq_bench *bench = clint_bench(state, 1);

	irq_put_wide(bench, MTIME, 1ull << 63);
	irq_put_wide(bench, MTIMECMP, INT64_MAX);
	assert_true(bench->pins[TIMER]);
	irq_put_wide(bench, MTIMECMP, UINT64_MAX);
	assert_false(bench->pins[TIMER]);
	irq_put_wide(bench, MTIME, UINT64_MAX - 3);
	fixture_pass(&bench->fixture, 3 * TICK);
	assert_true(bench->pins[TIMER]);
}

/*
 * Offsets of harts that do not exist, and those without a register, read as zeros; writes change
 * nothing.
 */
static void test_every_other_offset(void **state)
{
	for (unsigned harts = 1; harts <= MAX_HARTS; harts += MAX_HARTS - 1) {
		struct irq_bench *bench = clint_bench(state, harts);

		u64 hash = state_hash(&bench->fixture.platform.state);
		for (u64 offset = 0; offset < CLINT_SIZE; offset += 4) {
			if (offset < 4 * harts || offset >> 3 == MTIME >> 3 ||
			    (offset >= MTIMECMP && offset < MTIMECMP + 8 * harts))
				continue;
			irq_put(bench, offset, 0xffffffff);
			assert_int_equal(irq_get(bench, offset), 0);
		}
		assert_true(state_hash(&bench->fixture.platform.state) == hash);
		assert_int_equal(bench->clint.harts, harts);
	}
}

static void test_narrow_accesses_are_refused(void **state)
{
	struct irq_bench *bench = clint_bench(state, 1);

	for (u64 offset = 0; offset < 16; offset++) {
		assert_false(fixture_reads(&bench->fixture, offset, 1));
		assert_false(fixture_reads(&bench->fixture, offset, 2));
		assert_false(fixture_writes(&bench->fixture, MTIME - 8 + offset, 1, 0));
		assert_int_equal(fixture_reads(&bench->fixture, offset, 4), offset % 4 == 0);
		assert_int_equal(fixture_reads(&bench->fixture, MTIME - 8 + offset, 8),
				 offset % 4 == 0);
	}
	assert_false(fixture_reads(&bench->fixture, CLINT_SIZE - 4, 8));
}

static void test_hostile_sweep(void **state)
{
	for (unsigned harts = 1; harts <= MAX_HARTS; harts += MAX_HARTS - 1) {
		struct irq_bench *bench = clint_bench(state, harts);

		fixture_sweep(&bench->fixture, CLINT_SIZE, 1, 2);
	}
}

/* Lines and deadlines come back with the state. */
static void test_state(void **state)
{
	struct irq_bench *bench = clint_bench(state, 2);
	struct clock *clock = &bench->fixture.platform.clock;

	fixture_pass(&bench->fixture, 12345);
	irq_put_wide(bench, MTIME, 500);
	irq_put_wide(bench, MTIMECMP, 700);
	irq_put_wide(bench, MTIMECMP + 8, 300);
	irq_put(bench, 0, 1);
	u64 next = clock_next(clock);
	fixture_state_roundtrip(&bench->fixture);
	assert_int_equal(clock_next(clock), next);
	assert_true(bench->pins[0] && !bench->pins[1]);
	assert_true(!bench->pins[TIMER] && bench->pins[TIMER + 1]);
	fixture_pass(&bench->fixture, next - clock->base - 1);
	assert_false(bench->pins[TIMER]);
	fixture_pass(&bench->fixture, 1);
	assert_true(bench->pins[TIMER]);
}

static void test_attach_reports_overlap(void **state)
{
	struct clint second;
	struct irq_bench *bench = clint_bench(state, 1);

	assert_int_equal(clint_attach(&second, &bench->fixture.platform, FIXTURE_BASE + 0x1000,
				      &bench->timebase, 1),
			 -EEXIST);
}

/* The node is as QEMU's virt machine with two harts writes it. */
static void test_node(void **state)
{
	static const u32 phandles[] = { 4, 2 };
	static const u8 interrupts[] = { 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 7,
					 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 7 };
	static const u8 reg[] = { 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0 };
	static const char compatible[] = "sifive,clint0\0riscv,clint0";
	struct irq_bench *bench = clint_bench(state, 2);

	struct fdt *fdt = irq_bench_tree(bench);

	clint_fdt(&bench->clint, fdt, phandles);
	assert_int_equal(fdt_done(fdt), 0);
	int node = irq_bench_node(bench, "/clint@10000000");
	expect_property(fdt, node, "interrupts-extended", interrupts, sizeof(interrupts));
	expect_property(fdt, node, "reg", reg, sizeof(reg));
	expect_property(fdt, node, "compatible", compatible, sizeof(compatible));
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test_teardown(test_reset, irq_bench_teardown),
	cmocka_unit_test_teardown(test_msip, irq_bench_teardown),
	cmocka_unit_test_teardown(test_timer_is_pending_when_equal, irq_bench_teardown),
	cmocka_unit_test_teardown(test_timer_rises_at_the_tick, irq_bench_teardown),
	cmocka_unit_test_teardown(test_timer_falls_when_the_time_wraps, irq_bench_teardown),
	cmocka_unit_test_teardown(test_halves, irq_bench_teardown),
	cmocka_unit_test_teardown(test_writing_mtime_moves_all_timers, irq_bench_teardown),
	cmocka_unit_test_teardown(test_large_values, irq_bench_teardown),
	cmocka_unit_test_teardown(test_every_other_offset, irq_bench_teardown),
	cmocka_unit_test_teardown(test_narrow_accesses_are_refused, irq_bench_teardown),
	cmocka_unit_test_teardown(test_hostile_sweep, irq_bench_teardown),
	cmocka_unit_test_teardown(test_state, irq_bench_teardown),
	cmocka_unit_test_teardown(test_attach_reports_overlap, irq_bench_teardown),
	cmocka_unit_test_teardown(test_node, irq_bench_teardown),
	{ 0 },
};
