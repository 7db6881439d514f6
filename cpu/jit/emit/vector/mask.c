/* SPDX-License-Identifier: MIT */
/*
 * Emitters of logical operations between masks, which have a bit for each element. Up to 64
 * elements are computed as one word, in which the bits from vl on keep their values. More elements
 * are computed as whole words, if vl is VLMAX.
 */
#include "cpu/jit/emit/vector/row.h"

/* The most words that are computed in line. */
#define WORDS_MOST 8

/* Computes 64 bits of the result in RDX. */
static void compute(struct gen *gen, const struct insn *insn, const struct emitter *how,
		    unsigned at)
{
	const struct x86_arg result = x86_reg(8, RDX);
	const bool not_b = how->size & JIT_V_NOT_B;
	struct x86 *x = &gen->x;

	X86(x, MOV, result, part_of(gen, 8, not_b ? insn->rs1 : insn->rs2, at));
	if (not_b)
		X86(x, NOT, result);
	x86_write(x, (ZydisMnemonic)how->mnemonic, 2,
		  (const struct x86_arg[]){ result,
					    part_of(gen, 8, not_b ? insn->rs2 : insn->rs1, at) });
	if (how->size & JIT_V_NOT_RESULT)
		X86(x, NOT, result);
}

/* Emits a logical operation; `mnemonic` is the host's operation on words. */
bool jit_v_mask_logic(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const u64 vlmax = gen_vlmax(gen, gen_vtype(gen));
	struct x86 *x = &gen->x;

	if (!gen_keeps_tail(gen) || !gen->jit->host.has_bmi2 || vlmax > 64 * WORDS_MOST)
		return false;
	gen_require_start_0(gen);
	gen->held.kept = true;
	if (vlmax <= 64) {
		gen_active(gen, false);
		compute(gen, insn, how, 0);
		X86(x, XOR, x86_reg(8, RDX), part_of(gen, 8, insn->rd, 0));
		X86(x, AND, x86_reg(8, RDX), x86_reg(8, RAX));
		X86(x, XOR, part_of(gen, 8, insn->rd, 0), x86_reg(8, RDX));
		spoil(gen, 8, insn->rd, 0);
		return true;
	}
	gen_require_all(gen, vlmax);
	for (unsigned at = 0; at < vlmax / 8; at += 8) {
		compute(gen, insn, how, at);
		X86(x, MOV, part_of(gen, 8, insn->rd, at), x86_reg(8, RDX));
		spoil(gen, 8, insn->rd, at);
	}
	return true;
}
