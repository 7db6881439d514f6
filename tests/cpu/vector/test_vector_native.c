/* SPDX-License-Identifier: MIT */
/*
 * Tests each vector instruction in each vtype, with vl = VLMAX and with less, masked and not, at
 * VLEN 128 to 1024: native code does what the interpreter does, with AVX-512 and without, on hosts
 * of x86-64-v3 and v2; floating-point instructions also with operands that have no NaN.
 */
#include "tests/cmocka.h"
#include "tests/cpu/vector/case.h"
#include "tests/cpu/vector/rules.h"
#include "tests/cpu/vector/unit.h"
#include "tests/part.h"

#include <string.h>

#define CASES 6
#define FLOAT_CASES 12

static void check(struct unit *unit, struct case_maker *maker, const struct vector_image *in)
{
	static struct vector_image should, is;
	char text[256];

	should = *in;
	unit_run(unit, UNIT_INTERP, &should);
	for (unsigned tier = UNIT_NATIVE; tier < UNIT_HOSTS; tier++) {
		u64 before = unit_native_insns(unit);

		is = *in;
		unit_run(unit, (enum unit_tier)tier, &is);
		assert_true(is.trap != IMAGE_DONE || unit_native_insns(unit) > before);
		if (memcmp(&is, &should, sizeof(is)) == 0)
			continue;
		case_print(maker, in, text, sizeof(text));
		fail_msg("%s", text);
	}
}

/* Makes the state of a case in a vtype with random vta and vma. Some vl are whole groups. */
static struct case_state make_state(struct case_maker *maker, u64 vtype, unsigned n)
{
	u64 vlmax = rules_vlmax(vtype, maker->vlenb), random = random_u64(&maker->seed);
	u64 vl = n < 2 ? vlmax : random % (n == 4 ? MIN(vlmax, 2) + 1 : vlmax + 1);

	return (struct case_state){
		.vtype = vtype | (random & 3) << 6,
		.vl = n == 2 ? align_down(vl, 4) : vl,
		.vstart = n == 5 ? (random >> 20) % vlmax : 0,
		.masked = n % 2,
	};
}

/* A third of a vtype's cases is masked, and a third has a vl below VLMAX. */
static struct case_state make_float_state(struct case_maker *maker, u64 vtype, unsigned n)
{
	u64 vlmax = rules_vlmax(vtype, maker->vlenb);

	return (struct case_state){
		.vtype = vtype | (random_u64(&maker->seed) & 3) << 6,
		.vl = n % 6 >= 4 ? random_u64(&maker->seed) % (vlmax + 1) : vlmax,
		.masked = n % 3 == 2,
	};
}

/*
 * Makes case n of a floating-point instruction: half of them have no NaN and no extreme number, and
 * nearly all round to nearest. Returns false if the instruction has no such case.
 */
static bool make_float(struct case_maker *maker, unsigned op, unsigned n, struct vector_image *in)
{
	const struct case_state state = make_float_state(maker, n / FLOAT_CASES, n % FLOAT_CASES);

	if (!case_make_in(maker, op, &state, in))
		return false;
	if (n % FLOAT_CASES != FLOAT_CASES - 1)
		in->fcsr &= 31;
	if (n % FLOAT_CASES < FLOAT_CASES / 2)
		case_make_plain(maker, in);
	return true;
}

static void check_row(struct unit *unit, struct case_maker *maker, unsigned op)
{
	static struct vector_image in;

	for (unsigned n = 0; n < 64 * CASES; n++) {
		struct case_state state;

		if (!rules_vtype(n / CASES))
			continue;
		state = make_state(maker, n / CASES, n % CASES);
		if (case_make_in(maker, op, &state, &in))
			check(unit, maker, &in);
	}
}

static void check_float_row(struct unit *unit, struct case_maker *maker, unsigned op)
{
	static struct vector_image in;

	for (unsigned n = 0; n < 64 * FLOAT_CASES; n++)
		if (rules_vtype(n / FLOAT_CASES) && make_float(maker, op, n, &in))
			check(unit, maker, &in);
}

