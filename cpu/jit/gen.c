/* SPDX-License-Identifier: MIT */
/* Functions that emitters share: registers, calls, and the exits of a block (see gen.h). */
#include "cpu/jit/gen.h"

#include <assert.h>

#define NO X86_NONE

/* The x registers that programs use most, by a count over boots, python, gcc and node. */
const u8 pin_x[X_SINK + 1] = {
	NO, R15, RBX, NO, NO, NO, NO, NO, /* ra, sp */
	RBP, NO, R9, R8, R11, RDI, RSI, R10, /* s0, a0 to a5 */
	NO, NO, NO, NO, NO, NO, NO, NO,
	NO, NO, NO, NO, NO, NO, NO, NO,
	NO,
};

/* ft0 to ft3, fs0, fs1 and fa0 to fa7. */
const u8 pin_f[32] = {
	XMM0 + 2, XMM0 + 3, XMM0 + 4, XMM0 + 5, NO, NO, NO, NO,
	XMM0 + 6, XMM0 + 7, XMM0 + 8, XMM0 + 9, XMM0 + 10, XMM0 + 11, XMM0 + 12, XMM0 + 13,
	XMM0 + 14, XMM0 + 15, NO, NO, NO, NO, NO, NO,
	NO, NO, NO, NO, NO, NO, NO, NO,
};

unsigned gen_pin_f(const struct gen *gen, unsigned reg)
{
	return gen->f_in_hart ? X86_NONE : pin_f[reg];
}

struct x86_arg gen_x(const struct gen *gen, unsigned size, unsigned reg)
{
	if (gen_is_pinned(gen, reg))
		return x86_reg(size, gen->pin[reg]);
	return gen_x_in_hart(size, reg);
}

void gen_write_x(struct gen *gen, unsigned rd, unsigned reg)
{
	if (rd != X_SINK && reg != gen->pin[rd])
		X86(&gen->x, MOV, gen_x(gen, 8, rd), x86_reg(8, reg));
}

void gen_constant(struct gen *gen, unsigned reg, u64 value)
{
	/* A write of 32 bits clears the others. */
	if (value <= UINT32_MAX)
		X86(&gen->x, MOV, x86_reg(4, reg), x86_imm((s64)value));
	else
		X86(&gen->x, MOV, x86_reg(8, reg), x86_imm((s64)value));
}

void gen_set_x(struct gen *gen, unsigned rd, u64 value)
{
	unsigned reg = gen_target(gen, rd);

	if (!gen_is_pinned(gen, rd) && value == (u64)(s32)value) {
		X86(&gen->x, MOV, gen_x(gen, 8, rd), x86_imm((s64)value));
		return;
	}
	gen_constant(gen, reg, value);
	gen_write_x(gen, rd, reg);
}

void gen_read_x(struct gen *gen, unsigned reg, unsigned rs)
{
	if (rs == 0)
		gen_constant(gen, reg, 0);
	else if (gen->pin[rs] != reg)
		X86(&gen->x, MOV, x86_reg(8, reg), gen_x(gen, 8, rs));
}

unsigned gen_source(struct gen *gen, unsigned scratch, unsigned rs)
{
	if (gen_is_pinned(gen, rs))
		return gen->pin[rs];
	gen_read_x(gen, scratch, rs);
	return scratch;
}

void gen_slow_path(struct gen *gen, ZydisMnemonic mnemonic)
{
	struct slow_path *path = &gen->slow_path[gen->slow_paths];

	if (!path->jumps)
		path->insn = gen->insn;
	assert(path->jumps < ARRAY_SIZE(path->jump));
	path->jump[path->jumps++] = x86_jump(&gen->x, mnemonic);
}

struct x86 gen_begin_cold(struct gen *gen, u8 *jump)
{
	struct x86 hot = gen->x;

	if (gen->ungrouped)
		hot.at = x86_jump(&gen->x, ZYDIS_MNEMONIC_JMP);
	else
		gen->x = gen->cold;
	x86_patch(jump, gen->x.at);
	return hot;
}

void gen_end_cold(struct gen *gen, struct x86 hot)
{
	if (gen->ungrouped) {
		x86_patch(hot.at, gen->x.at);
		return;
	}
	x86_patch(x86_jump(&gen->x, ZYDIS_MNEMONIC_JMP), hot.at);
	gen->cold = gen->x;
	gen->x = hot;
}

void gen_call_at(struct gen *gen, struct x86 *x, const struct insn *insn)
{
	X86(x, MOV, x86_reg(4, RCX), x86_imm((s64)((const u8 *)insn - (const u8 *)gen->block)));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_CALL), gen->call);
}

/*
 * Notes an exit of the block, which can be linked at `place`, and writes the exit's own code, which
 * runs until it is linked.
 */
static void add_exit(struct gen *gen, u8 *place, u16 offset)
{
	struct jit *jit = gen->jit;
	struct x86 *x = &gen->cold;

	x86_patch(place, x->at);
	jit->exits[jit->exit_count] = (struct jit_exit){
		.place = place, .own = x->at, .from = jit->code_count, .offset = offset,
	};
	X86(x, MOV, x86_reg(4, RAX), x86_imm(offset));
	X86(x, MOV, x86_reg(4, RCX), x86_imm(jit->exit_count++));
	x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), jit->stubs.link);
}

/*
 * Adds back to the budget the instructions that the block's entry subtracted but that have not been
 * executed.
 */
static void give_back(struct gen *gen, unsigned undone)
{
	if (undone)
		X86(&gen->x, ADD, x86_reg(8, BUDGET), x86_imm(undone));
}

void gen_goto(struct gen *gen, s64 offset, unsigned undone)
{
	struct x86 *x = &gen->x;

	give_back(gen, undone);
	if (offset < 0 || offset >= (s64)PAGE_SIZE) {
		X86(x, MOV, x86_reg(8, RAX), x86_at(8, ENV, ENV_OF(native.page)));
		X86(x, ADD, x86_reg(8, RAX), x86_imm(offset));
		gen_goto_pc(gen);
	} else if ((u64)offset == gen_offset(gen, 0)) {
		x86_patch(x86_jump(x, ZYDIS_MNEMONIC_JMP), gen->direct);
	} else {
		add_exit(gen, x86_jump(x, ZYDIS_MNEMONIC_JMP), (u16)offset);
	}
}
