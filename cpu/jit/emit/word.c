/* SPDX-License-Identifier: MIT */
/* Which x registers are known to hold words that are extended with their sign. */
#include "cpu/isa/format.h"
#include "cpu/jit/emit/emit.h"

/* Returns whether an operation on 64 bits, also of words, gives a word. */
static bool keeps_word(const struct gen *gen, const struct insn *insn)
{
	bool first = gen_is_word(gen, insn->rs1), second = gen_is_word(gen, insn->rs2);

	switch (insn->op) {
	case OP_addi:
		return insn->rs1 == 0 || (insn->imm == 0 && first);
	case OP_andi:
		return insn->imm >= 0 || first;
	case OP_ori:
	case OP_xori:
	case OP_srai:
		return first;
	case OP_add:
		return (insn->rs1 == 0 && second) || (insn->rs2 == 0 && first);
	case OP_and:
	case OP_or:
	case OP_xor:
		return first && second;
	default:
		return false;
	}
}

static bool is_alu(const struct emitter *emitter)
{
	return emitter->emit == jit_op || emitter->emit == jit_op_imm ||
	       emitter->emit == jit_shift || emitter->emit == jit_mul ||
	       emitter->emit == jit_divide;
}

static bool gives_word(const struct gen *gen, const struct insn *insn)
{
	const struct emitter *emitter = &emitters[insn->op];

	if (is_alu(emitter))
		return emitter->size == 4 || keeps_word(gen, insn);
	if (emitter->emit == jit_load)
		return emitter->size < 4 || insn->op == OP_lw;
	return emitter->emit == jit_lui || emitter->emit == jit_compare ||
	       emitter->emit == jit_compare_imm || emitter->emit == jit_extend;
}

void gen_note_word(struct gen *gen, const struct insn *insn)
{
	const struct emitter *emitter = &emitters[insn->op];
	unsigned rd = format_register(isa_format(insn->op)->rd, insn->rd);
	bool word;

	/* Some that have no emitter write several registers. */
	if (!emitter->emit)
		gen->words = 0;
	if (rd == 0 || rd >= 32)
		return;
	word = gives_word(gen, insn);
	gen->words &= ~(1u << rd);
	if (word)
		gen->words |= 1u << rd;
}
