/* SPDX-License-Identifier: MIT */
/*
 * Tests every row with floating-point registers: results and flags of threaded and of native code
 * are bit for bit those of the interpreter, for operands at the edges of the formats and of
 * conversions, in each rounding mode, static and dynamic, whatever flags the guest and the host's
 * MXCSR had, and with accesses to fflags afterwards.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_directed.h"
#include "tests/cpu/tiers/tier_part.h"
#include "tests/cpu/tiers/tier_random.h"

#include "cpu/fpu/fpu.h"
#include "cpu/isa/csr_bits.h"

#include <string.h>
#include <xmmintrin.h>

#define CASES_PER_ROW 600
#define TRAPS (RAM_BASE + 4 * PAGE_SIZE)
#define DATA (RAM_BASE + 6 * PAGE_SIZE)

#define MXCSR_DEFAULT 0x1f80u
#define MXCSR_FLAGS 0x3fu
#define MXCSR_ROUNDING 0x6000u

/*
 * Positive numbers of each format: zero and subnormals; the least normal numbers and numbers that
 * are tiny before they are rounded; numbers around one; ties; the limits of words and doublewords;
 * the limits of narrower formats; the greatest numbers; infinity; a quiet and signalling NaNs.
 */
static const u64 doubles[] = {
	0, 1, 2, 0x8000000000000, 0xffffffffffffe, 0xfffffffffffff,
	0x0010000000000000, 0x0010000000000001, 0x001fffffffffffff, 0x0020000000000000,
	0x3fe0000000000000, 0x3fefffffffffffff, 0x3ff0000000000000, 0x3ff0000000000001,
	0x3ff8000000000000, 0x4004000000000000, 0x400c000000000000,
	0x41dfffffffc00000, 0x41dfffffffe00000, 0x41e0000000000000, 0x41e0000000100000,
	0x41efffffffe00000, 0x41effffffff00000, 0x41f0000000000000,
	0x43dfffffffffffff, 0x43e0000000000000, 0x43efffffffffffff, 0x43f0000000000000,
	0x380fffffe0000000, 0x380fffffc0000000, 0x380ffffff0000000, 0x3810000000000000,
	0x36a0000000000000, 0x3690000000000000, 0x3690000000000001, 0x47efffffe0000000,
	0x47effffff0000000, 0x47efffffefffffff, 0x47f0000000000000, 0x3f0ff80000000000,
	0x3f0ffc0000000000, 0x3f10000000000000, 0x3e60000000000000, 0x40effc0000000000,
	0x40effe0000000000, 0x7fdfffffffffffff, 0x7fefffffffffffff, 0x7ff0000000000000,
	0x7ff8000000000000, 0x7ff0000000000001, 0x7ff7ffffffffffff,
};

static const u64 singles[] = {
	0, 1, 2, 0x400000, 0x7ffffe, 0x7fffff,
	0x00800000, 0x00800001, 0x00ffffff, 0x01000000,
	0x3f000000, 0x3f7fffff, 0x3f800000, 0x3f800001,
	0x3fc00000, 0x40200000, 0x40600000,
	0x4effffff, 0x4f000000, 0x4f000001, 0x4f7fffff, 0x4f800000,
	0x5effffff, 0x5f000000, 0x5f7fffff, 0x5f800000,
	0x387fc000, 0x387fe000, 0x387ff000, 0x38800000, 0x33800000, 0x33000000, 0x33000001,
	0x477fe000, 0x477ff000, 0x477fefff, 0x47800000,
	0x7effffff, 0x7f7fffff, 0x7f800000, 0x7fc00000, 0x7f800001, 0x7fbfffff,
};

static const u64 halves[] = {
	0, 1, 2, 0x200, 0x3fe, 0x3ff, 0x400, 0x401, 0x7ff, 0x800, 0x3800, 0x3bff, 0x3c00, 0x3c01,
	0x3e00, 0x4100, 0x4300, 0x77ff, 0x7800, 0x7bff, 0x7c00, 0x7e00, 0x7c01, 0x7dff,
};

static const struct {
	const u64 *values;
	unsigned count, bits;
} operand_sets[] = {
	{ doubles, ARRAY_SIZE(doubles), 64 },
	{ singles, ARRAY_SIZE(singles), 32 },
	{ halves, ARRAY_SIZE(halves), 16 },
};

/* Returns an operand of a format, nearly always NaN-boxed, or of any format. */
static u64 operand(unsigned set, u64 *seed)
{
	u64 value;

	if (chance(seed, 10))
		return random_float(seed);
	if (chance(seed, 10))
		set = (unsigned)below(seed, ARRAY_SIZE(operand_sets));
	value = operand_sets[set].values[below(seed, operand_sets[set].count)];
	if (chance(seed, 15))
		value += below(seed, 5) - 2;
	if (chance(seed, 40))
		value ^= BIT(operand_sets[set].bits - 1);
	if (operand_sets[set].bits == 64)
		return value;
	value &= BIT(operand_sets[set].bits) - 1;
	return chance(seed, 92) ? value | -BIT(operand_sets[set].bits) : value;
}

