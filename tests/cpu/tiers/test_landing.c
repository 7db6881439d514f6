/* SPDX-License-Identifier: MIT */
/*
 * Tests indirect jumps to the next instruction, while landing pads are in force and while they are
 * not: the jump's body returns to the code after the jump, which must continue there.
 */
#include "tests/cmocka.h"
#include "tests/cpu/tiers/tier_directed.h"

#include "cpu/isa/csr_bits.h"

#define LPAD 0x00000017u /* without a label */
#define NOP 0x00000013u
#define TRAPS (RAM_BASE + 4 * PAGE_SIZE) /* a loop far from the code */
#define TURNS 3
#define STEPS (TURNS * 5 + 2)

/* The place of the jump in its page, the registers that it reads and writes, and its target. */
struct way {
	u64 pc;
	unsigned rs1, rd;
	bool pad, compressed;
	u8 priv;
};

static void enable(struct hart *hart, u8 priv)
{
	hart->priv = priv;
	hart->mseccfg = MSECCFG_MLPE;
	hart->menvcfg = hart->senvcfg = MENVCFG_LPE;
	hart->mtvec = TRAPS;
}

/* Emits a loop around the jump, with counts before and after it. */
static void make(struct emit *e, struct hart *hart, const struct way *way)
{
	u64 start = e->pc, next = start + (way->compressed ? 6 : 8);

	hart->pc = start;
	emit_addi(e, 8, 8, 1);
	hart->x[way->rs1] = next;
	if (way->compressed)
		emit(e, 0x8002 | way->rs1 << 7 | (way->rd ? 0x1000 : 0)); /* c.jr, c.jalr */
	else
		emit(e, e->match[OP_jalr] | way->rs1 << 15 | way->rd << 7);
	assert_int_equal(e->pc, next);
	emit(e, way->pad ? LPAD : NOP);
	emit_addi(e, 9, 9, 1);
	emit_r(e, e->match[OP_xor], 11, 9, 8);
	emit_jump(e, start);
	e->pc = TRAPS;
	emit_jump(e, e->pc);
}

static void check_way(struct machines *machines, const struct way *way, bool in_force)
{
	for (u64 steps = 1; steps <= STEPS; steps++) {
		struct emit e;
		struct hart *hart = directed_begin(machines, &e, way->pc);

		enable(hart, way->priv);
		if (!in_force)
			hart->mseccfg = hart->menvcfg = hart->senvcfg = 0;
		make(&e, hart, way);
		directed_check(machines, steps);
	}
}

static void test_jumps(struct machines *machines)
{
	static const u64 pcs[] = { RAM_BASE, RAM_BASE + 0x102, RAM_BASE + PAGE_SIZE - 8,
				   RAM_BASE + PAGE_SIZE - 6 };
	static const u8 reads[] = { 1, 5, 7, 10, 16 }, writes[] = { 0, 1, 5, 17 };
	static const u8 modes[] = { PRIV_M, PRIV_S, PRIV_U };

	for (unsigned n = 0; n < 4 * 5 * 4 * 2 * 3 * 2; n++) {
		unsigned rest = n / 80;
		const struct way way = {
			.pc = pcs[n % 4], .rs1 = reads[n / 4 % 5], .rd = writes[n / 20 % 4],
			.pad = rest & 1, .priv = modes[rest / 2 % 3],
		};

		check_way(machines, &way, rest / 6);
	}
}

static void test_compressed_jumps(struct machines *machines)
{
	static const u8 reads[] = { 1, 5, 7, 10 };

	for (unsigned n = 0; n < 4 * 2 * 2 * 2; n++) {
		const struct way way = {
			.pc = RAM_BASE + n % 2 * (PAGE_SIZE - 6), .rs1 = reads[n / 8],
			.rd = n / 4 % 2, .pad = n / 2 % 2, .compressed = true, .priv = PRIV_S,
		};

		check_way(machines, &way, true);
	}
}

const struct CMUnitTest unit_tests[] = {
	DIRECTED(test_jumps),
	DIRECTED(test_compressed_jumps),
	{ 0 },
};
