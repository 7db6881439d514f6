/* SPDX-License-Identifier: MIT */
/* Finds accesses near a register in a block, and writes the index of their entry (see near.h). */
#include "cpu/jit/near.h"

#include "cpu/jit/emitter.h"
#include "cpu/jit/probe.h"
#include "cpu/jit/timed/noted.h"

/* Accesses that are farther from the register would often be in another page. */
#define NEAR_BYTES 256

enum { NONE = -1 };

struct finder {
	struct gen *gen;
	const struct insn *insn[BLOCK_INSNS_MAX]; /* by index */
};

/* Returns the index of the instruction that gives an x register its value before `n`, or NONE. */
static int find_definition(const struct finder *finder, int n, unsigned reg)
{
	while (n > 0 && !finder->gen->place[n].joined) {
		const struct insn *insn = finder->insn[--n];

		/* Some instructions that have no emitter write several registers. */
		if (!emitters[insn->op].emit)
			return NONE;
		/* If rd is the f register with this number, no caller knows the operation. */
		if (insn->rd == reg)
			return n;
	}
	return NONE;
}

/*
 * Returns the largest number that an x register can contain before instruction `n`, as far as it is
 * known to be small; otherwise a number above NEAR_BYTES.
 */
static unsigned most_of(const struct finder *finder, int n, unsigned reg)
{
	const int at = find_definition(finder, n, reg);
	const struct insn *insn = finder->insn[MAX(at, 0)];
	unsigned most;

	if (reg == 0)
		return 0;
	if (at == NONE)
		return UINT16_MAX;
	switch (insn->op) {
	case OP_slt:
	case OP_sltu:
	case OP_slti:
	case OP_sltiu:
		return 1;
	case OP_lbu:
		return UINT8_MAX;
	case OP_andi:
		return insn->imm < 0 ? UINT16_MAX : (unsigned)insn->imm;
	case OP_addi:
		most = most_of(finder, at, insn->rs1) + (unsigned)insn->imm;
		return insn->imm < 0 ? UINT16_MAX : MIN(most, UINT16_MAX);
	case OP_slli:
		most = most_of(finder, at, insn->rs1) << MIN(insn->imm, 8);
		return insn->imm > 8 ? UINT16_MAX : MIN(most, UINT16_MAX);
	default:
		return UINT16_MAX;
	}
}

/* Returns whether the value of an x register stays the same from instruction `from` up to `to`. */
static bool is_kept(const struct finder *finder, unsigned reg, int from, int to)
{
	return find_definition(finder, to, reg) < from;
}

/*
 * Returns whether instruction `n` is reached only from the one before it, which can then leave the
 * index in RCX. A strip may be left to any access of its loop, and the version without groups leads
 * to the instruction after it.
 */
static bool follows(const struct finder *finder, int n)
{
	const struct insn_place *before = &finder->gen->place[n - 1];
	const struct loops *loops = &finder->gen->loops;

	for (unsigned i = 0; i < loops->count; i++)
		if (n >= loops->loop[i].first && n <= loops->loop[i].last)
			return false;
	return !before->inside && !before->sized;
}

/*
 * Notes what register the access is near, if its address is the sum, of instruction `at`, of that
 * register and a small number in another one. The register must not exceed the address of any byte:
 * otherwise it could be in the page of the last byte, and the first one in the page before it.
 */
static void add_near(const struct finder *finder, int n, int at, unsigned reg, unsigned number)
{
	struct insn_place *place = &finder->gen->place[n];
	const struct group *group = gen_group_of(finder->gen, finder->insn[n]);
	const s32 low = group ? group->low : finder->insn[n]->imm;
	const bool ahead = finder->insn[at]->rd == reg;

	if (reg == 0 || low < 0 || most_of(finder, at, number) + (unsigned)low > NEAR_BYTES)
		return;
	if (ahead ? n != at + 1 || !follows(finder, n) : !is_kept(finder, reg, at, n))
		return;
	place->near = (u8)reg;
	place->ahead = ahead;
}

/* Looks at an instruction whose rs1 was last written by the sum of instruction `at`. */
static void look_at(const struct finder *finder, int n, int at)
{
	const struct insn *insn = finder->insn[n], *sum = finder->insn[at];
	const struct emitter *emitter = &emitters[insn->op];

	if (!(finder->gen->block->unsited >> n & 1) || find_definition(finder, n, insn->rs1) != at)
		return;
	if (!emitter_is_load(emitter) && !emitter_is_store(emitter))
		return;
	add_near(finder, n, at, sum->rs1, sum->rs2);
	if (!finder->gen->place[n].near)
		add_near(finder, n, at, sum->rs2, sum->rs1);
}

/*
 * A site, which knows the entry before the address is known, is better, so accesses have sites
 * until these miss too often; those of the kernel have none.
 */
void gen_find_near(struct gen *gen)
{
	const struct insn *insn = gen->block->insn;
	/* By x register, the number plus one of the sum that last wrote it, or 0. */
	u8 sum[X_SINK + 1] = { 0 };
	struct finder finder;

	if (!gen->block->unsited || noted_is(gen->block) || !gen_is_misaligned_fast(gen) ||
	    !(gen->jit->only & JIT_MEM))
		return;
	finder.gen = gen;
	for (unsigned n = 0; n < gen->block->count; n++, insn = block_next(insn)) {
		finder.insn[n] = insn;
		if (sum[insn->rs1])
			look_at(&finder, (int)n, sum[insn->rs1] - 1);
		sum[insn->rd] = insn->op == OP_add ? (u8)(n + 1) : 0;
	}
}

bool gen_is_near(const struct gen *gen, const struct insn *insn)
{
	const struct insn_place *place = &gen->place[insn->index];

	/* Strips assign registers differently, and other versions have no index ahead. */
	return place->near && !gen->ungrouped && !gen->loops.strip &&
	       place->ahead == place->indexed;
}

void gen_index_ahead(struct gen *gen, const struct insn *insn)
{
	if (gen->ungrouped || gen->loops.strip)
		return;
	gen_write_index(&gen->x, gen->jit, gen_source(gen, RCX, insn->rd));
	gen->place[insn->index + 1].indexed = true;
}

void gen_write_near_index(struct gen *gen, const struct insn *insn)
{
	const struct insn_place *place = &gen->place[insn->index];

	if (!place->ahead)
		gen_write_index(&gen->x, gen->jit, gen_source(gen, RCX, place->near));
}
