/* SPDX-License-Identifier: MIT */
/* CVA6's decoder (decoder.sv) and scanner (instr_scan.sv). See decode.h. */
#include "cpu/timing/cva6/decode.h"

#include "cpu/isa/isa.h"

#include <string.h>

static const u8 unit_of_class[] = {
	[CLASS_ALU] = CVA6_ALU,	      [CLASS_MUL] = CVA6_MULT,	  [CLASS_DIV] = CVA6_DIV,
	[CLASS_LOAD] = CVA6_LOAD,     [CLASS_STORE] = CVA6_STORE, [CLASS_AMO] = CVA6_STORE,
	[CLASS_BRANCH] = CVA6_CTRL_FLOW, [CLASS_JUMP] = CVA6_CTRL_FLOW,
	[CLASS_FLOAD] = CVA6_LOAD,    [CLASS_FSTORE] = CVA6_STORE, [CLASS_FADD] = CVA6_FPU,
	[CLASS_FMUL] = CVA6_FPU,      [CLASS_FDIV] = CVA6_FPU,	  [CLASS_FMA] = CVA6_FPU,
	[CLASS_FCVT] = CVA6_FPU,      [CLASS_FMOVE] = CVA6_FPU,	  [CLASS_CSR] = CVA6_CSR,
	[CLASS_FENCE] = CVA6_CSR,     [CLASS_SYSTEM] = CVA6_CSR,
};

static void decode_registers(u32 full, const struct insn *insn, struct cva6_uop *uop)
{
	const struct format *format = isa_format(insn->op);

	uop->rs1 = format_register(format->rs1, insn->rs1);
	uop->rs2 = format_register(format->rs2, insn->rs2);
	uop->rs3 = format_register(format->rs3, insn->rs3_rm >> 3);
	uop->rd = format_register(format->rd, insn->rd);
	/* decoder.sv leaves the integer type's code in rs2, and issue waits for that register. */
	if (isa_ops[insn->op].format == FORMAT_F2X || isa_ops[insn->op].format == FORMAT_X2F)
		uop->rs2 = (u8)bits(full, 20, 5);
	/* decoder.sv puts FCLASS's rs1 into rs2 as well, where it counts as an integer register. */
	if (insn->op == OP_fclass_s || insn->op == OP_fclass_d)
		uop->rs2 = (u8)bits(full, 15, 5);
}

static u8 block_of(const struct insn *insn, bool is_double)
{
	switch (isa_ops[insn->op].class) {
	case CLASS_FADD:
	case CLASS_FMUL:
	case CLASS_FMA:
		return is_double ? CVA6_ADDMUL64 : CVA6_ADDMUL32;
	case CLASS_FDIV:
		return CVA6_DIVSQRT;
	case CLASS_FCVT:
		return CVA6_CONV;
	default:
		return is_double ? CVA6_NONCOMP64 : CVA6_NONCOMP32;
	}
}

static u8 op_of_amo(unsigned op)
{
	if (op == OP_lr_w || op == OP_lr_d)
		return CVA6_LR;
	return op == OP_sc_w || op == OP_sc_d ? CVA6_SC : CVA6_AMO;
}

static u8 op_of_system(unsigned op)
{
	switch (op) {
	case OP_fence_i:
		return CVA6_FENCE_I;
	case OP_sfence_vma:
		return CVA6_SFENCE_VMA;
	case OP_mret:
	case OP_sret:
		return CVA6_XRET;
	case OP_wfi:
		return CVA6_WFI;
	default:
		return CVA6_FENCE;
	}
}

static u8 op_of(const struct insn *insn)
{
	switch (isa_ops[insn->op].class) {
	case CLASS_BRANCH:
		return CVA6_BRANCH;
	case CLASS_JUMP:
		return insn->op == OP_jal ? CVA6_JAL : CVA6_JALR;
	case CLASS_FENCE:
		return CVA6_FENCE;
	case CLASS_SYSTEM:
		return op_of_system(insn->op);
	case CLASS_CSR:
		return CVA6_CSR_ACCESS;
	case CLASS_AMO:
		return op_of_amo(insn->op);
	case CLASS_FDIV:
		return insn->op == OP_fsqrt_s || insn->op == OP_fsqrt_d ? CVA6_SQRT : CVA6_PLAIN;
	default:
		return CVA6_PLAIN;
	}
}

