/* SPDX-License-Identifier: MIT */
/*
 * The state that floating-point vector instructions share with scalar ones: frm, and the f
 * registers.
 */
#include "cpu/fpu/fpu.h"
#include "cpu/vector/impl.h"

bool vector_rounds(struct hart *hart, const struct insn *insn)
{
	return hart->frm <= RM_RMM || hart_illegal(hart, insn->raw, REASON_rounding_mode);
}

u64 vector_scalar(const struct hart *hart, const struct insn *insn)
{
	u64 value = hart->f[insn->rs1];

	if (isa_ops[insn->op].ext == EXT_zvfbfwma)
		return bf16_unbox(value);
	switch (sew_of(hart)) {
	case 1:
		return f16_unbox(value);
	case 2:
		return f32_unbox(value);
	default:
		return value;
	}
}

bool vector_read_float(struct hart *hart, const struct insn *insn)
{
	u64 value;

	vector_read_element(hart, insn, &value);
	switch (sew_of(hart)) {
	case 1:
		value = f16_box((u16)value);
		break;
	case 2:
		value = f32_box((u32)value);
		break;
	default:
		break;
	}
	hart->f[insn->rd] = value;
	hart->fp_dirty = true;
	return true;
}
