/* SPDX-License-Identifier: MIT */
/*
 * Emitters of operations on masks, which have a bit for each element. Up to 64 elements are
 * computed as one number of 64 bits, in which the bits from vl on keep their values. More elements
 * are computed, 64 bits at a time, if vl is VLMAX, and only by logical operations.
 */
#include "cpu/jit/emit/vector/select.h"

/* Masks of more than this many times 64 bits are left to the body. */
#define WORDS_MOST 8

/* Computes 64 bits of the result in RDX. */
static void compute(struct gen *gen, const struct insn *insn, const struct emitter *how,
		    unsigned at)
{
	const struct x86_arg result = x86_reg(8, RDX);
	const bool not_b = how->size & JIT_V_NOT_B;
	struct x86 *x = &gen->x;

	X86(x, MOV, result, v_in_hart(gen, 8, not_b ? insn->rs1 : insn->rs2, at));
	if (not_b)
		X86(x, NOT, result);
	x86_write(x, (ZydisMnemonic)how->mnemonic, 2,
		  (const struct x86_arg[]){ result,
					    v_in_hart(gen, 8, not_b ? insn->rs2 : insn->rs1, at) });
	if (how->size & JIT_V_NOT_RESULT)
		X86(x, NOT, result);
}

/* Replaces by RDX those bits of the first word of vd that are set in RAX. */
static void put_word(struct gen *gen, const struct insn *insn)
{
	const struct x86_arg vd = v_in_hart(gen, 8, insn->rd, 0), result = x86_reg(8, RDX);
	struct x86 *x = &gen->x;

	X86(x, XOR, result, vd);
	X86(x, AND, result, x86_reg(8, RAX));
	X86(x, XOR, vd, result);
	gen_drop_bytes(gen, 8, insn->rd, 0);
}

/* Emits a logical operation; `mnemonic` is the host's operation on words. */
bool jit_v_mask_logic(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const u64 vlmax = gen_vlmax(gen, gen_vtype(gen));
	struct x86 *x = &gen->x;

	if (!gen_keeps_tail(gen) || !gen->jit->host.has_bmi2 || vlmax > 64 * WORDS_MOST)
		return false;
	gen_require_start_0(gen);
	gen->held.reports_writes = true;
	if (vlmax <= 64) {
		gen_active_bits(gen, false);
		compute(gen, insn, how, 0);
		put_word(gen, insn);
		return true;
	}
	gen_require_all(gen, vlmax);
	for (unsigned at = 0; at < vlmax / 8; at += 8) {
		compute(gen, insn, how, at);
		X86(x, MOV, v_in_hart(gen, 8, insn->rd, at), x86_reg(8, RDX));
		gen_drop_bytes(gen, 8, insn->rd, at);
	}
	return true;
}

/*
 * Emits vmsbf, vmsif and vmsof. If x has the active bits of vs2, x & -x is the first one that is
 * set, and that less 1 is all bits before it, or all bits if x is 0.
 */
bool jit_v_mask_first(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const struct x86_arg result = x86_reg(8, RDX), active = x86_reg(8, RCX);
	struct x86 *x = &gen->x;

	if (!gen_keeps_tail(gen) || gen->hart->vector.config.mask_ones ||
	    !gen->jit->host.has_bmi2 || gen_vlmax(gen, gen_vtype(gen)) > 64)
		return false;
	gen_require_start_0(gen);
	gen->held.reports_writes = true;
	gen_active_bits(gen, vector_is_masked(insn->raw));
	X86(x, MOV, active, v_in_hart(gen, 8, insn->rs2, 0));
	X86(x, AND, active, x86_reg(8, RAX));
	X86(x, MOV, result, active);
	X86(x, NEG, result);
	X86(x, AND, result, active);
	if (how->size == JIT_V_UP_TO)
		X86(x, MOV, active, result);
	if (how->size != JIT_V_ONLY)
		X86(x, DEC, result);
	if (how->size == JIT_V_UP_TO)
		X86(x, OR, result, active);
	put_word(gen, insn);
	return true;
}
