/* SPDX-License-Identifier: MIT */
/*
 * Compressed instructions (unprivileged manual, "Zca", "Zcd", "Zcb"): expands each to the
 * equivalent 32-bit instruction. Reserved encodings give 0, which is illegal by definition. Those
 * that are not equivalent to one 32-bit instruction are rows of isa.def; their operands are
 * extracted here.
 */
#include "cpu/isa/isa.h"
#include "cpu/isa/zcmp_register.h"

/* These build instructions of the base formats; immediates are already in range. */
static u32 make_i(u32 opcode, u32 funct3, u32 rd, u32 rs1, s32 imm)
{
	return format_place(FORMAT_I, imm) | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}

static u32 make_s(u32 opcode, u32 funct3, u32 rs1, u32 rs2, s32 imm)
{
	return format_place(FORMAT_S, imm) | rs2 << 20 | rs1 << 15 | funct3 << 12 | opcode;
}

static u32 make_r(u32 opcode, u32 funct3, u32 funct7, u32 rd, u32 rs2)
{
	return funct7 << 25 | rs2 << 20 | rd << 15 | funct3 << 12 | rd << 7 | opcode;
}

static u32 make_b(u32 funct3, u32 rs1, s32 imm)
{
	return format_place(FORMAT_B, imm) | rs1 << 15 | funct3 << 12 | 0x63;
}

static u32 make_j(u32 rd, s32 imm)
{
	return format_place(FORMAT_J, imm) | rd << 7 | 0x6f;
}

enum { LOAD = 0x03, LOAD_FP = 0x07, OP_IMM = 0x13, OP_IMM_32 = 0x1b, STORE = 0x23,
       STORE_FP = 0x27, OP_REG = 0x33, OP_32 = 0x3b, LUI = 0x37, JALR = 0x67 };

/* Register fields of three bits name x8 to x15. */
static u32 reg_low(u16 c)
{
	return 8 + (u32)bits(c, 2, 3);
}

static u32 reg_high(u16 c)
{
	return 8 + (u32)bits(c, 7, 3);
}

static s32 imm_word(u16 c)
{
	return (s32)(bits(c, 10, 3) << 3 | bits(c, 6, 1) << 2 | bits(c, 5, 1) << 6);
}

static s32 imm_double(u16 c)
{
	return (s32)(bits(c, 10, 3) << 3 | bits(c, 5, 2) << 6);
}

static s32 imm6(u16 c)
{
	return (s32)sext(bits(c, 12, 1) << 5 | bits(c, 2, 5), 6);
}

/* Without Zcd these encodings are reserved, or belong to another extension. */
static u32 make_zcd(const struct isa *isa, u32 full)
{
	return isa_has(isa, EXT_zcd) ? full : 0;
}

/* Expands Zcb's loads and stores. Bits 12:10 select one; bit 6 distinguishes c.lh from c.lhu. */
static u32 zcb_memory(u16 c)
{
	s32 byte = (s32)(bits(c, 5, 1) << 1 | bits(c, 6, 1)), half = (s32)bits(c, 5, 1) << 1;
	bool upper = bits(c, 6, 1);

	switch (bits(c, 10, 3)) {
	case 0: /* c.lbu */
		return make_i(LOAD, 4, reg_low(c), reg_high(c), byte);
	case 1: /* c.lhu, c.lh */
		return make_i(LOAD, upper ? 1 : 5, reg_low(c), reg_high(c), half);
	case 2: /* c.sb */
		return make_s(STORE, 0, reg_high(c), reg_low(c), byte);
	case 3: /* c.sh */
		return upper ? 0 : make_s(STORE, 1, reg_high(c), reg_low(c), half);
	default:
		return 0;
	}
}

static u32 quadrant0(const struct isa *isa, u16 c)
{
	s32 spn = (s32)(bits(c, 11, 2) << 4 | bits(c, 7, 4) << 6 | bits(c, 6, 1) << 2 |
			bits(c, 5, 1) << 3);

	switch (bits(c, 13, 3)) {
	case 0: /* c.addi4spn; a zero immediate is reserved, and all zeros is illegal */
		return spn ? make_i(OP_IMM, 0, reg_low(c), 2, spn) : 0;
	case 1: /* c.fld */
		return make_zcd(isa, make_i(LOAD_FP, 3, reg_low(c), reg_high(c), imm_double(c)));
	case 2: /* c.lw */
		return make_i(LOAD, 2, reg_low(c), reg_high(c), imm_word(c));
	case 3: /* c.ld */
		return make_i(LOAD, 3, reg_low(c), reg_high(c), imm_double(c));
	case 4:
		return isa_has(isa, EXT_zcb) ? zcb_memory(c) : 0;
	case 5: /* c.fsd */
		return make_zcd(isa, make_s(STORE_FP, 3, reg_high(c), reg_low(c), imm_double(c)));
	case 6: /* c.sw */
		return make_s(STORE, 2, reg_high(c), reg_low(c), imm_word(c));
	case 7: /* c.sd */
		return make_s(STORE, 3, reg_high(c), reg_low(c), imm_double(c));
	default:
		return 0;
	}
}

