/* SPDX-License-Identifier: MIT */
/*
 * Tests the facts about registers that native code knows on all paths to an instruction
 * (cpu/jit/facts.h): words that are sign-extended, singles in NaN boxes, a floating-point unit that
 * is dirty. Small programs consist of instructions that make such facts true or false, and use
 * them, between branches forwards and backwards. The paranoid flavour has blocks of one
 * instruction, and so none of this.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_directed.h"

#include "cpu/isa/csr_bits.h"
#include "tests/cpu/random.h"

#define FS_INITIAL (MSTATUS_FS & -MSTATUS_FS)
#define DATA (RAM_BASE + 2 * PAGE_SIZE)
#define PROGRAMS 400
#define ITEMS 24
#define ROUNDS 8 /* of the inner loop */
#define TURNS 60 /* of the whole, so that it is translated */

enum { INNER = 5, TURN = 6, INITIAL = 7, BASE = 8, FIRST = 10, REGISTERS = 6 };

static unsigned some_register(u64 *seed)
{
	return FIRST + (unsigned)(random_u64(seed) % REGISTERS);
}

static u32 some_match(const struct emit *e, const u16 *ops, unsigned count, u64 *seed)
{
	return e->match[ops[random_u64(seed) % count]];
}

/*
 * Emits an operation with three operands; those of floating point are the f registers of these
 * numbers.
 */
static void make_operation(struct emit *e, u64 *seed)
{
	static const u16 ops[] = { OP_add,    OP_addw,    OP_and,      OP_or,     OP_xor,
				   OP_sub,    OP_mulw,    OP_slt,      OP_fadd_s, OP_fmul_s,
				   OP_fadd_d, OP_fsgnj_s, OP_fsgnjx_d, OP_feq_s };
	const unsigned rd = some_register(seed), rs1 = some_register(seed);

	emit_r(e, some_match(e, ops, ARRAY_SIZE(ops), seed), rd, rs1, some_register(seed));
}

/* Emits an operation with an immediate, which for addiw is often 0 (sext.w). */
static void make_immediate(struct emit *e, u64 *seed)
{
	static const u16 ops[] = { OP_addi, OP_addiw, OP_andi, OP_ori, OP_xori };
	const s64 imm = random_u64(seed) % 2 ? 0 : (s64)(random_u64(seed) % 4096) - 2048;
	const unsigned rd = some_register(seed);

	emit_load(e, some_match(e, ops, ARRAY_SIZE(ops), seed), rd, some_register(seed), imm);
}

static void make_access(struct emit *e, u64 *seed)
{
	static const u16 loads[] = { OP_ld, OP_lw, OP_lwu, OP_fld, OP_flw };
	static const u16 stores[] = { OP_sd, OP_fsd, OP_fsw };
	const unsigned reg = some_register(seed);
	const s64 imm = (s64)(random_u64(seed) % 8) * 8;

	if (random_u64(seed) % 3)
		emit_load(e, some_match(e, loads, ARRAY_SIZE(loads), seed), reg, BASE, imm);
	else
		emit_store(e, some_match(e, stores, ARRAY_SIZE(stores), seed), BASE, reg, imm);
}

/* Emits code after which the floating-point unit is clean. */
static void make_clean(struct emit *e)
{
	emit_csr(e, e->match[OP_csrrw], 0, INITIAL, CSR_MSTATUS);
}

static void make_item(struct emit *e, u64 *seed)
{
	const unsigned kind = (unsigned)(random_u64(seed) % 16);

	if (kind < 7)
		make_operation(e, seed);
	else if (kind < 12)
		make_immediate(e, seed);
	else if (kind < 15)
		make_access(e, seed);
	else
		make_clean(e);
}

/*
 * Emits items, some of which are skipped by branches; a branch may lead into the part that another
 * one skips.
 */
static void make_items(struct emit *e, u64 *seed)
{
	u16 *branch[ITEMS + 1] = { NULL };

	for (unsigned n = 0; n <= ITEMS; n++) {
		if (branch[n])
			emit_patch_branch(e, branch[n]);
		if (n == ITEMS)
			break;
		if (random_u64(seed) % 6 == 0) {
			const unsigned more = 1 + (unsigned)(random_u64(seed) % 5);
			const unsigned to = MIN(n + more, ITEMS), rs1 = some_register(seed);

			if (!branch[to])
				branch[to] =
					emit_branch(e, e->match[OP_blt], rs1, some_register(seed));
		}
		make_item(e, seed);
	}
}

static void make_program(struct emit *e, u64 *seed)
{
	u64 turn, inner;

	emit_addi(e, TURN, 0, TURNS);
	turn = e->pc;
	for (unsigned n = random_u64(seed) % 6; n > 0; n--)
		make_item(e, seed);
	emit_addi(e, INNER, 0, ROUNDS);
	inner = e->pc;
	make_items(e, seed);
	emit_addi(e, INNER, INNER, -1);
	emit_branch_to(e, e->match[OP_bne], INNER, inner);
	emit_addi(e, TURN, TURN, -1);
	emit_branch_to(e, e->match[OP_bne], TURN, turn);
	emit_jump(e, e->pc);
}

static void test_facts(struct machines *machines)
{
	u64 seed = 11;

	for (unsigned program = 0; program < PROGRAMS; program++) {
		struct emit e;
		struct hart *hart = directed_begin(machines, &e, RAM_BASE);

		hart->mstatus = FS_INITIAL;
		hart->x[INITIAL] = FS_INITIAL;
		hart->x[BASE] = DATA;
		for (unsigned reg = FIRST; reg < FIRST + REGISTERS; reg++) {
			hart->x[reg] = random_u64(&seed);
			hart->f[reg] = random_u64(&seed);
		}
		for (u64 at = 0; at < 64; at += 8)
			emit_put(&e, DATA + at, random_u64(&seed));
		make_program(&e, &seed);
		directed_check(machines, TURNS * ROUNDS * ITEMS + random_u64(&seed) % ITEMS);
	}
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_facts),
	{ 0 },
};
