/* SPDX-License-Identifier: MIT */
/* C906's decoder. See decode.h. */
#include "cpu/timing/c906/decode.h"

#include "cpu/isa/isa.h"

#include <string.h>

static const u8 unit_of_class[] = {
	[CLASS_ALU] = C906_ALU,	      [CLASS_MUL] = C906_MUL,	  [CLASS_DIV] = C906_DIV,
	[CLASS_LOAD] = C906_LOAD,     [CLASS_STORE] = C906_STORE, [CLASS_AMO] = C906_AMO,
	[CLASS_BRANCH] = C906_BRANCH, [CLASS_JUMP] = C906_JAL,
	[CLASS_FLOAD] = C906_FLOAD,   [CLASS_FSTORE] = C906_FSTORE, [CLASS_FADD] = C906_FP,
	[CLASS_FMUL] = C906_FP,	      [CLASS_FDIV] = C906_FP,	  [CLASS_FMA] = C906_FP,
	[CLASS_FCVT] = C906_FP,	      [CLASS_FMOVE] = C906_FP,	  [CLASS_CSR] = C906_CP0,
	[CLASS_FENCE] = C906_CP0,     [CLASS_SYSTEM] = C906_CP0,
};

static void put_operand(struct c906_uop *uop, unsigned n, u8 reg)
{
	if (reg >= C906_F)
		uop->f[n] = reg;
	else if (reg)
		uop->x[n] = reg;
}

/*
 * Decodes the operands. The data of a store are a separate one, because it waits for them apart
 * from its address. CP0 reads registers for CSRs only.
 */
static void decode_registers(const struct insn *insn, struct c906_uop *uop)
{
	const struct format *format = isa_format(insn->op);
	bool stores = format->memory != MEMORY_NONE;

	if (uop->unit == C906_CP0 && isa_ops[insn->op].class != CLASS_CSR)
		return;
	put_operand(uop, 0, format_register(format->rs1, insn->rs1));
	put_operand(uop, stores ? C906_DATA : 1, format_register(format->rs2, insn->rs2));
	put_operand(uop, C906_DATA, format_register(format->rs3, insn->rs3_rm >> 3));
	uop->rd = format_register(format->rd, insn->rd);
}

/*
 * Decodes a floating-point instruction, with the number of stages from VEX1 to the result: of VFALU
 * (aq_fadd_*.v, aq_fspu_top.v, aq_fcnvt_top.v) and VFMAU, in single and double precision.
 * Additions, minima and maxima normalize or select in a late stage.
 */
static void decode_fp(u32 full, const struct insn *insn, struct c906_uop *uop)
{
	u8 class = isa_ops[insn->op].class;
	bool min_max = bits(full, 27, 5) == 5;

	uop->is_double = bits(full, 25, 2) == 1;
	uop->is_fma = class == CLASS_FMA;
	uop->multiplies = class == CLASS_FMUL || class == CLASS_FMA;
	uop->divides = class == CLASS_FDIV;
	uop->is_root = insn->op == OP_fsqrt_s || insn->op == OP_fsqrt_d;
	uop->stages = 3;
	if (class == CLASS_FADD || class == CLASS_FMUL || (class == CLASS_FMOVE && min_max))
		uop->stages = uop->is_double ? 4 : 3;
	else if (uop->is_fma)
		uop->stages = uop->is_double ? 5 : 4;
}

static u8 op_of_cp0(const struct insn *insn)
{
	switch (insn->op) {
	case OP_fence_i:
		return C906_CP0_FENCE_I;
	case OP_sfence_vma:
		return C906_CP0_SFENCE_VMA;
	case OP_wfi:
		return C906_CP0_WFI;
	default:
		break;
	}
	if (insn->op == OP_illegal)
		return C906_CP0_ILLEGAL;
	if (isa_ops[insn->op].class == CLASS_CSR)
		return C906_CP0_CSR;
	return isa_ops[insn->op].class == CLASS_FENCE ? C906_CP0_FENCE : C906_CP0_FLUSH;
}