static void check_rows(const struct vector_config *config, bool fp)
{
	struct unit *unit = unit_create(config);
	struct case_maker maker = { .isa = unit_isa(unit), .vlenb = config->vlen / 8,
				    .seed = config->vlen };

	for (unsigned op = OP_vsetivli; op < OP_COUNT; op++)
		if (class_needs_fp((enum insn_class)isa_ops[op].class) == fp &&
		    part_has_row(op, config->vlen))
			(fp ? check_float_row : check_row)(unit, &maker, op);
	unit_free(unit);
}

static void test_floats(void **unused)
{
	for (unsigned vlen = 128; vlen <= 1024; vlen *= 2)
		check_rows(&(struct vector_config){ .vlen = vlen }, true);
}

static void test_integers(void **unused)
{
	for (unsigned vlen = 128; vlen <= 1024; vlen *= 2)
		check_rows(&(struct vector_config){ .vlen = vlen }, false);
}

/* Agnostic elements may become ones. */
static void test_ones(void **unused)
{
	check_rows(&(struct vector_config){ .vlen = 128, .tail_ones = true }, false);
	check_rows(&(struct vector_config){ .vlen = 128, .mask_ones = true }, false);
	check_rows(&(struct vector_config){ .vlen = 128, .tail_ones = true }, true);
	check_rows(&(struct vector_config){ .vlen = 128, .mask_ones = true }, true);
}

#define VADD 0x02840457 /* vadd.vv v8, v8, v8 */
#define VSETVLI 0x00007057 /* vsetvli x0, x0, and a vtype */

/* Checks a block that changes its vtype in the middle, and keeps vl if VLMAX stays the same. */
static void check_kept(struct unit *unit, u64 from, u64 to)
{
	static struct vector_image should, is;

	memset(&should, 0, sizeof(should));
	should.vtype = from;
	should.vl = 1;
	should.raw = VSETVLI | (u32)to << 20;
	is = should;
	unit_run_behind(unit, UNIT_INTERP, VADD, &should);
	unit_run_behind(unit, UNIT_NATIVE, VADD, &is);
	if (memcmp(&is, &should, sizeof(is)) != 0)
		fail_msg("from vtype %llx to %llx", from, to);
}

static void test_kept_length(void **unused)
{
	struct unit *unit = unit_create(&(struct vector_config){ .vlen = 128 });

	for (unsigned n = 0; n < 64 * 64; n++)
		if (rules_vtype(n / 64))
			check_kept(unit, n / 64, n % 64);
	unit_free(unit);
}

/* sext.w a2, a3; vadd.vv v8, v8, v8; addiw a3, a3, 1; a jump to the next one, which stays there */
static const struct unit_code word_behind = {
	{ 0x0006861b, VADD, 0x0016869b, 0x0040006f, 0x0000006f }, 5
};

/*
 * The code of a block with vectors is written twice; a register that holds a sign-extended word at
 * its end does not at its start.
 */
static void test_word_behind(void **unused)
{
	struct unit *unit = unit_create(&(struct vector_config){ .vlen = 128 });
	static struct vector_image in;

	in.vl = 1;
	in.x[13] = 0x100000005;
	for (unsigned tier = UNIT_INTERP; tier < UNIT_TIERS; tier++) {
		static struct vector_image is;

		is = in;
		unit_run_code(unit, (enum unit_tier)tier, &word_behind, &is);
		assert_int_equal(is.x[12], 5);
		assert_int_equal(is.x[13], 6);
	}
	unit_free(unit);
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(test_floats),
	cmocka_unit_test(test_integers),
	cmocka_unit_test(test_ones),
	cmocka_unit_test(test_kept_length),
	cmocka_unit_test(test_word_behind),
	{ 0 },
};
