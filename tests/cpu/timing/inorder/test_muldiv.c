/* SPDX-License-Identifier: MIT */
/*
 * Tests that Rocket's multiplications and divisions take the cycles of Multiplier.scala, whose
 * states are simulated here one by one (rocket-chip at the commit that rocket.core names).
 */
#include "cpu/timing/inorder/issue.h"
#include "cpu/timing/kind.h"
#include "tests/cpu/random.h"
#include "tests/cpu/timing/unit.h"

#define WAY 2 /* cycles from decode to the unit, and back from it */
#define TRIES 20000

enum { MUL, MULH, MULHSU, MULHU, DIV, DIVU, REM, REMU };

/*
 * Returns how many cycles the unit is in s_mul, in each of which it multiplies by a byte of the
 * first factor.
 */
static unsigned multiply(unsigned op, bool half, u64 a)
{
	unsigned first = half ? 4 : 0;

	for (unsigned count = first;; count++) {
		u64 low = 64 - 8 * count, left = a >> 8 * (count - first);
		bool none = !(low < 64 ? bits(left, 0, (unsigned)low) : left);

		if (count == 7 || (count != 0 && op == MUL && none))
			return count - first + 1;
	}
}

static unsigned log2_of(u64 value)
{
	return value ? 63 - (unsigned)__builtin_clzll(value) : 0;
}

/* Returns how many cycles the unit is in s_div. */
static unsigned divide_magnitudes(u64 a, u64 b)
{
	unsigned cycles = 0, count = 0, begin = ~(log2_of(a) - log2_of(b)) & 63;

	for (bool done = false; !done; cycles++) {
		done = count == 64;
		count = count == 0 && b && begin >= 1 ? begin : count + 1;
	}
	return cycles;
}

static unsigned divide(unsigned op, bool half, u64 a, u64 b)
{
	bool is_signed = op == DIV || op == REM, high = op == REM || op == REMU;
	bool minus_a, minus_b, negates;

	if (half) {
		a = is_signed ? (u64)(s64)(s32)a : (u32)a;
		b = is_signed ? (u64)(s64)(s32)b : (u32)b;
	}
	minus_a = is_signed && a >> 63;
	minus_b = is_signed && b >> 63;
	negates = high ? minus_a : minus_a != minus_b;
	if (!b && !high)
		negates = false;
	return (minus_a || minus_b) + divide_magnitudes(minus_a ? -a : a, minus_b ? -b : b) +
	       negates;
}

static u64 cycles_of_model(const struct timing_core *core, unsigned op, bool half,
			   const u64 operand[2])
{
	const struct inorder_params *params = (const struct inorder_params *)core->values;
	static struct inorder_decoder decoder;
	const struct inorder_uop *uop;
	static struct isa isa;

	if (!decoder.isa) {
		isa_init(&isa, EXT_TOGETHER);
		inorder_decoder_init(&decoder, &isa);
	}
	/* OP a0, a1, a2 */
	uop = inorder_decode(&decoder, 0x02c58533 | op << 12 | (half ? 8 : 0));
	return (op < DIV ? params->mul_latency : 0) + inorder_issue_steps(params, uop, operand);
}

static void check_operands(const struct timing_core *core, unsigned op, bool half, u64 a, u64 b)
{
	u64 is = cycles_of_model(core, op, half, (const u64[]){ a, b });
	u64 should = WAY + (op < DIV ? multiply(op, half, a) : divide(op, half, a, b));

	if (is != should)
		fail_msg("%u%s of %#llx and %#llx: %llu cycles, not %llu", op, half ? ", half" : "",
			 a, b, is, should);
}

static const char *const cores[] = { CORES "/rocket.core", CORES "/saturn.core" };

static void read_core(struct timing_core *core, unsigned n)
{
	struct timing_error error;

	if (timing_core_read(core, cores[n], &error) < 0)
		fail_msg("%s", error.text);
}

/*
 * Returns a number of any length and sign, often one close to a number that takes a different time.
 */
static u64 any_operand(u64 *seed)
{
	u64 value = random_u64(seed) >> random_u64(seed) % 64;

	if (random_u64(seed) % 4 == 0)
		value = BIT(random_u64(seed) % 64) - random_u64(seed) % 3;
	return random_u64(seed) % 2 ? -value : value;
}

static void all_take_what_the_states_of_the_unit_say(void **state)
{
	struct timing_core core;
	u64 seed = 11;

	for (unsigned n = 0; n < ARRAY_SIZE(cores) * TRIES; n++) {
		u64 a = any_operand(&seed), b = any_operand(&seed);
		bool half = random_u64(&seed) % 2;
		unsigned op = random_u64(&seed) % 8;

		if (n % TRIES == 0)
			read_core(&core, n / TRIES);
		/* There are no instructions for the upper half of a product of words. */
		check_operands(&core, op, half && (op == MUL || op >= DIV), a, b);
	}
}

static const struct {
	unsigned op;
	u64 a, b, cycles;
} cases[] = {
	{ MUL, 3, 3, 4 },	       { MULH, 3, 3, 10 },	    { MULHU, 3, 3, 10 },
	{ MUL, (u64)-3, 3, 10 },       { DIVU, 5, 1234567, 51 },    { DIVU, 5, BIT(60), 11 },
	{ DIV, 0, 1, 5 },	       { DIV, (u64)-100, 10, 10 },  { DIV, 100, 10, 8 },
	{ DIVU, BIT(63), 1, 67 },      { DIV, 7, 0, 67 },	    { REM, (u64)-7, 0, 69 },
};

/* Some operations take the cycles that were counted by hand. */
static void some_take_what_was_counted(void **state)
{
	struct timing_core core;

	read_core(&core, 0);
	for (unsigned n = 0; n < ARRAY_SIZE(cases); n++) {
		const u64 operand[] = { cases[n].a, cases[n].b };

		assert_int_equal(cycles_of_model(&core, cases[n].op, false, operand),
				 cases[n].cycles);
	}
}

const struct CMUnitTest unit_tests[] = {
	cmocka_unit_test(all_take_what_the_states_of_the_unit_say),
	cmocka_unit_test(some_take_what_was_counted),
	{ 0 },
};
