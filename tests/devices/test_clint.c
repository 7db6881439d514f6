/* SPDX-License-Identifier: MIT */
/*
 * The CLINT: levels of MSIP and MTIP as functions of the registers and of time, every access size,
 * every offset of the window with 1 and 64 harts, and the device-tree node.
 */
#include "devices/irq/clint.h"
#include "expect_fdt.h"
#include "fixture.h"

#include <errno.h>
#include <string.h>

#define MTIMECMP 0x4000
#define MTIME 0xbff8
#define TICK 100 /* ns at TIMEBASE_HZ */

struct bench {
	struct fixture fixture;
	struct timebase timebase;
	struct clint clint;
	bool software[MAX_HARTS], timer[MAX_HARTS];
};

static void set_software(void *ctx, unsigned hart, bool level)
{
	((struct bench *)ctx)->software[hart] = level;
}

static void set_timer(void *ctx, unsigned hart, bool level)
{
	((struct bench *)ctx)->timer[hart] = level;
}

static void clint_make_bench(struct bench *bench, unsigned harts)
{
	struct platform *platform = &bench->fixture.platform;

	memset(bench, 0, sizeof(*bench));
	fixture_init(&bench->fixture, CLOCK_VIRTUAL);
	timebase_init(&bench->timebase, &platform->clock, TIMEBASE_HZ);
	timebase_register_state(&bench->timebase, &platform->state);
	assert_int_equal(
		clint_attach(&bench->clint, platform, FIXTURE_BASE, &bench->timebase, harts), 0);
	for (unsigned hart = 0; hart < harts; hart++)
		clint_connect(&bench->clint, hart, (struct irq){ set_software, bench, hart },
			      (struct irq){ set_timer, bench, hart });
	platform_reset(platform);
}

static void test_reset(void **unused)
{
	struct bench bench;

	(void)unused;
	clint_make_bench(&bench, 2);
	fixture_pass(&bench.fixture, 1000 * TICK);
	fixture_write(&bench.fixture, 4, 4, 1);
	fixture_write(&bench.fixture, MTIMECMP, 8, 5);
	assert_true(bench.software[1] && bench.timer[0]);
	platform_reset(&bench.fixture.platform);
	for (unsigned hart = 0; hart < 2; hart++) {
		assert_false(bench.software[hart] || bench.timer[hart]);
		assert_int_equal(fixture_read(&bench.fixture, 4 * hart, 4), 0);
		assert_true(fixture_read(&bench.fixture, MTIMECMP + 8 * hart, 8) == UINT64_MAX);
	}
	assert_int_equal(fixture_read(&bench.fixture, MTIME, 8), 0);
	assert_true(clock_next(&bench.fixture.platform.clock) == CLOCK_NEVER);
	fixture_free(&bench.fixture);
}

static void test_msip(void **unused)
{
	struct bench bench;

	(void)unused;
	clint_make_bench(&bench, 3);
	fixture_write(&bench.fixture, 4, 4, 0xffffffff);
	assert_true(!bench.software[0] && bench.software[1] && !bench.software[2]);
	assert_int_equal(fixture_read(&bench.fixture, 4, 4), 1);
	assert_int_equal(fixture_read(&bench.fixture, 0, 8), 1ull << 32);
	fixture_write(&bench.fixture, 4, 4, 0xfffffffe);
	assert_false(bench.software[1]);
	fixture_write(&bench.fixture, 0, 8, 1ull << 32 | 1);
	assert_true(bench.software[0] && bench.software[1]);
	/* The upper half of this one belongs to a hart that is not there. */
	fixture_write(&bench.fixture, 8, 8, UINT64_MAX);
	assert_true(bench.software[2]);
	assert_int_equal(fixture_read(&bench.fixture, 8, 8), 1);
	fixture_free(&bench.fixture);
}

static void test_timer_rises_at_the_tick(void **unused)
{
	struct bench bench;
	struct clock *clock = &bench.fixture.platform.clock;

	(void)unused;
	clint_make_bench(&bench, 2);
	fixture_write(&bench.fixture, MTIMECMP + 8, 8, 10);
	assert_int_equal(clock_next(clock), 10 * TICK);
	fixture_pass(&bench.fixture, 10 * TICK - 1);
	assert_false(bench.timer[1]);
	assert_int_equal(fixture_read(&bench.fixture, MTIME, 8), 9);
	fixture_pass(&bench.fixture, 1);
	assert_true(bench.timer[1]);
	assert_false(bench.timer[0]);
	/* A level: it stays, and a later comparator takes it away at once. */
	fixture_pass(&bench.fixture, 1000);
	assert_true(bench.timer[1]);
	fixture_write(&bench.fixture, MTIMECMP + 8, 8, 1000);
	assert_false(bench.timer[1]);
	fixture_write(&bench.fixture, MTIMECMP + 8, 8, 0);
	assert_true(bench.timer[1]);
	assert_true(clock_next(clock) == CLOCK_NEVER);
	fixture_free(&bench.fixture);
}

