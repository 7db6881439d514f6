/* SPDX-License-Identifier: MIT */
/*
 * The disassembler. It knows formats, never instructions: each format is a little string in which
 * a letter stands for an operand and everything else for itself.
 */
#include "cpu/isa/disasm.h"

#include "cpu/csr/csr.h"
#include "cpu/fpu/fpu.h"
#include "cpu/isa/isa.h"
#include "cpu/isa/zcmp_register.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const x_names[32] = {
	"zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0",
	"a1", "a2", "a3", "a4", "a5", "a6", "a7", "s2", "s3", "s4", "s5",
	"s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

static const char *const f_names[32] = {
	"ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0",
	"fa1", "fa2", "fa3", "fa4", "fa5", "fa6", "fa7", "fs2", "fs3", "fs4", "fs5",
	"fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
};

/* Rounding modes (unprivileged manual, "Floating-Point Control and Status Register"). */
static const char *const rm_names[8] = {
	",rne", ",rtz", ",rdn", ",rup", ",rmm", ",rm5", ",rm6", "",
};

/*
 * Operands of a format. d a b: integer rd, rs1, rs2; D A B C: floating-point rd, rs1, rs2, rs3;
 * i: the immediate; h: the same in hexadecimal; u: bits 31:12; t: a target; z: rs1 as a number;
 * s: a CSR; p q: predecessor and successor set of FENCE; m: the rounding mode, when it is not
 * dynamic; l: a list of Zcmp; f: a constant of Zfa.
 */
static const char *const operands[] = {
	[FORMAT_R] = "d,a,b",
	[FORMAT_R1] = "d,a",
	[FORMAT_I] = "d,a,i",
	[FORMAT_LD] = "d,i(a)",
	[FORMAT_JALR] = "d,i(a)",
	[FORMAT_SH6] = "d,a,h",
	[FORMAT_SH5] = "d,a,h",
	[FORMAT_S] = "b,i(a)",
	[FORMAT_B] = "a,b,t",
	[FORMAT_U] = "d,u",
	[FORMAT_J] = "d,t",
	[FORMAT_FENCE] = "p,q",
	[FORMAT_NONE] = "",
	[FORMAT_CSR] = "d,s,a",
	[FORMAT_CSRI] = "d,s,z",
	[FORMAT_AMO] = "d,b,(a)",
	[FORMAT_LR] = "d,(a)",
	[FORMAT_FLD] = "D,i(a)",
	[FORMAT_FS] = "B,i(a)",
	[FORMAT_FMA] = "D,A,B,Cm",
	[FORMAT_FRM] = "D,A,Bm",
	[FORMAT_FRM1] = "D,Am",
	[FORMAT_FR] = "D,A,B",
	[FORMAT_FCMP] = "d,A,B",
	[FORMAT_F2X] = "d,Am",
	[FORMAT_X2F] = "D,am",
	[FORMAT_FX] = "d,A",
	[FORMAT_XF] = "D,a",
	[FORMAT_CBO] = "(a)",
	[FORMAT_PREF] = "i(a)",
	[FORMAT_SFENCE] = "a,b",
	[FORMAT_FLI] = "D,f",
	[FORMAT_ROUND] = "d,a,h",
	[FORMAT_BYTE] = "d,a,b,h",
	[FORMAT_PUSH] = "b",
	[FORMAT_POP] = "a",
	[FORMAT_RD] = "d",
	[FORMAT_CPUSH] = "b",
	[FORMAT_CPOP] = "a",
	[FORMAT_HLV] = "d,(a)",
	[FORMAT_HSV] = "b,(a)",
	[FORMAT_MOPR] = "d,a",
	[FORMAT_MOPRR] = "d,a,b",
	[FORMAT_CMOP] = "",
	[FORMAT_LIST] = "l,i",
	[FORMAT_SAVED] = "a,b",
	[FORMAT_TABLE] = "i",
};

const char *disasm_operands(enum insn_format format)
{
	return operands[format];
}

/* Text that grows; what does not fit is dropped. */
struct writer {
	char *text;
	size_t size, used;
};

static PRINTF_LIKE(2, 3) void put(struct writer *out, const char *format, ...)
{
	va_list args;
	int length;

	if (out->used >= out->size)
		return;
	va_start(args, format);
	length = vsnprintf(out->text + out->used, out->size - out->used, format, args);
	va_end(args);
	out->used += (size_t)MAX(length, 0);
}

