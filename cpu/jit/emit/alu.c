/* SPDX-License-Identifier: MIT */
/* Emitters of integer operations. */
#include "cpu/jit/emit/emit.h"

/*
 * Returns the register in which to compute rd from rs1: not rd's own one if that is also rs2, which
 * would be overwritten before it is read.
 */
static unsigned target(const struct gen *gen, unsigned rd, unsigned rs2)
{
	return rd == rs2 ? RAX : gen_target(gen, rd);
}

static void read_word(struct gen *gen, unsigned reg, unsigned rs, unsigned size)
{
	if (rs == 0 || size == 8)
		gen_read_x(gen, reg, rs);
	else if (gen->pin[rs] != reg)
		X86(&gen->x, MOV, x86_reg(size, reg), gen_x(gen, size, rs));
}

/*
 * Writes to rd what was computed in `reg`: its low `size` bytes are valid, and a word is
 * sign-extended.
 */
static void write_word(struct gen *gen, unsigned rd, unsigned reg, unsigned size)
{
	unsigned to = gen_target(gen, rd);

	if (size == 4)
		X86(&gen->x, MOVSXD, x86_reg(8, to), x86_reg(4, reg));
	gen_write_x(gen, rd, size == 4 ? to : reg);
}

/*
 * Emits a sum as one LEA if both operands are in host registers and neither of them is rd. Returns
 * whether it was possible.
 */
static bool emit_sum(struct gen *gen, const struct insn *insn, unsigned size)
{
	unsigned reg = gen_target(gen, insn->rd);

	if (!gen_is_pinned(gen, insn->rs1) || !gen_is_pinned(gen, insn->rs2) ||
	    insn->rd == insn->rs1 || insn->rd == insn->rs2)
		return false;
	X86(&gen->x, LEA, x86_reg(size, reg),
	    x86_indexed(8, gen->pin[insn->rs1], gen->pin[insn->rs2], 1, 0));
	write_word(gen, insn->rd, reg, size);
	return true;
}

/* A sum preserves RCX, as near_access.h requires. */
bool jit_op(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned rs1 = insn->rs1, rs2 = insn->rs2, reg;

	if (insn->rd == X_SINK)
		return true;
	if (how->flag && (insn->rd == rs2 || rs1 == 0)) {
		rs1 = insn->rs2;
		rs2 = insn->rs1;
	}
	if (how->mnemonic == ZYDIS_MNEMONIC_ADD && emit_sum(gen, insn, how->size))
		return true;
	/* A value that is in memory is changed in place. */
	if (how->size == 8 && insn->rd == rs1 && !gen_is_pinned(gen, rs1) &&
	    gen_is_pinned(gen, rs2)) {
		x86_write(&gen->x, how->mnemonic, 2,
			  (struct x86_arg[]){ gen_x(gen, 8, rs1), gen_x(gen, 8, rs2) });
		return true;
	}
	if (how->mnemonic == ZYDIS_MNEMONIC_ADD && how->size == 8 && rs2 == 0) {
		gen_write_x(gen, insn->rd, gen_source(gen, gen_target(gen, insn->rd), rs1));
		return true;
	}
	reg = target(gen, insn->rd, rs2);
	read_word(gen, reg, rs1, how->size);
	if (rs2 || !how->flag || how->mnemonic == ZYDIS_MNEMONIC_AND)
		x86_write(&gen->x, how->mnemonic, 2,
			  (struct x86_arg[]){ x86_reg(how->size, reg),
					      gen_x(gen, how->size, rs2) });
	write_word(gen, insn->rd, reg, how->size);
	return true;
}

/*
 * Emits rd = rs1 (mv, sext.w), rd = imm (li) and rd = rs1 + imm of a pinned rs1 in a shorter way.
 * Returns whether the instruction was one of these.
 */
static bool emit_move(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(gen, insn->rd);

	if (how->mnemonic != ZYDIS_MNEMONIC_ADD)
		return false;
	if (insn->rs1 == 0) {
		gen_set_x(gen, insn->rd, (u64)(s64)insn->imm);
		return true;
	} else if (insn->imm == 0 && how->size == 4 && !gen_is_word(gen, insn->rs1)) {
		X86(&gen->x, MOVSXD, x86_reg(8, reg), gen_x(gen, 4, insn->rs1));
	} else if (insn->imm == 0) {
		reg = gen_source(gen, reg, insn->rs1);
	} else if (gen_is_pinned(gen, insn->rs1) && insn->rd != insn->rs1) {
		X86(&gen->x, LEA, x86_reg(how->size, reg),
		    x86_at(8, gen->pin[insn->rs1], insn->imm));
		write_word(gen, insn->rd, reg, how->size);
		return true;
	} else {
		return false;
	}
	gen_write_x(gen, insn->rd, reg);
	return true;
}

