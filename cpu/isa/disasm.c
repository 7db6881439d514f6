/* SPDX-License-Identifier: MIT */
/*
 * The disassembler. It knows neither instructions nor formats, only what the letters of a format's
 * template and the kinds of its operands mean (format.def), and the names of special cases that
 * execute as any other.
 */
#include "cpu/isa/disasm.h"

#include "cpu/csr/csr.h"
#include "cpu/fpu/fpu.h"
#include "cpu/isa/isa.h"
#include "cpu/isa/vector.h"
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

/* Instructions that have a name of their own, without being rows of isa.def. */
static const struct {
	u32 raw;
	const char *text;
} special[] = {
	{ 0x8330000f, "fence.tso" },
};

/* Text that grows; what does not fit is dropped. */
struct writer {
	char *text;
	size_t size, used;
};

static PRINTF_LIKE(2, 3) void disasm_put(struct writer *out, const char *format, ...)
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
		disasm_put(out, "%s", name);
	else
		disasm_put(out, "0x%x", number);
}

/* Writes a set of FENCE: some of input, output, read, write. */
static void put_set(struct writer *out, unsigned set)
{
	if (!set)
		disasm_put(out, "0");
	for (unsigned n = 0; n < 4; n++)
		if (set & (8 >> n))
			disasm_put(out, "%c", "iorw"[n]);
}

/*
 * Writes a constant of FLI (Zfa, "Load-Immediate Instructions"). Some have names, because their
 * values depend on the format.
 */
static void put_constant(struct writer *out, unsigned index)
{
	static const char *const names[32] = { [1] = "min", [30] = "inf", [31] = "nan" };
	u64 word = f64_constant(index);
	double value;

	memcpy(&value, &word, sizeof(value));
	if (names[index])
		disasm_put(out, "%s", names[index]);
	else
		disasm_put(out, "%a", value);
}

/* Writes a register list of Zcmp, such as "{ra,s0-s3}". */
static void put_list(struct writer *out, unsigned count)
{
	disasm_put(out, "{%s", x_names[zcmp_register(0)]);
	if (count > 1)
		disasm_put(out, ",%s", x_names[zcmp_register(1)]);
	if (count > 2)
		disasm_put(out, "-%s", x_names[zcmp_register(count - 1)]);
	disasm_put(out, "}");
}

/* Writes a vtype as "e32,m1,ta,ma", or as a number if the assembler has no such form for it. */
static void put_vtype(struct writer *out, u32 vtype)
{
	int lmul = vtype_lmul(vtype);

	if (vtype >> 8 || lmul == -4 || vtype_sew(vtype) > 6)
		disasm_put(out, "%u", vtype);
	else
		disasm_put(out, "e%u,m%s%u,%s,%s", 1u << vtype_sew(vtype), lmul < 0 ? "f" : "",
			   1u << (lmul < 0 ? -lmul : lmul), vtype & VTYPE_VTA ? "ta" : "tu",
			   vtype & VTYPE_VMA ? "ma" : "mu");
}

/*
 * Writes a mnemonic: the name with '.' for '_'. Segment loads and stores have "seg" and the number
 * of fields before the width, as in vlseg2e8.v and vluxseg2ei8.v.
 */
static void put_name(struct writer *out, const struct insn *insn)
{
	const char *name = isa_ops[insn->op].name;
	unsigned nf = vector_nf(insn);
	const char *width = nf > 1 ? strrchr(name, 'e') : NULL;

	for (const char *c = name; *c; c++) {
		if (c == width)
			disasm_put(out, "seg%u", nf);
		disasm_put(out, "%c", *c == '_' ? '.' : *c);
	}
}

/* Writes an operand according to its kind: a register's name, a number, a list. */
static void put_operand(struct writer *out, struct format_operand operand, unsigned field)
{
	switch ((enum operand_kind)operand.kind) {
	case OPERAND_X:
	case OPERAND_SAVED:
		disasm_put(out, "%s", x_names[field]);
		break;
	case OPERAND_F:
		disasm_put(out, "%s", f_names[field]);
		break;
	case OPERAND_V:
		disasm_put(out, "v%u", field);
		break;
	case OPERAND_NUMBER:
		disasm_put(out, "%u", field);
		break;
	case OPERAND_LIST:
		put_list(out, field);
		break;
	case OPERAND_NONE:
		break;
	}
}

static void put_letter(struct writer *out, char letter, u64 pc, const struct insn *insn)
{
	static const char *const orders[4] = { "", ".rl", ".aq", ".aqrl" };
	const struct format *format = isa_format(insn->op);

	switch (letter) {
	case 'd': put_operand(out, format->rd, insn->rd == X_SINK ? 0 : insn->rd); break;
	case 'a': put_operand(out, format->rs1, insn->rs1); break;
	case 'b': put_operand(out, format->rs2, insn->rs2); break;
	case 'c': put_operand(out, format->rs3, insn->rs3_rm >> 3); break;
	case 'i': disasm_put(out, "%d", insn->imm); break;
	case 'h': disasm_put(out, "0x%x", (u32)insn->imm); break;
	case 'u': disasm_put(out, "0x%x", (u32)insn->imm >> 12); break;
	case 't': disasm_put(out, "0x%llx", pc + (u64)(s64)insn->imm); break;
	case 's': put_csr(out, (u16)insn->imm); break;
	case 'p': put_set(out, (unsigned)bits((u32)insn->imm, 4, 4)); break;
	case 'q': put_set(out, (unsigned)bits((u32)insn->imm, 0, 4)); break;
	case 'f': put_constant(out, (unsigned)insn->imm); break;
	case 'm': disasm_put(out, "%s", rm_names[insn->rs3_rm & 7]); break;
	case 'v': disasm_put(out, "%s", bits(insn->raw, 25, 1) ? "" : ",v0.t"); break;
	case 'z': disasm_put(out, "v0"); break;
	case 'y': put_vtype(out, (u32)insn->imm); break;
	case 'o': disasm_put(out, "%s", orders[bits(insn->raw, 25, 2)]); break;
	default: disasm_put(out, "%c", letter); break;
	}
}

void disasm(const struct isa *isa, u64 pc, u32 raw, char *text, size_t size)
{
	struct writer out = { .text = text, .size = size };
	struct insn insn;

	isa_decode(isa, raw, &insn);
	if (insn.op == OP_illegal) {
		disasm_put(&out, insn_length(raw) == 2 ? ".2byte 0x%04x" : ".4byte 0x%08x",
			   insn.raw);
		return;
	}
	for (unsigned n = 0; n < ARRAY_SIZE(special); n++) {
		if (raw == special[n].raw) {
			disasm_put(&out, "%s", special[n].text);
			return;
		}
	}
	put_name(&out, &insn);
	for (const char *c = isa_format(insn.op)->template; *c; c++)
		put_letter(&out, *c, pc, &insn);
}
