/* SPDX-License-Identifier: MIT */
/* Finds what is known of registers in a block (see facts.h). */
#include "cpu/jit/facts.h"

#include "cpu/isa/format.h"
#include "cpu/jit/emitter.h"
#include "cpu/jit/gen.h"

/* x0 is a sign-extended word. */
static const struct facts nothing = { .words = 1 };

static void set_bit(u32 *mask, unsigned bit, bool value)
{
	*mask = (*mask & ~(1u << bit)) | (u32)value << bit;
}

void gen_transfer_facts(struct facts *facts, const struct insn *insn)
{
	const struct emitter *emitter = &emitters[insn->op];
	const enum insn_class class = isa_ops[insn->op].class;
	const unsigned rd = format_register(isa_format(insn->op)->rd, insn->rd);
	const bool is_f = rd >= FORMAT_F && rd < FORMAT_V;

	/* Some instructions that have no emitter write several registers. */
	if (!emitter->emit) {
		*facts = nothing;
		return;
	}
	if (is_f)
		set_bit(&facts->boxed, rd - FORMAT_F, class_is_fp(class) && emitter->size < 8);
	else if (rd > 0 && rd < FORMAT_F)
		set_bit(&facts->words, rd, emitter_gives_word(facts->words, insn));
	facts->dirty |= is_f || emitter_makes_dirty(emitter);
	if (class == CLASS_CSR || class == CLASS_SYSTEM)
		facts->dirty = false;
}

/* Drops the facts that do not hold on another path to the place. Returns whether there were any. */
static bool meet(struct facts *known, const struct facts *facts)
{
	const struct facts all = *known;

	known->boxed &= facts->boxed;
	known->words &= facts->words;
	known->dirty &= facts->dirty;
	return known->boxed != all.boxed || known->words != all.words || known->dirty != all.dirty;
}

/* Goes through the block once. Returns whether a jump back dropped facts at its target. */
static bool go_through(struct gen *gen)
{
	const struct insn *insn = gen->block->insn;
	bool changed = false;

	for (unsigned n = 0; n < gen->block->count; n++, insn = block_next(insn)) {
		struct facts facts = gen->place[n].known;
		struct insn_place *to = NULL;

		gen_transfer_facts(&facts, insn);
		if (block_insn_is_direct_jump(insn))
			to = gen_place_to(gen, insn);
		/* After the body of a jump to the next instruction, execution continues there. */
		meet(&gen->place[n + 1].known, &facts);
		if (to && meet(&to->known, &facts) && to <= &gen->place[n])
			changed = true;
	}
	return changed;
}

void gen_find_facts(struct gen *gen)
{
	gen->place[0].known = nothing;
	for (unsigned n = 1; n <= gen->block->count; n++)
		gen->place[n].known = (struct facts){ .boxed = ~0u, .words = ~0u, .dirty = true };
	while (go_through(gen))
		;
}