/*
 * Expands c.zext.b to c.not of Zcb, which bits 4:2 select. Each needs the extension of its
 * expansion.
 */
static u32 zcb_unary(const struct isa *isa, u16 c)
{
	static const struct {
		u32 base; /* the instruction with its registers left out */
		u8 ext;
	} rows[8] = {
		{ 0x0ff07013, EXT_zcb }, { 0x60401013, EXT_zbb }, { 0x0800403b, EXT_zbb },
		{ 0x60501013, EXT_zbb }, { 0x0800003b, EXT_zba }, { 0xfff04013, EXT_zcb },
	};
	unsigned row = (unsigned)bits(c, 2, 3);

	if (!rows[row].base || !isa_has(isa, rows[row].ext))
		return 0;
	return rows[row].base | reg_high(c) << 15 | reg_high(c) << 7;
}

/* Expands c.sub to c.addw, c.mul, and those of zcb_unary, which bit 12 and bits 6:5 select. */
static u32 register_arithmetic(const struct isa *isa, u16 c)
{
	enum { ROW_MUL = 6 };
	static const struct {
		u8 opcode, funct3, funct7;
	} rows[] = {
		{ OP_REG, 0, 0x20 }, { OP_REG, 4, 0 }, { OP_REG, 6, 0 }, { OP_REG, 7, 0 },
		{ OP_32, 0, 0x20 },  { OP_32, 0, 0 },	 { OP_REG, 0, 0x01 },
	};
	unsigned row = (unsigned)(bits(c, 12, 1) << 2 | bits(c, 5, 2));

	if (row >= ROW_MUL && !isa_has(isa, EXT_zcb))
		return 0;
	if (row > ROW_MUL)
		return zcb_unary(isa, c);
	return make_r(rows[row].opcode, rows[row].funct3, rows[row].funct7, reg_high(c),
		      reg_low(c));
}

static u32 misc_alu(const struct isa *isa, u16 c)
{
	u32 rd = reg_high(c);
	s32 shamt = imm6(c) & 63;

	switch (bits(c, 10, 2)) {
	case 0: /* c.srli */
		return make_i(OP_IMM, 5, rd, rd, shamt);
	case 1: /* c.srai */
		return make_i(OP_IMM, 5, rd, rd, shamt | 0x400);
	case 2: /* c.andi */
		return make_i(OP_IMM, 7, rd, rd, imm6(c));
	default:
		return register_arithmetic(isa, c);
	}
}

/* c.addi16sp and c.lui share an encoding: with rd = x2 it is c.addi16sp. */
static u32 lui_or_addi16sp(u16 c)
{
	u32 rd = (u32)bits(c, 7, 5);
	s32 imm16 = (s32)sext(bits(c, 12, 1) << 9 | bits(c, 6, 1) << 4 | bits(c, 5, 1) << 6 |
				      bits(c, 3, 2) << 7 | bits(c, 2, 1) << 5,
			      10);

	if (imm6(c) == 0)
		return 0;
	if (rd == 2)
		return make_i(OP_IMM, 0, 2, 2, imm16);
	return (u32)imm6(c) << 12 | rd << 7 | LUI;
}

static u32 quadrant1(const struct isa *isa, u16 c)
{
	u32 rd = (u32)bits(c, 7, 5);
	s32 jump = (s32)sext(bits(c, 12, 1) << 11 | bits(c, 11, 1) << 4 | bits(c, 9, 2) << 8 |
				     bits(c, 8, 1) << 10 | bits(c, 7, 1) << 6 | bits(c, 6, 1) << 7 |
				     bits(c, 3, 3) << 1 | bits(c, 2, 1) << 5,
			     12);
	s32 branch = (s32)sext(bits(c, 12, 1) << 8 | bits(c, 10, 2) << 3 | bits(c, 5, 2) << 6 |
				       bits(c, 3, 2) << 1 | bits(c, 2, 1) << 5,
			       9);

	switch (bits(c, 13, 3)) {
	case 0: /* c.nop, c.addi */
		return make_i(OP_IMM, 0, rd, rd, imm6(c));
	case 1: /* c.addiw; rd = x0 is reserved */
		return rd ? make_i(OP_IMM_32, 0, rd, rd, imm6(c)) : 0;
	case 2: /* c.li */
		return make_i(OP_IMM, 0, rd, 0, imm6(c));
	case 3:
		return lui_or_addi16sp(c);
	case 4:
		return misc_alu(isa, c);
	case 5: /* c.j */
		return make_j(0, jump);
	case 6: /* c.beqz */
		return make_b(0, reg_high(c), branch);
	default: /* c.bnez */
		return make_b(1, reg_high(c), branch);
	}
}

