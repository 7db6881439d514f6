/* SPDX-License-Identifier: MIT */
/*
 * Tests arithmetic with NaNs of many kinds, in straight-line code in which results become operands
 * and are overwritten (cpu/jit/nan.h), among instructions that distinguish NaNs, and accesses and
 * rounding modes of which some trap. The handler stores all f registers. All of this is repeated a
 * few times.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_directed.h"

#include "tests/cpu/random.h"

#define TRAPS (RAM_BASE + PAGE_SIZE)
#define SEEN (RAM_BASE + 2 * PAGE_SIZE) /* what the handler stores */
#define DATA (RAM_BASE + 3 * PAGE_SIZE)
#define DATA_COUNT 16
#define ROUNDS 400
#define INSNS 60
#define FIRST 8 /* f8 to f15 are used */
#define REGS 8
#define SEEN_REG 30
#define STEPS (6 * INSNS)

/*
 * Doubles. Their lower halves are used as singles, and so are those whose upper half is all ones.
 */
static const u64 values[] = {
	0x7ff8000000000000,
	0xfff8000000000000,
	0x7ff0000000000001,
	0xfff8000000001234,
	0x7ff0000000000000,
	0xfff0000000000000,
	0,
	1ull << 63,
	0x3ff0000000000000,
	0xc008000000000000,
	0x7fefffffffffffff,
	1,
	0xffffffff7fc00000,
	0xffffffffffc00001,
	0xffffffff7f800001,
	0xffffffff7f800000,
	0xffffffffff800000,
	0xffffffff3f800000,
	0xffffffff00000000,
	0xffffffffc0400000,
};

static const u16 arithmetic[] = {
	OP_fadd_s, OP_fsub_s, OP_fmul_s, OP_fdiv_s, OP_fadd_d, OP_fsub_d, OP_fmul_d, OP_fdiv_d,
};

static const u16 seeing[] = {
	OP_fsgnj_s,  OP_fsgnjn_s, OP_fsgnjx_s, OP_fsgnj_d,
	OP_fsgnjn_d, OP_fsgnjx_d, OP_fmin_s,   OP_fmax_d,
};

static const u16 comparisons[] = { OP_feq_s, OP_flt_d, OP_fle_s, OP_feq_d };
static const u16 unary[] = { OP_fsqrt_s, OP_fsqrt_d };
static const u16 fused[] = { OP_fmadd_s, OP_fmsub_d, OP_fnmadd_d, OP_fnmsub_s };

static u16 pick(const u16 *rows, size_t count, u64 *seed)
{
	return rows[random_u64(seed) % count];
}

#define PICK(rows) pick(rows, ARRAY_SIZE(rows), seed)

static unsigned random_f(u64 *seed)
{
	return FIRST + (unsigned)(random_u64(seed) % REGS);
}

/*
 * The handler stores the f registers one after the other, and skips the instruction that trapped.
 */
static void make_handler(struct emit *e)
{
	u64 pc = e->pc;

	e->pc = TRAPS;
	for (unsigned n = 0; n < REGS; n++)
		emit_store(e, e->match[OP_fsd], SEEN_REG, FIRST + n, 8 * (s64)n);
	emit_addi(e, SEEN_REG, SEEN_REG, 8 * REGS);
	emit_skip_trapped(e, 31);
	emit(e, e->match[OP_mret]);
	e->pc = pc;
}

static void make_data(const struct emit *e, u64 *seed)
{
	for (unsigned n = 0; n < DATA_COUNT; n++)
		emit_put(e, DATA + 8 * n, values[random_u64(seed) % ARRAY_SIZE(values)]);
}

/* Emits an access; there is no memory at one of two bases. */
static void make_access(struct emit *e, u64 *seed)
{
	unsigned base = random_u64(seed) % 4 ? 28 : 29;
	s64 imm = (s64)(random_u64(seed) % DATA_COUNT) * 8;

	if (random_u64(seed) % 2)
		emit_load(e, e->match[random_u64(seed) % 2 ? OP_flw : OP_fld], random_f(seed), base,
			  imm);
	else
		emit_store(e, e->match[random_u64(seed) % 2 ? OP_fsw : OP_fsd], base,
			   random_f(seed), imm);
}

static void make_one(struct emit *e, u64 *seed)
{
	const unsigned rd = random_f(seed), rs1 = random_f(seed), rs2 = random_f(seed);

	switch (random_u64(seed) % 16) {
	case 0:
		make_access(e, seed);
		break;
	case 1:
		emit_r(e, e->match[PICK(seeing)], rd, rs1, random_u64(seed) % 2 ? rs1 : rs2);
		break;
	case 2:
		emit_r(e, e->match[PICK(comparisons)], 5, rs1, rs2);
		break;
	case 3:
		emit_r(e, e->match[PICK(unary)], rd, rs1, 0);
		break;
	case 4:
		emit_r(e, e->match[PICK(fused)] | (u32)random_f(seed) << 27, rd, rs1, rs2);
		break;
	case 5:
		/* Other rounding modes are left to the body, and two are reserved. */
		emit_r(e, e->match[PICK(arithmetic)] | (u32)(random_u64(seed) % 8) << 12, rd, rs1,
		       rs2);
		break;
	default:
		emit_r(e, e->match[PICK(arithmetic)], rd, rs1, rs2);
	}
}

static void test_straight_lines(struct machines *machines)
{
	u64 seed = 11;

	for (unsigned round = 0; round < ROUNDS; round++) {
		struct emit e;
		struct hart *hart = directed_begin(machines, &e, RAM_BASE);

		hart->mtvec = TRAPS;
		hart->x[SEEN_REG] = SEEN;
		hart->x[28] = DATA;
		hart->x[29] = 0;
		for (unsigned n = 0; n < REGS; n++)
			hart->f[FIRST + n] = values[random_u64(&seed) % ARRAY_SIZE(values)];
		make_handler(&e);
		make_data(&e, &seed);
		for (unsigned n = 0; n < INSNS; n++)
			make_one(&e, &seed);
		emit_jump(&e, RAM_BASE);
		directed_check(machines, STEPS + random_u64(&seed) % STEPS);
	}
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_straight_lines),
	{ 0 },
};
