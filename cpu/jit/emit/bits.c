/* SPDX-License-Identifier: MIT */
/* Emitters of bit manipulation (Zba, Zbb, Zbs, Zicond). */
#include "cpu/jit/emit/emit.h"

bool jit_unary(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(gen, insn->rd);

	if (insn->rd == X_SINK)
		return true;
	if (how->mnemonic != ZYDIS_MNEMONIC_POPCNT && !gen->jit->host.has_counts)
		return false;
	x86_write(&gen->x, how->mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(how->size, reg), gen_x(gen, how->size, insn->rs1) });
	gen_write_x(gen, insn->rd, reg);
	return true;
}

bool jit_extend(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(gen, insn->rd);

	if (insn->rd == X_SINK)
		return true;
	x86_write(&gen->x, how->mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(8, reg), gen_x(gen, how->size, insn->rs1) });
	gen_write_x(gen, insn->rd, reg);
	return true;
}

bool jit_not_op(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	if (insn->rd == X_SINK)
		return true;
	gen_read_x(gen, RAX, insn->rs2);
	X86(&gen->x, NOT, x86_reg(8, RAX));
	x86_write(&gen->x, how->mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(8, RAX), gen_x(gen, 8, insn->rs1) });
	gen_write_x(gen, insn->rd, RAX);
	return true;
}

/* It preserves RCX, as near_access.h requires. */
bool jit_shift_add(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(gen, insn->rd), base;

	if (insn->rd == X_SINK)
		return true;
	if (how->flag && insn->rs1)
		X86(&gen->x, MOV, x86_reg(4, RAX), gen_x(gen, 4, insn->rs1));
	else
		gen_read_x(gen, RAX, insn->rs1);
	base = gen_source(gen, RDX, insn->rs2);
	X86(&gen->x, LEA, x86_reg(8, reg), x86_indexed(8, base, RAX, how->size, 0));
	gen_write_x(gen, insn->rd, reg);
	return true;
}

bool jit_min_max(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	if (insn->rd == X_SINK)
		return true;
	gen_read_x(gen, RAX, insn->rs1);
	X86(&gen->x, CMP, x86_reg(8, RAX), gen_x(gen, 8, insn->rs2));
	x86_write(&gen->x, how->mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(8, RAX), gen_x(gen, 8, insn->rs2) });
	gen_write_x(gen, insn->rd, RAX);
	return true;
}

bool jit_zero_if(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	if (insn->rd == X_SINK)
		return true;
	gen_constant(gen, RCX, 0);
	gen_read_x(gen, RAX, insn->rs1);
	X86(&gen->x, CMP, gen_x(gen, 8, insn->rs2), x86_imm(0));
	x86_write(&gen->x, how->mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(8, RAX), x86_reg(8, RCX) });
	gen_write_x(gen, insn->rd, RAX);
	return true;
}

bool jit_reverse(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(gen, insn->rd);

	(void)how;
	if (insn->rd == X_SINK)
		return true;
	gen_read_x(gen, reg, insn->rs1);
	X86(&gen->x, BSWAP, x86_reg(8, reg));
	gen_write_x(gen, insn->rd, reg);
	return true;
}

/*
 * Emits orc.b. A byte that is not zero becomes all ones by two comparisons with zero: the first one
 * makes it 0, the second one makes that all ones.
 */
bool jit_or_combine(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(gen, insn->rd);
	struct x86 *x = &gen->x;

	(void)how;
	if (insn->rd == X_SINK)
		return true;
	X86(x, MOVQ, x86_xmm(XMM0), gen_x(gen, 8, insn->rs1));
	X86(x, PXOR, x86_xmm(XMM1), x86_xmm(XMM1));
	X86(x, PCMPEQB, x86_xmm(XMM0), x86_xmm(XMM1));
	X86(x, PCMPEQB, x86_xmm(XMM0), x86_xmm(XMM1));
	X86(x, MOVQ, x86_reg(8, reg), x86_xmm(XMM0));
	gen_write_x(gen, insn->rd, reg);
	return true;
}

/*
 * Returns the operand with the bit's number: the immediate, or rs2, which x86 takes modulo 64 as
 * RISC-V does.
 */
static struct x86_arg bit_number(struct gen *gen, const struct insn *insn,
				 const struct emitter *how)
{
	if (how->flag)
		return x86_imm(insn->imm);
	gen_read_x(gen, RCX, insn->rs2);
	return x86_reg(8, RCX);
}

bool jit_bit(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(gen, insn->rd);
	struct x86_arg bit;

	if (insn->rd == X_SINK)
		return true;
	bit = bit_number(gen, insn, how);
	gen_read_x(gen, reg, insn->rs1);
	x86_write(&gen->x, how->mnemonic, 2, (struct x86_arg[]){ x86_reg(8, reg), bit });
	gen_write_x(gen, insn->rd, reg);
	return true;
}

bool jit_bit_extract(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(gen, insn->rd);
	struct x86_arg bit;

	if (insn->rd == X_SINK)
		return true;
	bit = bit_number(gen, insn, how);
	gen_read_x(gen, RAX, insn->rs1);
	X86(&gen->x, BT, x86_reg(8, RAX), bit);
	X86(&gen->x, SETB, x86_reg(1, RAX));
	X86(&gen->x, MOVZX, x86_reg(4, reg), x86_reg(1, RAX));
	gen_write_x(gen, insn->rd, reg);
	return true;
}