bool jit_op_imm(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(gen, insn->rd);

	if (insn->rd == X_SINK || emit_move(gen, insn, how))
		return true;
	if (how->size == 8 && insn->rd == insn->rs1) {
		x86_write(&gen->x, how->mnemonic, 2,
			  (struct x86_arg[]){ gen_x(gen, 8, insn->rd), x86_imm(insn->imm) });
		return true;
	}
	read_word(gen, reg, insn->rs1, how->size);
	x86_write(&gen->x, how->mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(how->size, reg), x86_imm(insn->imm) });
	/*
	 * The sign bit after a logical shift to the right is 0, and so are the bits above the word.
	 */
	write_word(gen, insn->rd, reg, insn->op == OP_srliw && insn->imm ? 8 : how->size);
	return true;
}

/* Returns the shift of BMI2, whose count may be in any register; INVALID if there is none. */
static ZydisMnemonic shift_of_bmi2(unsigned mnemonic)
{
	switch (mnemonic) {
	case ZYDIS_MNEMONIC_SHL:
		return ZYDIS_MNEMONIC_SHLX;
	case ZYDIS_MNEMONIC_SHR:
		return ZYDIS_MNEMONIC_SHRX;
	case ZYDIS_MNEMONIC_SAR:
		return ZYDIS_MNEMONIC_SARX;
	default:
		return ZYDIS_MNEMONIC_INVALID;
	}
}

/* Emits the shift of BMI2, if the host has it. Returns whether it does. */
static bool emit_shift_of_bmi2(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	ZydisMnemonic mnemonic = shift_of_bmi2(how->mnemonic);
	unsigned reg = gen_target(gen, insn->rd), count;

	if (!gen->jit->host.has_bmi2 || mnemonic == ZYDIS_MNEMONIC_INVALID)
		return false;
	count = gen_source(gen, RCX, insn->rs2);
	x86_write(&gen->x, mnemonic, 3,
		  (struct x86_arg[]){ x86_reg(how->size, reg), gen_x(gen, how->size, insn->rs1),
				      x86_reg(how->size, count) });
	write_word(gen, insn->rd, reg, how->size);
	return true;
}

/* Emits a shift by rs2. On x86 the count is in CL, and is taken modulo the size as on RISC-V. */
bool jit_shift(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = target(gen, insn->rd, insn->rs2);

	if (insn->rd == X_SINK || emit_shift_of_bmi2(gen, insn, how))
		return true;
	gen_read_x(gen, RCX, insn->rs2);
	read_word(gen, reg, insn->rs1, how->size);
	x86_write(&gen->x, how->mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(how->size, reg), x86_reg(1, RCX) });
	write_word(gen, insn->rd, reg, how->size);
	return true;
}

void gen_compare(struct gen *gen, unsigned rs1, unsigned rs2)
{
	struct x86_arg first = gen_x(gen, 8, rs1);

	if (rs2 == 0 && gen_is_pinned(gen, rs1)) {
		X86(&gen->x, TEST, first, first);
		return;
	}
	if (rs2 == 0) {
		X86(&gen->x, CMP, first, x86_imm(0));
		return;
	}
	if (!gen_is_pinned(gen, rs1) && !gen_is_pinned(gen, rs2)) {
		/* At most one operand may be in memory. */
		gen_read_x(gen, RAX, rs1);
		first = x86_reg(8, RAX);
	}
	X86(&gen->x, CMP, first, gen_x(gen, 8, rs2));
}

/*
 * Clears the register that will be the result of a comparison with these operands, before the
 * comparison, because XOR changes the flags. So SETcc, which writes only the lowest byte, gives the
 * whole result, and nothing waits for a MOVZX or for the register's old value. Returns the
 * register.
 */
static unsigned clear_condition(struct gen *gen, unsigned rd, unsigned rs1, unsigned rs2)
{
	unsigned reg = gen_is_pinned(gen, rd) && rd != rs1 && rd != rs2 ? gen->pin[rd] : RDX;

	X86(&gen->x, XOR, x86_reg(4, reg), x86_reg(4, reg));
	return reg;
}

static void write_condition(struct gen *gen, unsigned rd, unsigned mnemonic, unsigned reg)
{
	x86_write(&gen->x, (ZydisMnemonic)mnemonic, 1, (struct x86_arg[]){ x86_reg(1, reg) });
	gen_write_x(gen, rd, reg);
}

bool jit_compare(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg;

	if (insn->rd == X_SINK)
		return true;
	reg = clear_condition(gen, insn->rd, insn->rs1, insn->rs2);
	gen_compare(gen, insn->rs1, insn->rs2);
	write_condition(gen, insn->rd, how->mnemonic, reg);
	return true;
}

bool jit_compare_imm(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg;

	if (insn->rd == X_SINK)
		return true;
	reg = clear_condition(gen, insn->rd, insn->rs1, 0);
	X86(&gen->x, CMP, gen_x(gen, 8, insn->rs1), x86_imm(insn->imm));
	write_condition(gen, insn->rd, how->mnemonic, reg);
	return true;
}