/* Privileged ISA, mtimecmp: the sequence for RV32 must never make the timer pending by accident. */
static void test_halves(void **unused)
{
	struct bench bench;

	(void)unused;
	clint_make_bench(&bench, 1);
	fixture_pass(&bench.fixture, 50 * TICK);
	fixture_write(&bench.fixture, MTIMECMP, 4, 0xffffffff);
	fixture_write(&bench.fixture, MTIMECMP + 4, 4, 0);
	assert_false(bench.timer[0]);
	fixture_write(&bench.fixture, MTIMECMP, 4, 60);
	assert_false(bench.timer[0]);
	assert_int_equal(fixture_read(&bench.fixture, MTIMECMP, 8), 60);
	fixture_pass(&bench.fixture, 10 * TICK);
	assert_true(bench.timer[0]);

	fixture_write(&bench.fixture, MTIME + 4, 4, 0x12345678);
	assert_int_equal(fixture_read(&bench.fixture, MTIME + 4, 4), 0x12345678);
	assert_int_equal(fixture_read(&bench.fixture, MTIME, 4), 60);
	fixture_write(&bench.fixture, MTIME, 4, 0x9abcdef0);
	assert_int_equal(fixture_read(&bench.fixture, MTIME, 8), 0x123456789abcdef0);
	fixture_free(&bench.fixture);
}

static void count_call(void *ctx)
{
	++*(unsigned *)ctx;
}

static void test_writing_mtime_moves_all_timers(void **unused)
{
	struct bench bench;
	unsigned calls = 0;

	(void)unused;
	clint_make_bench(&bench, 2);
	bench.timebase.written = count_call;
	bench.timebase.ctx = &calls;
	fixture_write(&bench.fixture, MTIMECMP, 8, 1000);
	fixture_write(&bench.fixture, MTIMECMP + 8, 8, 2000);
	fixture_write(&bench.fixture, MTIME, 8, 1500);
	assert_int_equal(calls, 1);
	assert_true(bench.timer[0]);
	assert_false(bench.timer[1]);
	assert_int_equal(clock_next(&bench.fixture.platform.clock), 500 * TICK);
	fixture_write(&bench.fixture, MTIME, 8, 0);
	assert_false(bench.timer[0]);
	assert_int_equal(clock_next(&bench.fixture.platform.clock), 1000 * TICK);
	fixture_free(&bench.fixture);
}

/* mtime and comparators are unsigned. */
static void test_large_values(void **unused)
{
	struct bench bench;

	(void)unused;
	clint_make_bench(&bench, 1);
	fixture_write(&bench.fixture, MTIME, 8, 1ull << 63);
	fixture_write(&bench.fixture, MTIMECMP, 8, INT64_MAX);
	assert_true(bench.timer[0]);
	fixture_write(&bench.fixture, MTIMECMP, 8, UINT64_MAX);
	assert_false(bench.timer[0]);
	fixture_write(&bench.fixture, MTIME, 8, UINT64_MAX - 3);
	fixture_pass(&bench.fixture, 3 * TICK);
	assert_true(bench.timer[0]);
	fixture_free(&bench.fixture);
}

/* Offsets of harts that are not there and of nothing read as zeros; writes change nothing. */
static void test_every_other_offset(void **unused)
{
	(void)unused;
	for (unsigned harts = 1; harts <= MAX_HARTS; harts += MAX_HARTS - 1) {
		struct bench bench;

		clint_make_bench(&bench, harts);
		u64 hash = state_hash(&bench.fixture.platform.state);
		for (u64 offset = 0; offset < CLINT_SIZE; offset += 4) {
			if (offset < 4 * harts || offset >> 3 == MTIME >> 3 ||
			    (offset >= MTIMECMP && offset < MTIMECMP + 8 * harts))
				continue;
			fixture_write(&bench.fixture, offset, 4, 0xffffffff);
			assert_int_equal(fixture_read(&bench.fixture, offset, 4), 0);
		}
		assert_true(state_hash(&bench.fixture.platform.state) == hash);
		assert_int_equal(bench.clint.harts, harts);
		fixture_free(&bench.fixture);
	}
}

