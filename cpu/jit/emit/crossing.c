/* SPDX-License-Identifier: MIT */
/*
 * The emitter of an instruction whose second half is in the next page. The code compares that half
 * with the one that was translated, so it is correct whatever is written or mapped there later.
 */
#include "cpu/engine/interp.h"
#include "cpu/jit/emit/emit.h"

#define FETCH_OF(array) ((s64)offsetof(struct tlb_view, array))

/*
 * Writes the check that the next page is in the view for fetches, and that the half in it is the
 * expected one. If not, the body is called.
 */
static void check_half(struct gen *gen, u32 half)
{
	struct x86 *x = &gen->x;

	X86(x, MOV, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(native.page)));
	X86(x, ADD, x86_reg(8, RAX), x86_imm((s64)PAGE_SIZE));
	X86(x, MOV, x86_reg(8, RDX), x86_at(8, ENV, ENV_OF(fetch)));
	gen_write_index(x, gen->jit, RAX);
	X86(x, CMP, x86_reg(8, RAX), x86_indexed(8, RDX, RCX, 8, FETCH_OF(execute)));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	X86(x, ADD, x86_reg(8, RAX), x86_indexed(8, RDX, RCX, 8, FETCH_OF(addend)));
	X86(x, MOVZX, x86_reg(4, RAX), x86_at(2, RAX, 0));
	X86(x, CMP, x86_reg(4, RAX), x86_imm(half));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

/*
 * Returns whether the instruction jumps to itself. The code of a jump back needs an instruction of
 * the block, which `whole` is not.
 */
static bool leads_to_itself(const struct insn *insn)
{
	return insn->imm == 0 && block_insn_is_direct_jump(insn);
}

bool jit_page_crossing(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const struct emitter *emitter;
	struct insn whole;

	(void)how;
	interp_decode(gen->hart, insn->raw, &whole);
	emitter = &emitters[whole.op];
	/*
	 * The block's key has no state of the FP or vector unit, and the block need not end as one
	 * with a write of a CSR must.
	 */
	if (isa_ops[whole.op].class >= CLASS_FLOAD || !emitter->emit ||
	    !gen_is_emitted(gen, &whole) || leads_to_itself(&whole))
		return false;
	whole.at = insn->at;
	whole.index = insn->index;
	check_half(gen, insn->raw >> 16);
	/* The slow path from here is not that of an access, which would look in the TLB again. */
	gen->slow_path[gen->slow_paths++].back = gen->x.at;
	gen->slow_path[gen->slow_paths] = (struct slow_path){ 0 };
	if (!emitter->emit(gen, &whole, emitter))
		gen_slow_path(gen, ZYDIS_MNEMONIC_JMP);
	return true;
}
