/* SPDX-License-Identifier: MIT */
/*
 * Compares every function of cpu/fpu/fpu.h with MPFR: result bits and flags, in all rounding modes,
 * by the exact path and (with NX accrued beforehand) by the host's FPU. The test of each function
 * has all combinations of special values, then FPU_CASES random ones, or, if there is one operand
 * of 16 bits, all values. FPU_SEED repeats a run.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cpu/fpu/vector.h"
#include "operands.h"
#include "oracle.h"
#include "tests/cmocka.h"
#include "tests/part.h"
#include "tests/setting.h"

#define ROUNDING_MODES 5
#define DEFAULT_CASES 150000
#define FAILURES_SHOWN 10

/* The functions of fpu.h, wrapped to have the signature of struct fpu_op. */
#define RUN(name, ...)								\
	static u64 run_##name(const u64 *in, unsigned rm, u8 *flags)		\
	{									\
		(void)rm;							\
		(void)flags;							\
		return name(__VA_ARGS__);					\
	}

#define RUN_FORMAT(f, type)							\
	RUN(f##_add, (type)in[0], (type)in[1], rm, flags)			\
	RUN(f##_sub, (type)in[0], (type)in[1], rm, flags)			\
	RUN(f##_mul, (type)in[0], (type)in[1], rm, flags)			\
	RUN(f##_div, (type)in[0], (type)in[1], rm, flags)			\
	RUN(f##_sqrt, (type)in[0], rm, flags)					\
	RUN(f##_fma, (type)in[0], (type)in[1], (type)in[2], rm, flags)		\
	RUN(f##_round, (type)in[0], rm, flags)					\
	RUN(f##_roundnx, (type)in[0], rm, flags)				\
	RUN(f##_min, (type)in[0], (type)in[1], flags)				\
	RUN(f##_max, (type)in[0], (type)in[1], flags)				\
	RUN(f##_minm, (type)in[0], (type)in[1], flags)				\
	RUN(f##_maxm, (type)in[0], (type)in[1], flags)				\
	RUN(f##_eq, (type)in[0], (type)in[1], flags)				\
	RUN(f##_lt, (type)in[0], (type)in[1], flags)				\
	RUN(f##_le, (type)in[0], (type)in[1], flags)				\
	RUN(f##_ltq, (type)in[0], (type)in[1], flags)				\
	RUN(f##_leq, (type)in[0], (type)in[1], flags)				\
	RUN(f##_classify, (type)in[0])						\
	RUN(f##_to_s32, (type)in[0], rm, flags)					\
	RUN(f##_to_u32, (type)in[0], rm, flags)					\
	RUN(f##_to_s64, (type)in[0], rm, flags)					\
	RUN(f##_to_u64, (type)in[0], rm, flags)					\
	RUN(s32_to_##f, (s32)in[0], rm, flags)					\
	RUN(u32_to_##f, (u32)in[0], rm, flags)					\
	RUN(s64_to_##f, (s64)in[0], rm, flags)					\
	RUN(u64_to_##f, in[0], rm, flags)

RUN_FORMAT(f16, u16)
RUN_FORMAT(f32, u32)
RUN_FORMAT(f64, u64)
RUN(f64_to_s32_modular, in[0], flags)
RUN(f16_to_f32, (u16)in[0], rm, flags)
RUN(f16_to_f64, (u16)in[0], rm, flags)
RUN(f32_to_f16, (u32)in[0], rm, flags)
RUN(f32_to_f64, (u32)in[0], rm, flags)
RUN(f64_to_f16, in[0], rm, flags)
RUN(f64_to_f32, in[0], rm, flags)
RUN(bf16_to_f32, (u16)in[0], rm, flags)
RUN(f32_to_bf16, (u32)in[0], rm, flags)

#define RUN_ESTIMATES(f, type)							\
	RUN(f##_rsqrt7, (type)in[0], flags)					\
	RUN(f##_rec7, (type)in[0], rm, flags)

RUN_ESTIMATES(f16, u16)
RUN_ESTIMATES(f32, u32)
RUN_ESTIMATES(f64, u64)
RUN(f16_to_s8, (u16)in[0], rm, flags)
RUN(f16_to_u8, (u16)in[0], rm, flags)
RUN(f16_to_s16, (u16)in[0], rm, flags)
RUN(f16_to_u16, (u16)in[0], rm, flags)
RUN(f32_to_s16, (u32)in[0], rm, flags)
RUN(f32_to_u16, (u32)in[0], rm, flags)
RUN(f32_to_f16_odd, (u32)in[0], flags)
RUN(f64_to_f32_odd, in[0], flags)

#define OP(name, operation, from, to, operands)					\
	{#name, OP_##operation, TYPE_##from, TYPE_##to, operands, run_##name}

#define OPS_FORMAT(f, F)							\
	OP(f##_add, ADD, F, F, 2), OP(f##_sub, SUB, F, F, 2),			\
	OP(f##_mul, MUL, F, F, 2), OP(f##_div, DIV, F, F, 2),			\
	OP(f##_sqrt, SQRT, F, F, 1), OP(f##_fma, FMA, F, F, 3),			\
	OP(f##_round, ROUND, F, F, 1), OP(f##_roundnx, ROUNDNX, F, F, 1),	\
	OP(f##_min, MIN, F, F, 2), OP(f##_max, MAX, F, F, 2),			\
	OP(f##_minm, MINM, F, F, 2), OP(f##_maxm, MAXM, F, F, 2),		\
	OP(f##_eq, EQ, F, NONE, 2), OP(f##_lt, LT, F, NONE, 2),			\
	OP(f##_le, LE, F, NONE, 2), OP(f##_ltq, LTQ, F, NONE, 2),		\
	OP(f##_leq, LEQ, F, NONE, 2), OP(f##_classify, CLASSIFY, F, NONE, 1),	\
	OP(f##_to_s32, CONVERT, F, S32, 1), OP(f##_to_u32, CONVERT, F, U32, 1),	\
	OP(f##_to_s64, CONVERT, F, S64, 1), OP(f##_to_u64, CONVERT, F, U64, 1),	\
	OP(s32_to_##f, CONVERT, S32, F, 1), OP(u32_to_##f, CONVERT, U32, F, 1),	\
	OP(s64_to_##f, CONVERT, S64, F, 1), OP(u64_to_##f, CONVERT, U64, F, 1)

static const struct fpu_op ops[] = {
	OPS_FORMAT(f16, F16),
	OPS_FORMAT(f32, F32),
	OPS_FORMAT(f64, F64),
	OP(f64_to_s32_modular, MODULAR, F64, S32, 1),
	OP(f16_to_f32, CONVERT, F16, F32, 1),
	OP(f16_to_f64, CONVERT, F16, F64, 1),
	OP(f32_to_f16, CONVERT, F32, F16, 1),
	OP(f32_to_f64, CONVERT, F32, F64, 1),
	OP(f64_to_f16, CONVERT, F64, F16, 1),
	OP(f64_to_f32, CONVERT, F64, F32, 1),
	OP(bf16_to_f32, CONVERT, BF16, F32, 1),
	OP(f32_to_bf16, CONVERT, F32, BF16, 1),
	OP(f16_rsqrt7, RSQRT7, F16, F16, 1), OP(f16_rec7, REC7, F16, F16, 1),
	OP(f32_rsqrt7, RSQRT7, F32, F32, 1), OP(f32_rec7, REC7, F32, F32, 1),
	OP(f64_rsqrt7, RSQRT7, F64, F64, 1), OP(f64_rec7, REC7, F64, F64, 1),
	OP(f16_to_s8, CONVERT, F16, S8, 1), OP(f16_to_u8, CONVERT, F16, U8, 1),
	OP(f16_to_s16, CONVERT, F16, S16, 1), OP(f16_to_u16, CONVERT, F16, U16, 1),
	OP(f32_to_s16, CONVERT, F32, S16, 1), OP(f32_to_u16, CONVERT, F32, U16, 1),
	OP(f32_to_f16_odd, CONVERT_ODD, F32, F16, 1),
	OP(f64_to_f32_odd, CONVERT_ODD, F64, F32, 1),
};

/* A function under test, and its failures so far. */
struct run {
	const struct fpu_op *op;
	struct oracle *oracle;
	struct rng rng;
	u64 cases;
	unsigned failures;
};

static void report(struct run *run, const u64 *in, unsigned rm, const char *what)
{
	static const char *const modes[] = { "RNE", "RTZ", "RDN", "RUP", "RMM" };

	if (run->failures++ >= FAILURES_SHOWN)
		return;
	print_error("%s(", run->op->name);
	for (unsigned i = 0; i < run->op->operands; i++)
		print_error("%s%#llx", i ? ", " : "", in[i]);
	print_error(") %s: %s\n", modes[rm], what);
}

/* Calls the function with these flags accrued and compares. */
static void check_call(struct run *run, const u64 *in, unsigned rm, u8 accrued, struct answer want)
{
	u8 flags = accrued;
	u64 value = run->op->run(in, rm, &flags);
	char what[160];

	want.flags |= accrued;
	if (value == want.value && flags == want.flags)
		return;
	snprintf(what, sizeof(what),
		 "%#llx flags %#x, expected %#llx flags %#x (accrued before: %#x)", value, flags,
		 want.value, want.flags, accrued);
	report(run, in, rm, what);
}

static void check_case(struct run *run, const u64 *in)
{
	struct answer want;

	oracle_compute(run->oracle, run->op, in);
	for (unsigned rm = 0; rm < ROUNDING_MODES; rm++) {
		want = oracle_answer(run->oracle, rm);
		check_call(run, in, rm, 0, want);
		check_call(run, in, rm, FFLAG_NX, want);
	}
}

/* Checks that MPFR's own emulation of subnormal numbers agrees with the oracle's rounding. */
static void check_oracle(struct run *run, const u64 *in)
{
	u64 value;

	if (!is_float(run->op->to) || run->op->operation == OP_ROUND ||
	    run->op->operation == OP_ROUNDNX || run->op->operation >= OP_CONVERT_ODD)
		return;
	oracle_compute(run->oracle, run->op, in);
	for (unsigned rm = RM_RNE; rm <= RM_RUP; rm++) {
		struct answer want = oracle_answer(run->oracle, rm);

		if (oracle_second_opinion(run->oracle, rm, &value) && value != want.value)
			report(run, in, rm, "the oracle disagrees with mpfr_subnormalize");
	}
}

static void check_specials(struct run *run)
{
	u64 values[OPERANDS_SPECIAL], in[3];
	unsigned n = operands_special(run->op->from, values);
	unsigned combinations = 1;

	for (unsigned i = 0; i < run->op->operands; i++)
		combinations *= n;
	for (unsigned c = 0; c < combinations; c++) {
		in[0] = values[c % n];
		in[1] = values[c / n % n];
		in[2] = values[c / n / n % n];
		check_case(run, in);
	}
}

/* Returns whether the operation has one operand of 16 bits, of which all values are tested. */
static bool short_operand(const struct fpu_op *op)
{
	return op->operands == 1 && (op->from == TYPE_F16 || op->from == TYPE_BF16);
}

static void test_function(void **state)
{
	struct run *run = *state;
	bool all = short_operand(run->op);
	u64 cases = all ? 0x10000 : run->cases, in[3];

	run->oracle = oracle_new();
	check_specials(run);
	for (u64 i = 0; i < cases; i++) {
		if (all)
			in[0] = i;
		else
			operands_draw(&run->rng, run->op, in);
		check_case(run, in);
		if (i % 16 == 0)
			check_oracle(run, in);
	}
	oracle_free(run->oracle);
	if (run->failures)
		fail_msg("%u wrong results of %s", run->failures, run->op->name);
}

static void test_nan_boxing(void **state)
{
	assert_int_equal(f32_box(0x3f800000), 0xffffffff3f800000);
	assert_int_equal(f32_unbox(0xffffffff3f800000), 0x3f800000);
	assert_int_equal(f32_unbox(0xffffffff7f800001), 0x7f800001);
	assert_int_equal(f32_unbox(0x000000003f800000), F32_CANONICAL_NAN);
	assert_int_equal(f32_unbox(0xfffffffe3f800000), F32_CANONICAL_NAN);
	assert_int_equal(f32_unbox(0x7fffffff3f800000), F32_CANONICAL_NAN);
	assert_int_equal(f16_box(0x3c00), 0xffffffffffff3c00);
	for (unsigned bit = 0; bit < 64; bit++) {
		u64 reg = 0xffffffffffff3c01 ^ BIT(bit);

		assert_int_equal(f16_unbox(reg), bit < 16 ? 0x3c01 ^ 1 << bit : 0x7e00);
		assert_int_equal(bf16_unbox(reg), bit < 16 ? 0x3c01 ^ 1 << bit : 0x7fc0);
	}
}

/*
 * Compares the constants of Zfa, "Immediate values loaded by the fli.s instruction", except the
 * last two.
 */
static void test_constants(void **state)
{
	static const double values[] = {
		-1, 0, 0x1p-16, 0x1p-15, 0x1p-8, 0x1p-7, 0.0625, 0.125, 0.25, 0.3125, 0.375,
		0.4375, 0.5, 0.625, 0.75, 0.875, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 8, 16, 128, 256,
		0x1p15, 0x1p16,
	};
	u8 flags = 0;

	for (unsigned i = 0; i < ARRAY_SIZE(values); i++) {
		float narrow = (float)values[i];
		u64 wide_bits;
		u32 bits;

		memcpy(&wide_bits, &values[i], sizeof(wide_bits));
		memcpy(&bits, &narrow, sizeof(bits));
		if (i == 1) {
			wide_bits = 0x0010000000000000;
			bits = 0x00800000;
		}
		assert_int_equal(f64_constant(i), wide_bits);
		assert_int_equal(f32_constant(i), bits);
		/* The smallest normal number of f16 differs, and 2^16 is out of its range. */
		if (i != 1 && i != 29)
			assert_int_equal(f16_to_f64(f16_constant(i), RM_RNE, &flags), wide_bits);
	}
	assert_int_equal(flags, 0);
	assert_int_equal(f16_constant(1), 0x0400);
	assert_int_equal(f16_constant(29), 0x7c00);
	assert_int_equal(f16_constant(30), 0x7c00);
	assert_int_equal(f32_constant(30), 0x7f800000);
	assert_int_equal(f64_constant(30), 0x7ff0000000000000);
	assert_int_equal(f16_constant(31), F16_CANONICAL_NAN);
	assert_int_equal(f32_constant(31), F32_CANONICAL_NAN);
	assert_int_equal(f64_constant(31), F64_CANONICAL_NAN);
}

/* The manual's own examples of the estimates. */
static void test_estimates(void **state)
{
	u8 flags = 0;

	assert_int_equal(f32_rsqrt7(0x00718abc, &flags), 0x5f080000);
	assert_int_equal(f32_rsqrt7(0x7f765432, &flags), 0x1f820000);
	assert_int_equal(f32_rec7(0x00718abc, RM_RNE, &flags), 0x7e900000);
	assert_int_equal(f32_rec7(0x7f765432, RM_RNE, &flags), 0x00214000);
	assert_int_equal(flags, 0);
}

int main(void)
{
	u64 cases = setting("FPU_CASES", part_of(DEFAULT_CASES));
	u64 seed = setting("FPU_SEED", (u64)time(NULL));
	struct CMUnitTest tests[ARRAY_SIZE(ops) + 3] = {
		cmocka_unit_test(test_nan_boxing),
		cmocka_unit_test(test_constants),
		cmocka_unit_test(test_estimates),
	};
	struct run runs[ARRAY_SIZE(ops)];

	printf("FPU_SEED=%llu FPU_CASES=%llu\n", seed, cases);
	for (unsigned i = 0; i < ARRAY_SIZE(ops); i++) {
		runs[i] = (struct run){ &ops[i], NULL, { seed + i * 0x100000000 }, cases, 0 };
		tests[i + 3].name = ops[i].name;
		tests[i + 3].test_func = test_function;
		tests[i + 3].initial_state = &runs[i];
	}
	return cmocka_run_group_tests_name("fpu", tests, NULL, NULL);
}
