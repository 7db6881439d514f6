/* SPDX-License-Identifier: MIT */
/* Decodes instructions into the form in which the pipeline uses them. See decode.h. */
#include "cpu/timing/inorder/decode.h"

#include "cpu/isa/isa.h"

#include <string.h>

static const u8 unit_of_class[] = {
	[CLASS_ALU] = INORDER_ALU,	 [CLASS_MUL] = INORDER_MUL,
	[CLASS_DIV] = INORDER_DIV,	 [CLASS_LOAD] = INORDER_LOAD,
	[CLASS_STORE] = INORDER_STORE,	 [CLASS_AMO] = INORDER_AMO,
	[CLASS_BRANCH] = INORDER_BRANCH, [CLASS_JUMP] = INORDER_BRANCH,
	[CLASS_FLOAD] = INORDER_LOAD,	 [CLASS_FSTORE] = INORDER_STORE,
	[CLASS_FADD] = INORDER_FPU,	 [CLASS_FMUL] = INORDER_FPU,
	[CLASS_FDIV] = INORDER_FDIV,	 [CLASS_FMA] = INORDER_FPU,
	[CLASS_FCVT] = INORDER_FPU,	 [CLASS_FMOVE] = INORDER_FPU,
	[CLASS_CSR] = INORDER_CSR,	 [CLASS_FENCE] = INORDER_FENCE,
	[CLASS_SYSTEM] = INORDER_FENCE,	 [CLASS_VSET] = INORDER_VSET,
	[CLASS_VLOAD ... CLASS_VCRYPTO] = INORDER_VECTOR,
};

/*
 * Returns an operand's register, or 0 if it is a vector register: the vector unit waits for these.
 */
static u8 scalar_register(struct format_operand operand, unsigned field)
{
	return operand.kind == OPERAND_V ? 0 : format_register(operand, field);
}

static void decode_registers(const struct insn *insn, struct inorder_uop *uop)
{
	const struct format *format = isa_format(insn->op);

	uop->rs1 = scalar_register(format->rs1, insn->rs1);
	uop->rs2 = scalar_register(format->rs2, insn->rs2);
	uop->rs3 = scalar_register(format->rs3, insn->rs3_rm >> 3);
	uop->rd = scalar_register(format->rd, insn->rd);
}

static u8 unit_of(const struct insn *insn)
{
	switch (insn->op) {
	case OP_illegal:
	case OP_ecall:
	case OP_ebreak:
		return INORDER_ILLEGAL;
	case OP_fence_i:
		return INORDER_FENCE_I;
	case OP_sfence_vma:
	case OP_sinval_vma:
	case OP_hfence_vvma:
	case OP_hfence_gvma:
	case OP_hinval_vvma:
	case OP_hinval_gvma:
		return INORDER_SFENCE;
	case OP_mret:
	case OP_sret:
		return INORDER_XRET;
	case OP_wfi:
		return INORDER_WAIT;
	default:
		return unit_of_class[isa_ops[insn->op].class];
	}
}

static u8 fp_of(const struct insn *insn, bool is_double)
{
	switch (isa_ops[insn->op].class) {
	case CLASS_FADD:
	case CLASS_FMUL:
	case CLASS_FMA:
		return is_double ? INORDER_ADD64 : INORDER_ADD32;
	case CLASS_FCVT:
		return INORDER_CONVERT;
	default:
		return INORDER_COMPARE;
	}
}

static bool is_link(u64 reg)
{
	return reg == 1 || reg == 5;
}

/*
 * Decodes jumps; calls and returns are recognized by the hints of JALR (unprivileged manual,
 * 2.5.1).
 */
static void decode_flow(u32 full, const struct insn *insn, struct inorder_uop *uop)
{
	u64 rd = bits(full, 7, 5), rs1 = bits(full, 15, 5);

	switch (full & 0x7f) {
	case 0x63:
		uop->flow = INORDER_COND;
		break;
	case 0x67:
		uop->flow = is_link(rs1) && rs1 != rd ? INORDER_RETURN : INORDER_INDIRECT;
		uop->call = is_link(rd);
		break;
	case 0x6f:
		uop->flow = INORDER_JUMP;
		uop->call = is_link(rd);
		break;
	default:
		return;
	}
	uop->offset = insn->imm;
}

static void inorder_decode_insn(const struct isa *isa, u32 raw, struct inorder_uop *uop)
{
	struct insn insn;
	u32 full;

	memset(uop, 0, sizeof(*uop));
	isa_decode(isa, raw, &insn);
	uop->insn = insn;
	uop->raw = raw;
	uop->length = (u8)insn_length(raw);
	full = uop->length == 2 ? rvc_expand(isa, (u16)raw) : raw;
	uop->unit = unit_of(&insn);
	if (uop->unit == INORDER_ILLEGAL)
		return;
	uop->is_double = bits(full, 25, 2) == 1;
	uop->fp = fp_of(&insn, uop->is_double);
	uop->is_root = insn.op == OP_fsqrt_s || insn.op == OP_fsqrt_d;
	uop->is_signed = !bits(full, 12, 1);
	uop->is_word = bits(full, 3, 1);
	uop->is_high = uop->unit == INORDER_DIV ? bits(full, 13, 1) : bits(full, 12, 2) != 0;
	uop->csr = (u16)bits(full, 20, 12);
	uop->writes_csr = uop->unit == INORDER_CSR &&
			  (bits(full, 12, 2) == 1 || bits(full, 15, 5) != 0);
	uop->acquires = uop->unit == INORDER_AMO && bits(full, 26, 1);
	uop->releases = uop->unit == INORDER_AMO && bits(full, 25, 1);
	decode_registers(&insn, uop);
	decode_flow(full, &insn, uop);
}

void inorder_decoder_init(struct inorder_decoder *decoder, const struct isa *isa)
{
	decoder->isa = isa;
	decoded_clear(&decoder->decoded);
}

const struct inorder_uop *inorder_decode(struct inorder_decoder *decoder, u32 raw)
{
	bool known;
	struct inorder_uop *uop = &decoder->uops[decoded_find(&decoder->decoded, raw, &known)];

	if (!known)
		inorder_decode_insn(decoder->isa, insn_bits(raw), uop);
	return uop;
}