static bool is_link(u64 reg)
{
	return reg == 1 || reg == 5;
}

/* Scans 32 bits as instr_scan.sv does, which takes a return from a trap for a jump to itself. */
static void scan_full(u32 raw, struct cva6_uop *uop)
{
	u64 rd = bits(raw, 7, 5), rs1 = bits(raw, 15, 5);
	bool xret = (raw & 0xdfffffff) == 0x10200073;

	switch (raw & 0x7f) {
	case 0x63:
		uop->flow = CVA6_FLOW_BRANCH;
		break;
	case 0x67:
		uop->flow = is_link(rs1) && rs1 != rd ? CVA6_FLOW_RETURN : CVA6_FLOW_JALR;
		uop->call = is_link(rd);
		break;
	case 0x6f:
		uop->flow = CVA6_FLOW_JUMP;
		uop->call = is_link(rd);
		break;
	default:
		uop->flow = xret ? CVA6_FLOW_JUMP : CVA6_NO_FLOW;
		break;
	}
}

/* Scans 16 bits as instr_scan.sv does, which takes C.EBREAK for C.JALR. */
static void scan_compressed(u32 raw, struct cva6_uop *uop)
{
	u64 funct3 = bits(raw, 13, 3), quadrant = raw & 3;
	bool jump_register = funct3 == 4 && quadrant == 2 && bits(raw, 2, 5) == 0;

	if (quadrant == 1 && funct3 == 5)
		uop->flow = CVA6_FLOW_JUMP;
	else if (quadrant == 1 && funct3 >= 6)
		uop->flow = CVA6_FLOW_BRANCH;
	else if (jump_register && !(raw & BIT(12)) && is_link(bits(raw, 7, 5)))
		uop->flow = CVA6_FLOW_RETURN;
	else if (jump_register)
		uop->flow = CVA6_FLOW_JALR;
	uop->call = jump_register && (raw & BIT(12));
}

/*
 * Decodes the unit and the operation. decoder.sv passes instructions that it does not know to the
 * coprocessor port, which refuses them.
 */
static void decode_unit(u32 full, const struct insn *insn, struct cva6_uop *uop)
{
	if (insn->op == OP_illegal) {
		uop->unit = CVA6_CVXIF;
		return;
	}
	uop->op = op_of(insn);
	uop->unit = unit_of_class[isa_ops[insn->op].class];
	uop->is_double = bits(full, 25, 2) == 1;
	uop->raises = insn->op == OP_ecall || insn->op == OP_ebreak;
	if (uop->unit == CVA6_FPU)
		uop->block = block_of(insn, uop->is_double);
	if (uop->unit == CVA6_DIV) {
		uop->is_signed = !bits(full, 12, 1);
		uop->is_word = bits(full, 3, 1);
	}
	if (uop->op == CVA6_CSR_ACCESS) {
		uop->csr = (u16)bits(full, 20, 12);
		uop->writes_csr = bits(full, 12, 2) == 1 || bits(full, 15, 5) != 0;
	}
	decode_registers(full, insn, uop);
}

void cva6_decode(const struct isa *isa, u32 raw, struct cva6_uop *uop)
{
	struct insn insn;

	memset(uop, 0, sizeof(*uop));
	isa_decode(isa, raw, &insn);
	uop->length = (u8)insn_length(raw);
	uop->offset = insn.imm;
	decode_unit(uop->length == 2 ? rvc_expand(isa, (u16)raw) : raw, &insn, uop);
	if (uop->length == 2)
		scan_compressed(raw, uop);
	else
		scan_full(raw, uop);
	if (uop->op == CVA6_XRET || (!uop->flow && uop->unit != CVA6_LOAD))
		uop->offset = 0;
}
