/* SPDX-License-Identifier: MIT */
/*
 * Pairs of integer instructions that compilers use for operations which x86 does in one or two
 * instructions. The state between the two cannot be observed: neither of them traps, and no branch
 * leads to the second one.
 */
#include "cpu/jit/emit/emit.h"
#include "cpu/jit/timed/noted.h"
#include "cpu/jit/timed/priced.h"

/* A pair: the second instruction reads the first one's result as rs1, and overwrites it. */
struct pair {
	u16 first, second;
	bool (*emit)(struct gen *gen, const struct insn *first, const struct insn *second);
};

/*
 * Emits slli by 32 and srli by at most 32: a word is zero-extended, and shifted to the left.
 * Returns whether the pair is of this kind, as all functions of pairs do.
 */
static bool extend_word(struct gen *gen, const struct insn *first, const struct insn *second)
{
	unsigned reg = gen_target(gen, first->rd);

	if (first->imm != 32 || second->imm > 32)
		return false;
	X86(&gen->x, MOV, x86_reg(4, reg), gen_x(gen, 4, first->rs1));
	if (second->imm < 32)
		X86(&gen->x, SHL, x86_reg(8, reg), x86_imm(32 - second->imm));
	gen_write_x(gen, first->rd, reg);
	return true;
}

/* Emits slli and srli or srai by 48 or 56: a halfword or a byte is extended. */
static bool extend_part(struct gen *gen, const struct insn *first, const struct insn *second)
{
	unsigned reg = gen_target(gen, first->rd), size = (64 - (unsigned)first->imm) / 8;
	ZydisMnemonic mnemonic = second->op == OP_srai ? ZYDIS_MNEMONIC_MOVSX :
							 ZYDIS_MNEMONIC_MOVZX;

	if (first->imm != second->imm || (first->imm != 48 && first->imm != 56))
		return false;
	x86_write(&gen->x, mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(8, reg), gen_x(gen, size, first->rs1) });
	gen_write_x(gen, first->rd, reg);
	return true;
}

static bool shift_right(struct gen *gen, const struct insn *first, const struct insn *second)
{
	return extend_word(gen, first, second) || extend_part(gen, first, second);
}

/* Emits slli by 1 to 3 and add: the address of an array's element. */
static bool scale_and_add(struct gen *gen, const struct insn *first, const struct insn *second)
{
	unsigned base = second->rs1 == first->rd ? second->rs2 : second->rs1;
	unsigned reg = gen_target(gen, first->rd), index, to;

	if (first->imm < 1 || first->imm > 3 || base == first->rd || base == 0)
		return false;
	index = gen_source(gen, RAX, first->rs1);
	to = gen_source(gen, RCX, base);
	X86(&gen->x, LEA, x86_reg(8, reg), x86_indexed(8, to, index, 1u << first->imm, 0));
	gen_write_x(gen, first->rd, reg);
	return true;
}

/* Emits lui and addi or addiw: a constant. */
static bool constant(struct gen *gen, const struct insn *first, const struct insn *second)
{
	s64 value = (s64)first->imm + second->imm;

	gen_set_x(gen, first->rd, (u64)(second->op == OP_addiw ? (s32)value : value));
	return true;
}

/* Emits auipc and addi: an address. */
static bool address(struct gen *gen, const struct insn *first, const struct insn *second)
{
	s64 offset = (s64)gen_offset(gen, first->at) + first->imm + second->imm;
	unsigned reg = gen_target(gen, first->rd);

	if (offset != (s32)offset)
		return false;
	X86(&gen->x, MOV, x86_reg(8, reg), x86_at(8, ENV, ENV_OF(native.page)));
	X86(&gen->x, ADD, x86_reg(8, reg), x86_imm(offset));
	gen_write_x(gen, first->rd, reg);
	return true;
}

static const struct pair pairs[] = {
	{ OP_slli, OP_srli, shift_right },
	{ OP_slli, OP_srai, extend_part },
	{ OP_slli, OP_add, scale_and_add },
	{ OP_lui, OP_addi, constant },
	{ OP_lui, OP_addiw, constant },
	{ OP_auipc, OP_addi, address },
};

/* Returns whether the second instruction reads the first one's result, and overwrites it. */
static bool replaces(const struct insn *first, const struct insn *second)
{
	if (first->rd == X_SINK || second->rd != first->rd)
		return false;
	return second->rs1 == first->rd || (second->op == OP_add && second->rs2 == first->rd);
}

