/* SPDX-License-Identifier: MIT */
/*
 * Marks checked jumps, and executes them from the instruction's bits. The code is out of line
 * because such jumps are rare (see jump.h).
 */
#include "cpu/engine/jump.h"

enum { OPCODE_BRANCH = 0x63, OPCODE_JALR = 0x67 };

/*
 * Marks a jump or branch that may have a misaligned target. As pc is a multiple of 4, a direct
 * jump's offset alone decides.
 */
void jump_mark(const struct isa *isa, struct insn *insn)
{
	u8 format;

	if (isa_has(isa, EXT_zca))
		return;
	format = isa_ops[insn->op].format;
	if (format != FORMAT_JALR && !(insn->imm & 2 && (format == FORMAT_B || format == FORMAT_J)))
		return;
	insn->op = OP_checked_jump;
	if (format == FORMAT_B)
		insn->rd = X_SINK;
}

static bool branch_taken(const struct hart *hart, const struct insn *insn)
{
	u64 a = hart->x[insn->rs1], b = hart->x[insn->rs2];
	bool result;

	/* The upper bits of funct3 mean equal, less, or less unsigned; the lowest bit negates. */
	switch (bits(insn->raw, 13, 2)) {
	case 0:
		result = a == b;
		break;
	case 2:
		result = (s64)a < (s64)b;
		break;
	default:
		result = a < b;
		break;
	}
	return result != bits(insn->raw, 12, 1);
}

bool jump_checked(struct hart *hart, const struct insn *insn, u64 pc, u64 *target)
{
	u64 opcode = bits(insn->raw, 0, 7), next = pc + 4, to = pc + (u64)(s64)insn->imm;

	if (opcode == OPCODE_JALR)
		to = (hart->x[insn->rs1] + (u64)(s64)insn->imm) & ~1ull;
	else if (opcode == OPCODE_BRANCH && !branch_taken(hart, insn))
		to = next;
	if (to & 2)
		return hart_trap(hart, CAUSE_FETCH_MISALIGNED, to, REASON_misaligned_jump);
	if (opcode != OPCODE_BRANCH)
		hart->x[insn->rd] = next;
	*target = to;
	return true;
}