static void decode_cp0(u32 full, const struct insn *insn, struct c906_uop *uop)
{
	uop->op = op_of_cp0(insn);
	if (uop->op != C906_CP0_CSR)
		return;
	uop->csr = (u16)bits(full, 20, 12);
	uop->writes_csr = bits(full, 12, 2) == 1 || bits(full, 15, 5) != 0;
}

static void decode_arithmetic(u32 full, struct c906_uop *uop)
{
	unsigned funct3 = (unsigned)bits(full, 12, 3);

	uop->is_word = bits(full, 3, 1);
	uop->is_signed = !(funct3 & 1);
	uop->signed_a = funct3 != 3; /* all but MULHU */
	uop->signed_b = funct3 < 2; /* neither MULHSU nor MULHU */
}

static void decode_memory(u32 full, const struct insn *insn, struct c906_uop *uop)
{
	/*
	 * The core has no cache-block operations, and none on pairs of registers; here they count
	 * as accesses of its width.
	 */
	uop->size = (u8)MIN(format_bytes(isa_ops[insn->op].format, full), sizeof(u64));
	if (insn->op == OP_lr_w || insn->op == OP_lr_d)
		uop->unit = C906_LR;
	else if (insn->op == OP_sc_w || insn->op == OP_sc_d)
		uop->unit = C906_SC;
	if (!c906_is_atomic(uop->unit))
		return;
	uop->acquires = bits(full, 26, 1);
	uop->releases = bits(full, 25, 1);
}

/* Predecodes an instruction by its opcode alone. Only x1 is a link register (aq_ifu_pre_decd.v). */
static void c906_predecode(u32 full, struct c906_uop *uop)
{
	bool indirect = (full & 0x7f) == 0x67, links = bits(full, 7, 5) == 1;

	uop->branch = (full & 0x7f) == 0x63;
	uop->jump = (full & 0x7f) == 0x6f;
	uop->call = (uop->jump || indirect) && links;
	uop->ret = indirect && !links && bits(full, 15, 5) == 1;
	uop->offset = uop->branch ? format_immediate(FORMAT_B, full) :
		      uop->jump   ? format_immediate(FORMAT_J, full) :
				    0;
}

static void c906_decode_insn(const struct isa *isa, u32 raw, struct c906_uop *uop)
{
	struct insn insn;
	u32 full;

	memset(uop, 0, sizeof(*uop));
	isa_decode(isa, raw, &insn);
	uop->length = (u8)insn_length(raw);
	full = uop->length == 2 ? rvc_expand(isa, (u16)raw) : raw;
	uop->unit = insn.op == OP_illegal ? C906_CP0 : unit_of_class[isa_ops[insn.op].class];
	if (insn.op == OP_jalr)
		uop->unit = C906_JALR;
	else if (insn.op == OP_auipc)
		uop->unit = C906_AUIPC;
	if (insn.op != OP_illegal)
		decode_registers(&insn, uop);
	if (uop->unit == C906_FP)
		decode_fp(full, &insn, uop);
	else if (uop->unit == C906_CP0)
		decode_cp0(full, &insn, uop);
	else if (uop->unit == C906_MUL || uop->unit == C906_DIV)
		decode_arithmetic(full, uop);
	else if (c906_is_memory(uop->unit))
		decode_memory(full, &insn, uop);
	c906_predecode(full, uop);
}

void c906_decoder_init(struct c906_decoder *decoder, const struct isa *isa)
{
	decoder->isa = isa;
	decoded_clear(&decoder->decoded);
}

const struct c906_uop *c906_decode(struct c906_decoder *decoder, u32 raw)
{
	bool known;
	struct c906_uop *uop = &decoder->uops[decoded_find(&decoder->decoded, raw, &known)];

	if (!known)
		c906_decode_insn(decoder->isa, insn_bits(raw), uop);
	return uop;
}