static void test_narrow_accesses_are_refused(void **unused)
{
	struct bench bench;

	(void)unused;
	clint_make_bench(&bench, 1);
	for (u64 offset = 0; offset < 16; offset++) {
		assert_false(fixture_reads(&bench.fixture, offset, 1));
		assert_false(fixture_reads(&bench.fixture, offset, 2));
		assert_false(fixture_writes(&bench.fixture, MTIME - 8 + offset, 1, 0));
		assert_int_equal(fixture_reads(&bench.fixture, offset, 4), offset % 4 == 0);
		assert_int_equal(fixture_reads(&bench.fixture, offset, 8), offset % 4 == 0);
	}
	assert_false(fixture_reads(&bench.fixture, CLINT_SIZE - 4, 8));
	fixture_free(&bench.fixture);
}

static void test_hostile_sweep(void **unused)
{
	(void)unused;
	for (unsigned harts = 1; harts <= MAX_HARTS; harts += MAX_HARTS - 1) {
		struct bench bench;

		clint_make_bench(&bench, harts);
		fixture_sweep(&bench.fixture, CLINT_SIZE, 1, 2);
		fixture_free(&bench.fixture);
	}
}

/* Lines and deadlines come back with the state. */
static void test_state(void **unused)
{
	struct bench bench;
	struct clock *clock = &bench.fixture.platform.clock;

	(void)unused;
	clint_make_bench(&bench, 2);
	fixture_pass(&bench.fixture, 12345);
	fixture_write(&bench.fixture, MTIME, 8, 500);
	fixture_write(&bench.fixture, MTIMECMP, 8, 700);
	fixture_write(&bench.fixture, MTIMECMP + 8, 8, 300);
	fixture_write(&bench.fixture, 0, 4, 1);
	u64 next = clock_next(clock);
	fixture_state_roundtrip(&bench.fixture);
	assert_int_equal(clock_next(clock), next);
	assert_true(bench.software[0] && !bench.software[1]);
	assert_true(!bench.timer[0] && bench.timer[1]);
	fixture_pass(&bench.fixture, next - clock->base - 1);
	assert_false(bench.timer[0]);
	fixture_pass(&bench.fixture, 1);
	assert_true(bench.timer[0]);
	fixture_free(&bench.fixture);
}

static void test_attach_reports_overlap(void **unused)
{
	struct clint second;
	struct bench bench;

	(void)unused;
	clint_make_bench(&bench, 1);
	assert_int_equal(clint_attach(&second, &bench.fixture.platform, FIXTURE_BASE + 0x1000,
				      &bench.timebase, 1),
			 -EEXIST);
	fixture_free(&bench.fixture);
}

/* The node is as QEMU's virt machine with two harts writes it. */
static void test_node(void **unused)
{
	static const u32 phandles[] = { 4, 2 };
	static const u8 interrupts[] = { 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 7,
					 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 7 };
	static const u8 reg[] = { 0, 0, 0, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0 };
	static const char compatible[] = "sifive,clint0\0riscv,clint0";
	struct bench bench;
	struct fdt fdt;

	(void)unused;
	clint_make_bench(&bench, 2);
	assert_int_equal(fdt_start(&fdt), 0);
	clint_fdt(&bench.clint, &fdt, phandles);
	assert_int_equal(fdt_done(&fdt), 0);
	int node = fdt_path_offset(fdt.blob, "/clint@10000000");
	assert_true(node >= 0);
	expect_property(&fdt, node, "interrupts-extended", interrupts, sizeof(interrupts));
	expect_property(&fdt, node, "reg", reg, sizeof(reg));
	expect_property(&fdt, node, "compatible", compatible, sizeof(compatible));
	free(fdt.blob);
	fixture_free(&bench.fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reset),
		cmocka_unit_test(test_msip),
		cmocka_unit_test(test_timer_rises_at_the_tick),
		cmocka_unit_test(test_halves),
		cmocka_unit_test(test_writing_mtime_moves_all_timers),
		cmocka_unit_test(test_large_values),
		cmocka_unit_test(test_every_other_offset),
		cmocka_unit_test(test_narrow_accesses_are_refused),
		cmocka_unit_test(test_hostile_sweep),
		cmocka_unit_test(test_state),
		cmocka_unit_test(test_attach_reports_overlap),
		cmocka_unit_test(test_node),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
