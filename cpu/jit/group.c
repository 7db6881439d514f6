/* SPDX-License-Identifier: MIT */
/*
 * Finds accesses whose pages are checked at once: those by one base register, like the stack
 * pointer, that are near each other. If the common check fails, each access is checked by itself.
 */
#include "cpu/jit/emitter.h"
#include "cpu/jit/probe.h"
#include "cpu/jit/timed/noted.h"

/* A group that covered more bytes than this would cross a page boundary too often. */
#define GROUP_BYTES 512

/*
 * The groups that may still grow, by base register and by whether they write, and the group whose
 * address is in RCX. As in struct insn_place, each is a group's number plus one, or 0 for none.
 */
struct open {
	u8 of[X_SINK + 1][2];
	u8 rcx_group;
};

/* Adds an access of `size` bytes to a group; returns false if it is too far from the others. */
static bool join_group(struct gen *gen, unsigned number, const struct open *open,
		       const struct insn *insn, unsigned size)
{
	struct group *group = &gen->group[number - 1];
	s32 low = MIN(group->low, insn->imm), high = MAX(group->high, insn->imm + (s32)size);

	if (high - low > GROUP_BYTES)
		return false;
	group->low = low;
	group->high = high;
	while (group->last < insn->index)
		gen->place[++group->last].inside = true;
	gen->place[insn->index].rcx_group = open->rcx_group == number;
	group->kept |= open->rcx_group != number;
	return true;
}

static void add_access(struct gen *gen, struct open *open, const struct insn *insn,
		       const struct emitter *emitter)
{
	u8 *number = &open->of[insn->rs1][emitter_is_store(emitter)];

	if (!*number || !join_group(gen, *number, open, insn, emitter->size)) {
		*number = open->rcx_group = 0;
		if (gen->groups == NATIVE_GROUPS)
			return;
		gen->group[gen->groups++] = (struct group){ .first = insn->index,
							    .last = insn->index,
							    .low = insn->imm,
							    .high = insn->imm + emitter->size };
		*number = (u8)gen->groups;
	}
	gen->place[insn->index].group = open->rcx_group = *number;
}

/* Returns whether a check made before the instruction may be invalid after it. */
static bool ends_groups(struct gen *gen, const struct insn *insn, const struct emitter *emitter)
{
	enum insn_class class = isa_ops[insn->op].class;
	const struct insn_place *to;

	if (!emitter->emit || class == CLASS_CSR || class == CLASS_FENCE || class == CLASS_SYSTEM)
		return true;
	if (class != CLASS_BRANCH)
		return false;
	/*
	 * The jump back of a loop has no second version (gen_loop), so no group may extend over it.
	 */
	to = gen_place_to(gen, insn);
	return to && to - gen->place <= insn->index;
}

void gen_find_groups(struct gen *gen)
{
	const struct insn *insn = gen->block->insn;
	struct open open = { 0 };

	gen->groups = 0;
	if (!gen_is_misaligned_fast(gen) || !(gen->jit->only & JIT_MEM) || noted_is(gen->block))
		return;
	for (unsigned n = 0; n < gen->block->count; n++, insn = block_next(insn)) {
		const struct emitter *emitter = &emitters[insn->op];

		if (gen->place[n].joined || ends_groups(gen, insn, emitter))
			open = (struct open){ 0 };
		if (emitter_is_load(emitter) || emitter_is_store(emitter))
			add_access(gen, &open, insn, emitter);
		else if (!emitter_leaves_rcx(emitter, insn))
			open.rcx_group = 0;
		/*
		 * If rd is an f register, this closes the group of the x register with that number,
		 * which is unnecessary but harmless.
		 */
		open.of[insn->rd][0] = open.of[insn->rd][1] = 0;
	}
}

bool gen_is_grouped(const struct gen *gen, const struct insn *insn)
{
	const unsigned number = gen->place[insn->index].group;

	return number && gen->group[number - 1].first != gen->group[number - 1].last;
}

const struct group *gen_group_of(const struct gen *gen, const struct insn *insn)
{
	if (gen->ungrouped || gen->loops.strip || !gen_is_grouped(gen, insn))
		return NULL;
	return &gen->group[gen->place[insn->index].group - 1];
}

s64 gen_group_slot(const struct gen *gen, const struct group *group)
{
	return ENV_OF(native.group) + 8 * (group - gen->group);
}

/* Writes the second version of the instructions from one to another. */
static void write_part(struct gen *gen, unsigned first, unsigned last)
{
	struct x86 hot = gen->x;

	gen->x = gen->cold;
	gen_translate(gen, first, last);
	gen_load_held(gen, &gen->x, gen->place[last + 1].vectors);
	x86_patch(x86_jump(&gen->x, ZYDIS_MNEMONIC_JMP), gen->place[last + 1].code);
	gen->cold = gen->x;
	gen->x = hot;
}

void gen_write_ungrouped(struct gen *gen)
{
	unsigned first = 0, last;

	gen->ungrouped = true;
	for (; first < gen->block->count; first = last + 1) {
		for (last = first; gen->place[last + 1].inside || gen->place[last + 1].sized;)
			last++;
		if (last > first)
			write_part(gen, first, last);
	}
	gen->ungrouped = false;
}