/* Expands c.jr, c.mv, c.ebreak, c.jalr and c.add. */
static u32 jump_move_add(u16 c)
{
	u32 rd = (u32)bits(c, 7, 5), rs2 = (u32)bits(c, 2, 5);
	bool upper = bits(c, 12, 1);

	if (rs2)
		return make_r(OP_REG, 0, 0, rd, rs2) & (upper ? ~0u : ~(31u << 15));
	if (rd)
		return make_i(JALR, 0, upper, rd, 0);
	return upper ? 0x00100073 : 0; /* c.ebreak; c.jr with rs1 = x0 is reserved */
}

static u32 quadrant2(const struct isa *isa, u16 c)
{
	u32 rd = (u32)bits(c, 7, 5), rs2 = (u32)bits(c, 2, 5);
	s32 load_word = (s32)(bits(c, 12, 1) << 5 | bits(c, 4, 3) << 2 | bits(c, 2, 2) << 6);
	s32 load_double = (s32)(bits(c, 12, 1) << 5 | bits(c, 5, 2) << 3 | bits(c, 2, 3) << 6);
	s32 store_word = (s32)(bits(c, 9, 4) << 2 | bits(c, 7, 2) << 6);
	s32 store_double = (s32)(bits(c, 10, 3) << 3 | bits(c, 7, 3) << 6);

	switch (bits(c, 13, 3)) {
	case 0: /* c.slli */
		return make_i(OP_IMM, 1, rd, rd, imm6(c) & 63);
	case 1: /* c.fldsp */
		return make_zcd(isa, make_i(LOAD_FP, 3, rd, 2, load_double));
	case 2: /* c.lwsp; rd = x0 is reserved */
		return rd ? make_i(LOAD, 2, rd, 2, load_word) : 0;
	case 3: /* c.ldsp; rd = x0 is reserved */
		return rd ? make_i(LOAD, 3, rd, 2, load_double) : 0;
	case 4:
		return jump_move_add(c);
	case 5: /* c.fsdsp */
		return make_zcd(isa, make_s(STORE_FP, 3, 2, rs2, store_double));
	case 6: /* c.swsp */
		return make_s(STORE, 2, 2, rs2, store_word);
	default: /* c.sdsp */
		return make_s(STORE, 3, 2, rs2, store_double);
	}
}

u32 rvc_expand(const struct isa *isa, u16 raw)
{
	switch (raw & 3) {
	case 0:
		return quadrant0(isa, raw);
	case 1:
		return quadrant1(isa, raw);
	case 2:
		return quadrant2(isa, raw);
	default:
		return 0;
	}
}

/*
 * Replaces the number of a register list by the count of its registers. Lists 4 to 14 have ra and
 * none to ten of s0 to s9; list 15 has ra and s0 to s11, because no list ends with s10. Returns
 * false if the number is reserved.
 */
static bool list_operands(struct insn *insn)
{
	unsigned list = insn->rs2, extra = (unsigned)insn->imm;

	if (list < 4)
		return false;
	insn->rs1 = 2;
	insn->rs2 = (u8)(list == 15 ? 13 : list - 3);
	insn->imm = (s32)(align_up(insn->rs2 * 8u, 16) + extra);
	if (isa_ops[insn->op].class == CLASS_STORE)
		insn->imm = -insn->imm;
	return true;
}

/*
 * Returns the register that a field names. Three bits name s0 to s7; in the order of a list, ra
 * comes before these.
 */
static u8 operand_of(struct format_operand operand, u16 c)
{
	unsigned field = (unsigned)bits(c, operand.from, operand.width);

	return (u8)(operand.kind == OPERAND_SAVED ? zcmp_register(field + 1) : field);
}

bool rvc_operands(enum insn_format format, u16 c, struct insn *insn)
{
	const struct format *row = &formats[format];

	insn->imm = format_immediate(format, c);
	insn->rs1 = operand_of(row->rs1, c);
	insn->rs2 = operand_of(row->rs2, c);
	if (row->rs2.kind == OPERAND_LIST)
		return list_operands(insn);
	return insn->op != OP_cm_mvsa01 || insn->rs1 != insn->rs2;
}