/* The conditional moves for each jump: on its condition, and on the opposite one. */
static const struct {
	u16 jump, move, move_else;
} moves[] = {
	{ ZYDIS_MNEMONIC_JZ, ZYDIS_MNEMONIC_CMOVZ, ZYDIS_MNEMONIC_CMOVNZ },
	{ ZYDIS_MNEMONIC_JNZ, ZYDIS_MNEMONIC_CMOVNZ, ZYDIS_MNEMONIC_CMOVZ },
	{ ZYDIS_MNEMONIC_JL, ZYDIS_MNEMONIC_CMOVL, ZYDIS_MNEMONIC_CMOVNL },
	{ ZYDIS_MNEMONIC_JNL, ZYDIS_MNEMONIC_CMOVNL, ZYDIS_MNEMONIC_CMOVL },
	{ ZYDIS_MNEMONIC_JB, ZYDIS_MNEMONIC_CMOVB, ZYDIS_MNEMONIC_CMOVNB },
	{ ZYDIS_MNEMONIC_JNB, ZYDIS_MNEMONIC_CMOVNB, ZYDIS_MNEMONIC_CMOVB },
};

/* Returns whether the instruction is mv, li, addi or addiw. */
static bool is_simple(const struct insn *insn)
{
	return insn->op == OP_addi || insn->op == OP_addiw ||
	       (insn->op == OP_add && insn->rs1 == 0);
}

/*
 * Returns the result of a simple instruction, which may be left in RCX, without changing flags.
 * Mv has the register from which it copies.
 */
static struct x86_arg read_simple(struct gen *gen, const struct insn *insn)
{
	struct x86 *x = &gen->x;
	const unsigned from = insn->op == OP_add ? insn->rs2 : insn->rs1;
	const s32 by = insn->op == OP_add ? 0 : insn->imm;

	if (from == 0) {
		gen_constant(gen, RCX, (u64)(s64)by);
		return x86_reg(8, RCX);
	}
	if (!by && insn->op != OP_addiw)
		return gen_x(gen, 8, from);
	X86(x, LEA, x86_reg(8, RCX), x86_at(8, gen_source(gen, RCX, from), by));
	if (insn->op == OP_addiw)
		X86(x, MOVSXD, x86_reg(8, RCX), x86_reg(4, RCX));
	return x86_reg(8, RCX);
}

/*
 * Emits a branch around a simple instruction as a conditional move, which cannot be mispredicted.
 * If the branch is taken, one instruction less is executed, so 1 is added to the budget. Returns
 * whether the two instructions are such a pair.
 */
static bool skip(struct gen *gen, const struct insn *branch, const struct insn *skipped)
{
	unsigned rd = skipped->rd, to = gen_target(gen, rd), n = 0;
	struct x86 *x = &gen->x;
	struct x86_arg result;

	if (!is_simple(skipped) || rd == X_SINK ||
	    branch->imm != (s32)(insn_length(branch->raw) + insn_length(skipped->raw)))
		return false;
	while (moves[n].jump != emitters[branch->op].mnemonic)
		n++;
	gen_compare(gen, branch->rs1, branch->rs2);
	result = read_simple(gen, skipped);
	gen_read_x(gen, to, rd);
	x86_write(x, moves[n].move_else, 2, (struct x86_arg[]){ x86_reg(8, to), result });
	X86(x, LEA, x86_reg(8, RDX), x86_at(8, BUDGET, 1));
	x86_write(x, moves[n].move, 2, (struct x86_arg[]){ x86_reg(8, BUDGET), x86_reg(8, RDX) });
	gen_price_of_skip(gen, skipped->index, (ZydisMnemonic)moves[n].move);
	gen_write_x(gen, rd, to);
	return true;
}

bool emit_pair(struct gen *gen, const struct insn *first)
{
	const struct insn *second = block_next(first);

	if (!(gen->jit->only & JIT_ALU) || first->index + 1u >= gen->block->count ||
	    gen->place[first->index + 1].joined)
		return false;
	/* If runs are noted, a branch must remain one, because a taken branch ends a run. */
	if (isa_ops[first->op].class == CLASS_BRANCH)
		return !noted_is(gen->block) && skip(gen, first, second);
	if (!replaces(first, second))
		return false;
	for (const struct pair *pair = pairs; pair < pairs + ARRAY_SIZE(pairs); pair++)
		if (pair->first == first->op && pair->second == second->op)
			return pair->emit(gen, first, second);
	return false;
}