/* Returns the format that a row reads, which is mostly the one with which its name ends. */
static unsigned set_of(unsigned op)
{
	const char *name = isa_ops[op].name;
	char last = name[strlen(name) - 1];

	return last == 'd' ? 0 : last == 's' ? 1 : last == 'h' ? 2 : 0;
}

static void fill(struct machines *machines, unsigned op, u64 *seed)
{
	struct hart *hart = machines->m[0].harts.hart[0];
	bool memory = class_touches_memory(isa_ops[op].class);
	u64 *data = (u64 *)(machines->m[0].ram.host + (DATA - RAM_BASE));

	for (unsigned n = 1; n < 32; n++)
		hart->x[n] = memory ? DATA + below(seed, 512) * 8 + (chance(seed, 10) ? 2 : 0) :
				      random_value(seed);
	for (unsigned n = 0; n < 32; n++)
		hart->f[n] = operand(set_of(op), seed);
	for (unsigned n = 0; memory && n < 512; n++)
		data[n] = operand(set_of(op), seed);
	hart->frm = chance(seed, 40) ? RM_RNE : (u8)below(seed, 8);
	hart->fflags = chance(seed, 50) ? 0 : (u8)below(seed, 32);
	hart->mtvec = TRAPS;
}

/*
 * Returns a random MXCSR for the tier. C code expects rounding to the nearest, so only flags are
 * set before threaded code. Native code sets the mode itself; but with BAYA_PARANOID=1 its small
 * memory is full so often that C code runs first, so only flags are set then, too.
 */
static unsigned random_mxcsr(bool native, u64 *seed)
{
	bool first = native && BLOCK_INSNS > 1;
	u64 bits = random_u64(seed) & (MXCSR_FLAGS | (first ? MXCSR_ROUNDING : 0));

	return MXCSR_DEFAULT | (unsigned)bits;
}

/* Emits an access to fflags, which must include flags that native code has not moved there yet. */
static void emit_fflags(struct emit *e, u64 *seed)
{
	static const u16 rows[] = { OP_csrrw, OP_csrrs, OP_csrrc, OP_csrrwi, OP_csrrsi, OP_csrrci };
	unsigned op = rows[below(seed, ARRAY_SIZE(rows))];

	emit_csr(e, e->match[op], (unsigned)below(seed, 32), (unsigned)below(seed, 32), CSR_FFLAGS);
}

/* Returns the flags that the row raised in a hart that had none. */
static u8 run_case(struct machines *machines, unsigned op, u64 seed)
{
	u64 first = seed, count = 1 + below(&seed, 4);
	bool accessed = chance(&seed, 30);
	char difference[256];
	struct emit e;
	u8 before;

	directed_begin(machines, &e, TRAPS);
	emit_jump(&e, e.pc);
	e.pc = RAM_BASE;
	fill(machines, op, &seed);
	before = machines->m[0].harts.hart[0]->fflags;
	for (u64 n = 0; n < count; n++)
		emit(&e, random_row(&machines->m[0].harts.isa, op, &seed));
	for (; accessed && count < 6; count++)
		if (chance(&seed, 60))
			emit_fflags(&e, &seed);
		else
			emit(&e, random_row(&machines->m[0].harts.isa, op, &seed));
	emit_jump(&e, e.pc);
	machines_mirror(machines);
	tier_run(&machines->m[0], count + 1);
	_mm_setcsr(random_mxcsr(machines->config.native, &seed));
	tier_run(&machines->m[1], count + 1);
	_mm_setcsr(MXCSR_DEFAULT);
	if (machines_differs(machines, difference, sizeof(difference)))
		fail_msg("%s, case 0x%llx: %s", isa_ops[op].name, first, difference);
	return before || accessed ? 0 : machines->m[1].harts.hart[0]->fflags;
}

static void test_every_row(struct machines *machines)
{
	u64 seed = 20240611;
	unsigned rows = 0;
	u8 raised = 0;

	for (unsigned op = 0; op < OP_COUNT; op++) {
		if (!class_is_fp(isa_ops[op].class) ||
		    insn_length(machines->m[0].harts.isa.match[op]) == 2)
			continue;
		rows++;
		for (unsigned n = tier_part_of(CASES_PER_ROW); n > 0; n--)
			raised |= run_case(machines, op, random_u64(&seed) | 1);
	}
	/* All rows of F, D and Zfh, and all flags, must have occurred, or nothing was tested. */
	assert_true(rows >= 100);
	assert_int_equal(raised, 0x1f);
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_every_row),
	{ 0 },
};
