/* SPDX-License-Identifier: MIT */
/*
 * Finds accesses whose pages are checked at once: those by one base register, like the stack
 * pointer, that are near each other. If the check of all of them fails, each asks for itself.
 */
#include "cpu/jit/emit.h"

/* A group of more bytes than these would be in two pages too often. */
#define GROUP_BYTES 512

/* The groups that may still grow, by base register and whether they write; NULL: none. */
struct open {
	struct group *of[X_SINK + 1][2];
};

bool gen_is_load(const struct emitter *emitter)
{
	return emitter->emit == jit_load || emitter->emit == jit_fp_load;
}

bool gen_is_store(const struct emitter *emitter)
{
	return emitter->emit == jit_store || emitter->emit == jit_fp_store;
}

/* Adds an access to a group; returns false if it is too far from the others. */
static bool join_group(struct group *group, s32 low, s32 high)
{
	s32 lowest = MIN(group->low, low), highest = MAX(group->high, high);

	if (highest - lowest > GROUP_BYTES)
		return false;
	group->low = lowest;
	group->high = highest;
	group->count++;
	return true;
}

static void add_access(struct gen *gen, struct open *open, const struct insn *insn,
		       const struct emitter *emitter)
{
	bool write = gen_is_store(emitter);
	struct group **group = &open->of[insn->rs1][write];
	s32 high = insn->imm + emitter->size;

	if (!*group || !join_group(*group, insn->imm, high)) {
		*group = NULL;
		if (gen->groups == NATIVE_GROUPS)
			return;
		*group = &gen->group[gen->groups++];
		**group = (struct group){ .first = insn->index, .count = 1, .low = insn->imm,
					  .high = high };
	}
	gen->place[insn->index].group = (u8)(*group - gen->group + 1);
}

void gen_find_groups(struct gen *gen)
{
	const struct insn *insn = gen->block->insn;
	struct open open = { 0 };

	gen->groups = 0;
	if (!gen_is_misaligned_fast(gen))
		return;
	for (unsigned n = 0; n < gen->block->count; n++, insn = block_next(insn)) {
		const struct emitter *emitter = &emitters[insn->op];

		if (gen->place[n].joined)
			open = (struct open){ 0 };
		if (gen_is_load(emitter) || gen_is_store(emitter))
			add_access(gen, &open, insn, emitter);
		/* Of an f register this is said in vain, and does no harm. */
		open.of[insn->rd][0] = open.of[insn->rd][1] = NULL;
	}
}

const struct group *gen_group_of(const struct gen *gen, const struct insn *insn)
{
	unsigned number = gen->place[insn->index].group;

	if (!number || gen->group[number - 1].count == 1 || gen->loops.strip)
		return NULL;
	return &gen->group[number - 1];
}

s64 gen_group_slot(const struct gen *gen, const struct group *group)
{
	return ENV_OF(native.group) + 8 * (group - gen->group);
}
