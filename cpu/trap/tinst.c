/* SPDX-License-Identifier: MIT */
/*
 * Computes the transformed instruction (see tinst.h), by the data of format.def: no format and no
 * instruction is named here.
 */
#include "cpu/trap/tinst.h"

#include "cpu/hart/hart.h"
#include "cpu/mmu/peek.h"

#define RS1_FIELD (31u << 15)

/*
 * Reads 4 bytes at pc, or just 2 if there is a compressed instruction and the bytes after it cannot
 * be read. Returns false if the instruction cannot be read.
 */
static bool peek_insn(struct hart *hart, u32 *raw)
{
	if (hart_peek_code(hart, hart->pc, raw, 4))
		return true;
	*raw = 0;
	return hart_peek_code(hart, hart->pc, raw, 2) && insn_length(*raw) == 2;
}

u64 tinst_of(const struct hart *hart, const struct insn *insn)
{
	enum insn_format format = isa_ops[insn->op].format;
	u32 raw = insn->raw, full;
	u64 offset;

	if (insn->op >= OP_COUNT || !format_has_width(format))
		return 0;
	full = insn_length(raw) == 4 ? raw : rvc_expand(hart->isa, (u16)raw);
	/* The offset is the distance from the start of a misaligned access to the faulting part. */
	offset = hart->trap.tval - (hart->x[insn->rs1] + (u64)(s64)insn->imm);
	full = (full & ~format_place(format, -1) & ~RS1_FIELD) | (u32)(offset << 15 & RS1_FIELD);
	return insn_length(raw) == 4 ? full : full & ~2u;
}

u64 tinst_transformed(struct hart *hart)
{
	struct insn insn;
	u32 raw;

	if (!tinst_is_for(hart->trap.cause) || !peek_insn(hart, &raw))
		return 0;
	isa_decode(hart->isa, raw, &insn);
	return tinst_of(hart, &insn);
}
