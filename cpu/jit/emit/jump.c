/* SPDX-License-Identifier: MIT */
/*
 * Emitters of jumps, and of ECALL and SRET, after which execution usually continues elsewhere
 * without leaving native code (stubs_trap.c). The emitter of branches is in alu.c, with the
 * comparisons.
 */
#include "cpu/engine/cfi.h"
#include "cpu/jit/emit/emit.h"
#include "cpu/jit/timed/noted.h"
#include "cpu/jit/timed/priced.h"

/* Returns the offset in the page, or the next one, of the byte after the instruction. */
static s64 next_offset(const struct gen *gen, const struct insn *insn)
{
	return (s64)gen_offset(gen, insn->at) + insn_length(insn->raw);
}

/* Writes the address after the instruction to rd. */
static void write_return_address(struct gen *gen, const struct insn *insn)
{
	unsigned reg = gen_is_pinned(gen, insn->rd) ? gen->pin[insn->rd] : RDX;

	if (insn->rd == X_SINK)
		return;
	X86(&gen->x, MOV, x86_reg(8, reg), x86_at(8, ENV, ENV_OF(native.page)));
	X86(&gen->x, ADD, x86_reg(8, reg), x86_imm(next_offset(gen, insn)));
	gen_write_x(gen, insn->rd, reg);
}

/*
 * Writes the jump of a JAL to a byte of this page or of another one. The pc of a target in another
 * page is computed from the return address, if a host register holds that.
 */
static void jump_to(struct gen *gen, const struct insn *insn, s64 offset)
{
	if ((offset >= 0 && offset < (s64)PAGE_SIZE) || !gen_is_pinned(gen, insn->rd)) {
		gen_goto(gen, offset, 0);
		return;
	}
	X86(&gen->x, LEA, x86_reg(8, RAX),
	    x86_at(8, gen->pin[insn->rd], offset - next_offset(gen, insn)));
	gen_goto_pc(gen);
}

bool jit_jal(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	s64 offset = (s64)gen_offset(gen, insn->at) + insn->imm;
	const struct insn_place *to = gen_place_of(gen, offset);

	(void)how;
	write_return_address(gen, insn);
	if (to && to - gen->place <= insn->index) {
		gen_loop(gen, to, insn->index + 1u, NULL);
	} else {
		gen_price(gen, &gen->x, 0, insn->index + 1u, false);
		gen_run_left_to(gen, offset, insn->index + 1u, true);
		jump_to(gen, insn, offset);
	}
	gen->ended = true;
	return true;
}

bool jit_jalr(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	(void)how;
	/* While landing pads are in force, the body executes the jump. */
	if (isa_has(gen->hart->isa, EXT_zicfilp) && cfi_needs_pad(insn->rs1)) {
		X86(x, CMP, x86_at(1, ENV, ENV_OF(lpe)), x86_imm(0));
		gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	}
	gen_read_x(gen, RAX, insn->rs1);
	if (insn->imm)
		X86(x, ADD, x86_reg(8, RAX), x86_imm(insn->imm));
	/*
	 * The search of the table of jumps finds no odd pc, unless it has a single entry; find_pc
	 * clears bit 0.
	 */
	if (noted_is(gen->block) || TLB_JUMPS == 1)
		X86(x, AND, x86_reg(8, RAX), x86_imm(-2));
	write_return_address(gen, insn);
	gen_price(gen, x, 0, insn->index + 1u, false);
	gen_run_left(gen, insn->index + 1u, true);
	gen_goto_pc(gen);
	gen->ended = true;
	return true;
}

/*
 * Writes a call of `stub`, which executes the instruction. It returns only in unusual cases, which
 * are left to the body. Returns whether the instruction is emitted.
 */
static bool emit_trap(struct gen *gen, const struct insn *insn, const u8 *stub)
{
	if (priced_is(gen->block))
		return false;
	X86(&gen->x, MOV, x86_reg(4, RAX), x86_imm((s64)gen_offset(gen, insn->at)));
	x86_patch(x86_jump(&gen->x, ZYDIS_MNEMONIC_CALL), stub);
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