static void put_csr(struct writer *out, u16 number)
{
	char name[CSR_NAME_MAX];

	if (csr_name(number, name, sizeof(name)))
		put(out, "%s", name);
	else
		put(out, "0x%x", number);
}

/* A set of FENCE: some of input, output, read, write. */
static void put_set(struct writer *out, unsigned set)
{
	if (!set)
		put(out, "0");
	for (unsigned n = 0; n < 4; n++)
		if (set & (8 >> n))
			put(out, "%c", "iorw"[n]);
}

/* Zfa, "Load-Immediate Instructions": some have names, whose values depend on the format. */
static void put_constant(struct writer *out, unsigned index)
{
	static const char *const names[32] = { [1] = "min", [30] = "inf", [31] = "nan" };
	u64 word = f64_constant(index);
	double value;

	memcpy(&value, &word, sizeof(value));
	if (names[index])
		put(out, "%s", names[index]);
	else
		put(out, "%a", value);
}

/* Of Zcmp: "{ra,s0-s3}". */
static void put_list(struct writer *out, unsigned count)
{
	put(out, "{%s", x_names[zcmp_register(0)]);
	if (count > 1)
		put(out, ",%s", x_names[zcmp_register(1)]);
	if (count > 2)
		put(out, "-%s", x_names[zcmp_register(count - 1)]);
	put(out, "}");
}

static void put_operand(struct writer *out, char operand, u64 pc, const struct insn *insn)
{
	unsigned rd = insn->rd == X_SINK ? 0 : insn->rd;

	switch (operand) {
	case 'd': put(out, "%s", x_names[rd]); break;
	case 'a': put(out, "%s", x_names[insn->rs1]); break;
	case 'b': put(out, "%s", x_names[insn->rs2]); break;
	case 'D': put(out, "%s", f_names[rd]); break;
	case 'A': put(out, "%s", f_names[insn->rs1]); break;
	case 'B': put(out, "%s", f_names[insn->rs2]); break;
	case 'C': put(out, "%s", f_names[insn->rs3_rm >> 3]); break;
	case 'i': put(out, "%d", insn->imm); break;
	case 'h': put(out, "0x%x", (u32)insn->imm); break;
	case 'u': put(out, "0x%x", (u32)insn->imm >> 12); break;
	case 't': put(out, "0x%llx", (unsigned long long)(pc + (u64)(s64)insn->imm)); break;
	case 'z': put(out, "%u", insn->rs1); break;
	case 's': put_csr(out, (u16)insn->imm); break;
	case 'p': put_set(out, (unsigned)bits((u32)insn->imm, 4, 4)); break;
	case 'q': put_set(out, (unsigned)bits((u32)insn->imm, 0, 4)); break;
	case 'f': put_constant(out, (unsigned)insn->imm); break;
	case 'l': put_list(out, insn->rs2); break;
	case 'm': put(out, "%s", rm_names[insn->rs3_rm & 7]); break;
	default: put(out, "%c", operand); break;
	}
}

/* The row's name, and what belongs to it of the bits: ordering, the number of a MOP. */
static void put_name(struct writer *out, const struct insn *insn)
{
	static const char *const orders[4] = { "", ".rl", ".aq", ".aqrl" };
	const struct opinfo *op = &isa_ops[insn->op];

	for (const char *c = op->name; *c; c++)
		put(out, "%c", *c == '_' ? '.' : *c);
	switch (op->format) {
	case FORMAT_AMO:
	case FORMAT_LR:
		put(out, "%s", orders[bits(insn->raw, 25, 2)]);
		break;
	case FORMAT_MOPR:
	case FORMAT_MOPRR:
	case FORMAT_CMOP:
		put(out, ".%d", insn->imm);
		break;
	default:
		break;
	}
}

void disasm(const struct isa *isa, u64 pc, u32 raw, char *text, size_t size)
{
	struct writer out = { .text = text, .size = size };
	struct insn insn;
	const char *rest;

	isa_decode(isa, raw, &insn);
	if (insn.op == OP_illegal) {
		put(&out, insn_length(raw) == 2 ? ".2byte 0x%04x" : ".4byte 0x%08x", insn.raw);
		return;
	}
	put_name(&out, &insn);
	rest = operands[isa_ops[insn.op].format];
	put(&out, "%s", *rest ? " " : "");
	for (; *rest; rest++)
		put_operand(&out, *rest, pc, &insn);
}
