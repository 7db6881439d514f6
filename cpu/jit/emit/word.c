/* SPDX-License-Identifier: MIT */
/* Finds which x registers are known to hold sign-extended words. */
#include "cpu/jit/emit/emit.h"

/*
 * Returns whether the result of an operation on 64 bits is a sign-extended word, given which of its
 * operands are.
 */
static bool keeps_word(u32 words, const struct insn *insn)
{
	bool first = words >> insn->rs1 & 1, second = words >> insn->rs2 % 32 & 1;

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

bool emitter_gives_word(u32 words, const struct insn *insn)
{
	const struct emitter *emitter = &emitters[insn->op];

	if (is_alu(emitter))
		return emitter->size == 4 || keeps_word(words, insn);
	if (emitter->emit == jit_load)
		return emitter->size < 4 || insn->op == OP_lw;
	return emitter->emit == jit_lui || emitter->emit == jit_compare ||
	       emitter->emit == jit_compare_imm || emitter->emit == jit_extend;
}
