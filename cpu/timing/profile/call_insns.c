/* SPDX-License-Identifier: MIT */
/* Decoding calls, returns, and uses of the stack pointer; see call_insns.h. */
#include "cpu/timing/profile/call_insns.h"

enum { RA = 1, SP = 2, T0 = 5 };

static bool is_link(unsigned reg)
{
	return reg == RA || reg == T0;
}

/* Returns the effect of JALR, by the hints of the manual's table for a return-address stack. */
static u16 of_registers(unsigned rd, unsigned rs1)
{
	u16 alternate = rd == T0 || rs1 == T0 ? CALL_ALTERNATE : 0;

	if (!is_link(rd))
		return is_link(rs1) ? CALL_RETURNS | alternate : 0;
	return (is_link(rs1) && rd != rs1 ? CALL_RETURNS | CALL_CALLS : CALL_CALLS) | alternate;
}

static u16 flow_of(const struct insn *insn)
{
	switch (insn->op) {
	case OP_jal:
	case OP_jalr:
		return of_registers(insn->rd, insn->op == OP_jalr ? insn->rs1 : 0);
	case OP_cm_jalt:
		return CALL_CALLS;
	case OP_cm_popret:
	case OP_cm_popretz:
		return CALL_RETURNS;
	case OP_sret:
	case OP_mret:
	case OP_mnret:
		return CALL_RETURNS_FROM_TRAP;
	default:
		return 0;
	}
}

/* Decodes push and pop of Zcmp, whose registers are below the larger of the two values of sp. */
static void decode_list(const struct insn *insn, struct call_insn *call)
{
	call->flags |= CALL_SP_BASE | CALL_SP_ADDS;
	call->offset = (s16)(MAX(insn->imm, 0) - 8 * insn->rs2);
	call->add = (s16)insn->imm;
}

static void decode_sp(const struct insn *insn, struct call_insn *call)
{
	const struct format *format = isa_format(insn->op);
	bool plain = format->memory == MEMORY_PLAIN, writes;

	if (format->memory == MEMORY_LIST) {
		decode_list(insn, call);
		return;
	}
	if (plain && insn->rs1 == SP) {
		call->flags |= CALL_SP_BASE;
		call->offset = (s16)insn->imm;
	}
	if (insn->op == OP_sd && insn->rs2 == SP)
		call->flags |= CALL_SP_SAVES;
	writes = format->rd.kind == OPERAND_X && insn->rd == SP;
	if (writes && insn->op == OP_addi && insn->rs1 == SP) {
		call->flags |= CALL_SP_ADDS;
		call->add = (s16)insn->imm;
	} else if (writes) {
		call->flags |= insn->op == OP_ld ? CALL_SP_LOADS : CALL_SP_LOSES;
	}
}

void call_insns_init(struct call_insns *insns, const struct isa *isa)
{
	insns->isa = isa;
	decoded_clear(&insns->decoded);
}

const struct call_insn *call_insns_find(struct call_insns *insns, u32 raw)
{
	bool known;
	struct call_insn *call = &insns->insns[decoded_find(&insns->decoded, raw, &known)];
	struct insn insn;

	if (known)
		return call;
	isa_decode(insns->isa, raw, &insn);
	*call = (struct call_insn){ 0 };
	if (insn.op == OP_illegal)
		return call;
	call->flags = flow_of(&insn);
	decode_sp(&insn, call);
	return call;
}
