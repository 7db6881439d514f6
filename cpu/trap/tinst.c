/* SPDX-License-Identifier: MIT */
/* See tinst.h. Formats come from isa.def: no instruction is named here. */
#include "cpu/trap/tinst.h"

#include "cpu/hart/hart.h"
#include "cpu/mmu/peek.h"

/* Exceptions of explicit memory accesses: the only ones with a transformation. */
#define EXPLICIT_ACCESS                                                                            \
	(BIT(CAUSE_LOAD_MISALIGNED) | BIT(CAUSE_LOAD_ACCESS) | BIT(CAUSE_STORE_MISALIGNED) |       \
	 BIT(CAUSE_STORE_ACCESS) | BIT(CAUSE_LOAD_PAGE) | BIT(CAUSE_STORE_PAGE) |                  \
	 BIT(CAUSE_LOAD_GUEST_PAGE) | BIT(CAUSE_STORE_GUEST_PAGE))

#define RS1_FIELD (31u << 15)
#define RD_FIELD (31u << 7)
#define FUNCT7_FIELD (127u << 25)

/* Bits that are immediate in the format; false when the format has no transformation. */
static bool immediate_bits(enum insn_format format, u32 *mask)
{
	switch (format) {
	case FORMAT_LD:
	case FORMAT_FLD:
		*mask = 0xfffu << 20;
		return true;
	case FORMAT_S:
	case FORMAT_FS:
		*mask = FUNCT7_FIELD | RD_FIELD;
		return true;
	case FORMAT_AMO:
	case FORMAT_LR:
	case FORMAT_HLV:
	case FORMAT_HSV:
		*mask = 0;
		return true;
	default:
		return false;
	}
}

/* At once, unless what is behind a compressed one cannot be read. */
static bool peek_insn(struct hart *hart, u32 *raw)
{
	if (hart_peek_code(hart, hart->pc, raw, 4))
		return true;
	*raw = 0;
	return hart_peek_code(hart, hart->pc, raw, 2) && insn_length(*raw) == 2;
}

u64 tinst_transformed(struct hart *hart)
{
	u32 raw, full, immediate;
	struct insn insn;
	u64 offset;

	if (hart->trap.cause >= 64 || !(EXPLICIT_ACCESS >> hart->trap.cause & 1) ||
	    !peek_insn(hart, &raw))
		return 0;
	isa_decode(hart->isa, raw, &insn);
	if (insn.op >= OP_COUNT || !immediate_bits(isa_ops[insn.op].format, &immediate))
		return 0;
	full = insn_length(raw) == 4 ? raw : rvc_expand(hart->isa, (u16)raw);
	/* How far into a misaligned access it was. */
	offset = hart->trap.tval - (hart->x[insn.rs1] + (u64)(s64)insn.imm);
	full = (full & ~immediate & ~RS1_FIELD) | (u32)(offset << 15 & RS1_FIELD);
	return insn_length(raw) == 4 ? full : full & ~2u;
}