/* Returns the jump that is taken if and only if the other one is not. */
static ZydisMnemonic opposite(unsigned jump)
{
	switch (jump) {
	case ZYDIS_MNEMONIC_JZ:
		return ZYDIS_MNEMONIC_JNZ;
	case ZYDIS_MNEMONIC_JNZ:
		return ZYDIS_MNEMONIC_JZ;
	case ZYDIS_MNEMONIC_JL:
		return ZYDIS_MNEMONIC_JNL;
	case ZYDIS_MNEMONIC_JNL:
		return ZYDIS_MNEMONIC_JL;
	case ZYDIS_MNEMONIC_JB:
		return ZYDIS_MNEMONIC_JNB;
	default:
		return ZYDIS_MNEMONIC_JB;
	}
}

/*
 * Emits a branch. The jump back of a loop is written in line, so that it is the only taken jump of
 * an iteration. The jump back of a loop that is unrolled in a strip becomes a check: execution
 * continues with the next instruction of the strip if the branch goes the expected way, and
 * otherwise in the branch's own checked code.
 */
bool jit_branch(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	s64 offset = (s64)gen_offset(gen, insn->at) + insn->imm;
	const struct insn_place *to = gen_place_of(gen, offset);
	const bool back = to && to - gen->place <= insn->index;

	gen_compare(gen, insn->rs1, insn->rs2);
	if (back && gen_is_unrolled(gen, insn)) {
		gen_slow_path(gen, gen->loops.back ? opposite(how->mnemonic) :
						     (ZydisMnemonic)how->mnemonic);
		return true;
	}
	if (back) {
		u8 *over = x86_jump(&gen->x, opposite(how->mnemonic));

		gen_loop(gen, to, insn->index + 1u, over);
		return true;
	}
	gen->side_exit[gen->side_exits++] = (struct side_exit){
		.jump = x86_jump(&gen->x, (ZydisMnemonic)how->mnemonic),
		.offset = (s32)offset,
		.next = insn->index + 1u,
		.loop = gen->loops.strip,
		.repeats = (u8)gen->loops.repeats,
		.ungrouped = gen->ungrouped,
	};
	return true;
}

bool jit_lui(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	(void)how;
	if (insn->rd == X_SINK)
		return true;
	gen_set_x(gen, insn->rd, (u64)(s64)insn->imm);
	return true;
}

bool jit_auipc(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(gen, insn->rd);
	s64 offset = (s64)gen_offset(gen, insn->at) + insn->imm;

	(void)how;
	if (insn->rd == X_SINK)
		return true;
	if (offset != (s32)offset)
		return false;
	X86(&gen->x, MOV, x86_reg(8, reg), x86_at(8, ENV, ENV_OF(native.page)));
	X86(&gen->x, ADD, x86_reg(8, reg), x86_imm(offset));
	gen_write_x(gen, insn->rd, reg);
	return true;
}

bool jit_nothing(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	(void)gen;
	(void)insn;
	(void)how;
	return true;
}

bool jit_mul(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = target(gen, insn->rd, insn->rs2);

	if (insn->rd == X_SINK)
		return true;
	read_word(gen, reg, insn->rs1, how->size);
	X86(&gen->x, IMUL, x86_reg(how->size, reg), gen_x(gen, how->size, insn->rs2));
	write_word(gen, insn->rd, reg, how->size);
	return true;
}

bool jit_mul_high(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	if (insn->rd == X_SINK)
		return true;
	gen_read_x(gen, RAX, insn->rs1);
	x86_write(&gen->x, (ZydisMnemonic)how->mnemonic, 1,
		  (struct x86_arg[]){ gen_x(gen, 8, insn->rs2) });
	gen_write_x(gen, insn->rd, RDX);
	return true;
}

/* Emits a division. Divisors for which x86 may trap are left to the body: 0, and -1 if signed. */
bool jit_divide(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	bool is_signed = how->mnemonic == ZYDIS_MNEMONIC_IDIV;
	unsigned size = how->size, divisor;
	struct x86 *x = &gen->x;

	if (insn->rd == X_SINK)
		return true;
	divisor = gen_source(gen, RCX, insn->rs2);
	if (is_signed) {
		X86(x, LEA, x86_reg(size, RDX), x86_at(8, divisor, 1));
		X86(x, CMP, x86_reg(size, RDX), x86_imm(1));
		gen_slow_path(gen, ZYDIS_MNEMONIC_JBE);
	} else {
		X86(x, TEST, x86_reg(size, divisor), x86_reg(size, divisor));
		gen_slow_path(gen, ZYDIS_MNEMONIC_JZ);
	}
	read_word(gen, RAX, insn->rs1, size);
	if (!is_signed)
		gen_constant(gen, RDX, 0);
	else if (size == 8)
		X86(x, CQO);
	else
		X86(x, CDQ);
	x86_write(x, (ZydisMnemonic)how->mnemonic, 1, (struct x86_arg[]){ x86_reg(size, divisor) });
	write_word(gen, insn->rd, how->flag ? RDX : RAX, size);
	return true;
}
