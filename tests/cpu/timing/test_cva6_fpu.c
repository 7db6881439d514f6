/* SPDX-License-Identifier: MIT */
/* Tests CVA6's floating-point unit: latencies, rates, and which operations wait for which. */
#include "cpu/timing/cva6/fpu.h"
#include "tests/cpu/timing/unit.h"

static const struct cva6_params params = {
	.fpu_addmul32 = 2, .fpu_addmul64 = 3, .fpu_noncomp = 1, .fpu_conv = 2,
	.fpu_divsqrt32 = 9, .fpu_divsqrt64 = 19,
};

#define CYCLES 200

/* The unit under test; out[slot] is the cycle in which the slot's result is available. */
struct bench {
	struct cva6_fpu fpu;
	unsigned now;
	unsigned out[32];
	bool ready;
};

static void cycle(struct bench *bench, const struct cva6_fpu_op *op)
{
	const struct cva6_fpu_op none = { .valid = false };
	struct cva6_fpu_result result;

	cva6_fpu_result(&bench->fpu, &params, &result);
	if (result.valid)
		bench->out[result.slot] = bench->now;
	bench->ready = cva6_fpu_step(&bench->fpu, &params, &result, op ? op : &none);
	bench->now++;
}

/* Issues `count` operations of a block one after the other, as soon as the unit accepts them. */
static void cva6_fpu_run(struct bench *bench, struct cva6_fpu_op op, unsigned count)
{
	op.valid = true;
	bench->ready = true;
	for (unsigned n = 0; n < count; bench->ready ? n++ : n) {
		op.slot = (u8)n;
		cycle(bench, bench->ready ? &op : NULL);
	}
	while (bench->now < CYCLES)
		cycle(bench, NULL);
}

static void pipelines_deliver_one_a_cycle(void **state)
{
	static const u8 latency[] = {
		[CVA6_ADDMUL32] = 2, [CVA6_ADDMUL64] = 3, [CVA6_NONCOMP32] = 1,
		[CVA6_NONCOMP64] = 1, [CVA6_CONV] = 2,
	};

	for (u8 block = 0; block < CVA6_DIVSQRT; block++) {
		struct bench bench = { .now = 0 };

		cva6_fpu_run(&bench, (struct cva6_fpu_op){ .block = block }, 8);
		for (unsigned n = 0; n < 8; n++)
			assert_int_equal(bench.out[n], n + latency[block]);
	}
}

/* A division takes 20 cycles in double, 10 in single precision (measured on the core). */
static void divisions_follow_each_other(void **state)
{
	struct bench twice = { .now = 0 }, once = { .now = 0 };

	cva6_fpu_run(&twice, (struct cva6_fpu_op){ .block = CVA6_DIVSQRT, .is_double = true }, 4);
	cva6_fpu_run(&once, (struct cva6_fpu_op){ .block = CVA6_DIVSQRT }, 4);
	for (unsigned n = 1; n < 4; n++) {
		assert_int_equal(twice.out[n] - twice.out[n - 1], 20);
		assert_int_equal(once.out[n] - once.out[n - 1], 10);
	}
	/*
	 * A division takes 23 cycles from its issue to that of an instruction that needs the
	 * result; the first is spent before the unit.
	 */
	assert_int_equal(twice.out[0], 22);
}

static void special_operands_end_divisions(void **state)
{
	struct bench bench = { .now = 0 };

	cva6_fpu_run(&bench, (struct cva6_fpu_op){ .block = CVA6_DIVSQRT, .special = true }, 1);
	assert_int_equal(bench.out[0], 3);
}

/* One of two results in the same cycle waits. */
static void one_result_leaves_at_a_time(void **state)
{
	struct bench bench = { .now = 0 };
	const struct cva6_fpu_op slow = { .valid = true, .slot = 1, .block = CVA6_ADDMUL64 };
	const struct cva6_fpu_op quick = { .valid = true, .slot = 2, .block = CVA6_NONCOMP64 };

	cycle(&bench, &slow);
	cycle(&bench, NULL);
	cycle(&bench, &quick);
	while (bench.now < 10)
		cycle(&bench, NULL);
	assert_int_equal(bench.out[1] + bench.out[2], 3 + 4);
	assert_int_not_equal(bench.out[1], bench.out[2]);
}

static void a_flush_leaves_nothing(void **state)
{
	struct bench bench = { .now = 0 };
	const struct cva6_fpu_op op = { .valid = true, .slot = 1, .block = CVA6_DIVSQRT };

	cycle(&bench, &op);
	cva6_fpu_flush(&bench.fpu);
	while (bench.now < 50)
		cycle(&bench, NULL);
	assert_int_equal(bench.out[1], 0);
}

#define ONE 0x3ff0000000000000ull
#define INFINITE 0x7ff0000000000000ull
#define MINUS BIT(63)
#define BOXED (~0ull << 32)
#define SINGLE_ONE (BOXED | 0x3f800000)

static void special_operands(void **state)
{
	const struct cva6_uop divide = { .is_double = true };
	const struct cva6_uop root = { .is_double = true, .op = CVA6_SQRT };
	const struct cva6_uop single = { .is_double = false };

	assert_false(cva6_fpu_is_special(&divide, ONE, ONE | MINUS));
	assert_true(cva6_fpu_is_special(&divide, 0, ONE));
	assert_true(cva6_fpu_is_special(&divide, ONE, MINUS));
	assert_true(cva6_fpu_is_special(&divide, INFINITE, ONE));
	assert_true(cva6_fpu_is_special(&divide, ONE, INFINITE | 1));
	/* Subnormals take the full time. */
	assert_false(cva6_fpu_is_special(&divide, 1, ONE));
	assert_false(cva6_fpu_is_special(&root, ONE, 0));
	assert_true(cva6_fpu_is_special(&root, ONE | MINUS, 0));
	assert_false(cva6_fpu_is_special(&single, SINGLE_ONE, SINGLE_ONE));
	assert_true(cva6_fpu_is_special(&single, BOXED, SINGLE_ONE));
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(pipelines_deliver_one_a_cycle),
	cmocka_unit_test(divisions_follow_each_other),
	cmocka_unit_test(special_operands_end_divisions),
	cmocka_unit_test(one_result_leaves_at_a_time),
	cmocka_unit_test(a_flush_leaves_nothing),
	cmocka_unit_test(special_operands),
	{ 0 },
};
