/* SPDX-License-Identifier: MIT */
/*
 * Finds accesses near a register in a block, and writes the index of their entry (see
 * near_access.h).
 */
#include "cpu/jit/near_access.h"

#include "cpu/jit/emitter.h"
#include "cpu/jit/probe.h"
#include "cpu/jit/timed/noted.h"

/*
 * Accesses that are farther from the register would often be in another page. What is known of a
 * number is at most UINT16_MAX, which means that nothing is known.
 */
#define NEAR_BYTES 256

enum { NONE = -1 };

/* The sum of a register and a number that is shifted to the left. */
struct sum {
	unsigned reg, number, shift;
};

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
		/* It may also be the f or v register with this number; then no sum is found. */
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
	const int at = reg ? find_definition(finder, n, reg) : NONE;
	const struct insn *insn;
	unsigned most;

	if (at == NONE)
		return reg ? UINT16_MAX : 0;
	insn = finder->insn[at];
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
 * Returns whether the access is in a loop that can have a strip. When a strip is left, execution
 * continues at any access of the loop, without the index in RCX.
 */
static bool is_in_loop(const struct gen *gen, int n)
{
	const struct loops *loops = &gen->loops;

	for (unsigned i = 0; i < loops->count; i++)
		if (n >= loops->loop[i].first && n <= loops->loop[i].last)
			return true;
	return false;
}

/*
 * Notes what register the access is near, if its address is the sum, of instruction `at`, of that
 * register and a small number. The register must not exceed the address of any byte: otherwise it
 * could be in the page of the last byte, and the first one in the page before it.
 */
static void add_near(const struct finder *finder, int n, int at, struct sum sum)
{
	struct insn_place *place = &finder->gen->place[n];
	const struct group *group = gen_group_of(finder->gen, finder->insn[n]);
	const s32 low = group ? group->low : finder->insn[n]->imm;
	const bool ahead = finder->insn[at]->rd == sum.reg;

	/* After a move, rd is known as early as the register. */
	if (sum.reg == 0 || sum.number == 0 || low < 0)
		return;
	if ((most_of(finder, at, sum.number) << sum.shift) + (unsigned)low > NEAR_BYTES)
		return;
	if (ahead ? n != at + 1 || is_in_loop(finder->gen, n) : !is_kept(finder, sum.reg, at, n))
		return;
	place->near = (u8)sum.reg;
	place->ahead = ahead;
}

/* Looks at an access that has no site. */
static void look_at(const struct finder *finder, int n)
{
	const int at = find_definition(finder, n, finder->insn[n]->rs1);
	const struct insn *insn;

	if (at == NONE)
		return;
	insn = finder->insn[at];
	switch (insn->op) {
	case OP_add:
		add_near(finder, n, at, (struct sum){ insn->rs1, insn->rs2, 0 });
		if (finder->gen->place[n].near)
			return;
		add_near(finder, n, at, (struct sum){ insn->rs2, insn->rs1, 0 });
		return;
	case OP_sh1add:
	case OP_sh2add:
	case OP_sh3add:
		add_near(finder, n, at,
			 (struct sum){ insn->rs2, insn->rs1,
				       (unsigned)__builtin_ctz(emitters[insn->op].size) });
		return;
	default:
		return;
	}
}

/*
 * A site, which knows the entry before the address is known, is better, so accesses have sites
 * until these miss too often; those of the kernel have none.
 */
void gen_find_near(struct gen *gen)
{
	const struct insn *insn = gen->block->insn;
	struct finder finder;

	if (!gen->block->unsited || noted_is(gen->block) || !gen_is_misaligned_fast(gen) ||
	    !(gen->jit->only & JIT_MEM))
		return;
	finder.gen = gen;
	for (unsigned n = 0; n < gen->block->count; n++, insn = block_next(insn)) {
		const struct emitter *emitter = &emitters[insn->op];

		finder.insn[n] = insn;
		if ((emitter_is_load(emitter) || emitter_is_store(emitter)) &&
		    gen->block->unsited >> n & 1)
			look_at(&finder, (int)n);
	}
}

bool gen_is_near(const struct gen *gen, const struct insn *insn)
{
	const struct insn_place *place = &gen->place[insn->index];

	/* Strips are left after a miss, and only one version has the index ahead. */
	return place->near && !gen->ungrouped && !gen->loops.strip &&
	       place->ahead == place->indexed;
}

void gen_index_ahead(struct gen *gen, const struct insn *insn)
{
	if (gen->ungrouped)
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
