/* SPDX-License-Identifier: MIT */
/* Emitters of ECALL and SRET, which go on elsewhere without leaving native code (stubs_trap.c). */
#include "cpu/jit/emit.h"
#include "cpu/jit/priced.h"

/* Asks `stub` to execute the instruction; it comes back in unusual cases, which the body has. */
static bool emit_trap(struct gen *gen, const struct insn *insn, const u8 *stub)
{
	if (priced_is(gen->block))
		return false;
	X86(&gen->x, MOV, x86_reg(4, RAX), x86_imm((s64)gen_offset(gen, insn->at)));
	x86_land(x86_jump(&gen->x, ZYDIS_MNEMONIC_CALL), stub);
	gen_call_at(gen, &gen->x, insn);
	gen->ended = true;
	return true;
}

bool jit_ecall(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	(void)how;
	return emit_trap(gen, insn, gen->jit->stubs.ecall);
}

bool jit_sret(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	(void)how;
	return emit_trap(gen, insn, gen->jit->stubs.sret);
}
