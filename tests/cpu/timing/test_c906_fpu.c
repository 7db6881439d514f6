/* SPDX-License-Identifier: MIT */
/* Tests how long C906's floating-point units take, by their operands. */
#include "cpu/timing/c906/vpu/vpu.h"
#include "tests/cpu/timing/unit.h"

static const struct c906_params params = { .fdsu_single = 14, .fdsu_double = 29 };

static u64 c906_fpu_bits_of(double value)
{
	u64 bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

static unsigned steps(double a, double b, bool is_root)
{
	const u64 operands[] = { c906_fpu_bits_of(a), c906_fpu_bits_of(b), 0 };
	struct c906_uop uop = {
		.unit = C906_FP, .divides = true, .is_root = is_root, .is_double = true,
	};
	struct c906_fp_op op;

	c906_fp_op(&op, &uop, c906_fp_operand_timing(&uop, &params, operands));
	return op.steps;
}

static unsigned product_stages(double a, double b)
{
	const u64 operands[] = { c906_fpu_bits_of(a), c906_fpu_bits_of(b), 0 };
	struct c906_uop uop = {
		.unit = C906_FP, .multiplies = true, .is_double = true, .stages = 4,
	};
	struct c906_fp_op op;

	c906_fp_op(&op, &uop, c906_fp_operand_timing(&uop, &params, operands));
	return op.stages;
}

/*
 * The division ends when nothing remains: after two steps, and one for each two bits of the
 * fraction.
 */
static void exact_quotients_end_early(void **state)
{
	assert_int_equal(steps(1, 3, false), 29);
	assert_int_equal(steps(1, 1, false), 2);
	assert_int_equal(steps(3, 2, false), 3);
	assert_int_equal(steps(0, 3, false), 1);
	assert_int_equal(steps(1, 0, false), 1);
}

static void exact_roots_end_early(void **state)
{
	assert_int_equal(steps(2, 0, true), 29);
	assert_int_equal(steps(1, 0, true), 2);
	assert_int_equal(steps(4, 0, true), 2);
	assert_int_equal(steps(2.25, 0, true), 3);
	assert_int_equal(steps(-1, 0, true), 1);
}

static void special_products_end_early(void **state)
{
	assert_int_equal(product_stages(1.5, 2.5), 4);
	assert_int_equal(product_stages(0, 2.5), 3);
	assert_int_equal(product_stages(1e300, 1e300), 3);
	assert_int_equal(product_stages(1e-300, 1e-20), 5);
	/* The exponents are at either end, and just within. */
	assert_int_equal(product_stages(0x1p1000, 0x1p23), 5);
	assert_int_equal(product_stages(0x1p1000, 0x1p22), 4);
	assert_int_equal(product_stages(0x1p-1000, 0x1p-22), 4);
	assert_int_equal(product_stages(0x1p-1000, 0x1p-23), 5);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(exact_quotients_end_early),
	cmocka_unit_test(exact_roots_end_early),
	cmocka_unit_test(special_products_end_early),
	{ 0 },
};
