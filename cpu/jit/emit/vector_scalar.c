/* SPDX-License-Identifier: MIT */
/*
 * Emitters of vector instructions between element 0 and f registers, and of ordered sums. A frm
 * that is reserved traps in all of them, so that one that is not 0 is the body's.
 */
#include "cpu/isa/vector.h"
#include "cpu/jit/emit/vector.h"

/* The most elements that are summed in line. */
#define SUM_MOST 32

/* Finds how elements of SEW lie, which has to be a single's or a double's. */
static bool find(struct gen *gen, const struct insn *insn, struct lanes *lanes)
{
	return gen_lanes(gen, insn, -1, lanes) && lanes->size >= 2 &&
	       !(gen->block->key & BLOCK_KEY_RM);
}

static struct x86_arg element(const struct gen *gen, const struct lanes *lanes, unsigned reg,
			      unsigned n)
{
	s64 at = (s64)(reg * gen->hart->vector.vlenb + (n << lanes->size));

	return x86_at(1u << lanes->size, ENV, ENV_OF(vector.v) + at);
}

bool jit_v_move_f_s(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;
	struct lanes lanes;

	(void)how;
	if (!find(gen, insn, &lanes))
		return false;
	gen_require_start_0(gen);
	if (lanes.size == 2) {
		X86(x, PCMPEQD, x86_xmm(XMM0), x86_xmm(XMM0));
		X86(x, PINSRD, x86_xmm(XMM0), element(gen, &lanes, insn->rs2, 0), x86_imm(0));
	} else {
		X86(x, MOVQ, x86_xmm(XMM0), element(gen, &lanes, insn->rs2, 0));
	}
	gen_write_f(gen, insn->rd, XMM0, 1u << lanes.size);
	return true;
}

bool jit_v_move_s_f(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct lanes lanes;

	(void)how;
	if (!find(gen, insn, &lanes))
		return false;
	gen_require_start_0(gen);
	X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vl)), x86_imm(0));
	gen_cold(gen, ZYDIS_MNEMONIC_JZ);
	gen_require_boxed(gen, insn->rs1, 1u << lanes.size);
	gen_read_bits(gen, RAX, insn->rs1);
	X86(&gen->x, MOV, element(gen, &lanes, insn->rd, 0), x86_reg(1u << lanes.size, RAX));
	return true;
}

/* A scalar for all elements. */
bool jit_v_move_v_f(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct lanes lanes;

	if (!find(gen, insn, &lanes))
		return false;
	gen_require_boxed(gen, insn->rs1, 1u << lanes.size);
	return jit_v_move(gen, insn, how);
}

/* Adds elements to the sum as long as they are below vl, which is in ECX. */
static void add_elements(struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			 ZydisMnemonic add, struct x86_arg sum)
{
	u8 *ends[SUM_MOST];
	struct x86 *x = &gen->x;

	for (unsigned n = 0; n < lanes->vlmax; n++) {
		const struct x86_arg args[] = { sum, sum, element(gen, lanes, insn->rs2, n) };

		X86(x, CMP, x86_reg(4, RCX), x86_imm(n));
		if (n)
			ends[n] = x86_jump(x, ZYDIS_MNEMONIC_JBE);
		else
			gen_cold(gen, ZYDIS_MNEMONIC_JBE);
		x86_write(x, add, 3, args);
	}
	for (unsigned n = 1; n < lanes->vlmax; n++)
		x86_land(ends[n], x->at);
}

/* Sums in the order of elements, the unordered ones too, as the body has it; a NaN is its own. */
bool jit_v_sum_floats(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const ZydisMnemonic moves[] = { ZYDIS_MNEMONIC_VMOVSS, ZYDIS_MNEMONIC_VMOVSD };
	const ZydisMnemonic adds[] = { ZYDIS_MNEMONIC_VADDSS, ZYDIS_MNEMONIC_VADDSD };
	const ZydisMnemonic tests[] = { ZYDIS_MNEMONIC_VUCOMISS, ZYDIS_MNEMONIC_VUCOMISD };
	struct x86 *x = &gen->x;
	struct x86_arg sum;
	struct lanes lanes;
	bool wide;

	(void)how;
	if (!find(gen, insn, &lanes) || lanes.vlmax > SUM_MOST)
		return false;
	wide = lanes.size == 3;
	sum = x86_xmm(XMM0);
	gen_require_start_0(gen);
	gen_note_fp_dirty(gen);
	X86(x, MOV, x86_reg(4, RCX), x86_at(4, ENV, ENV_OF(vector.vl)));
	x86_write(x, moves[wide], 2,
		  (const struct x86_arg[]){ sum, element(gen, &lanes, insn->rs1, 0) });
	add_elements(gen, insn, &lanes, adds[wide], sum);
	x86_write(x, tests[wide], 2, (const struct x86_arg[]){ sum, sum });
	gen_cold(gen, ZYDIS_MNEMONIC_JP);
	x86_write(x, moves[wide], 2,
		  (const struct x86_arg[]){ element(gen, &lanes, insn->rd, 0), sum });
	return true;
}
