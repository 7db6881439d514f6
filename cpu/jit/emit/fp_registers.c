/* SPDX-License-Identifier: MIT */
/*
 * Reads and writes f registers in native code, in host registers or in the hart, and checks NaN
 * boxes.
 */
#include "cpu/jit/emit/emit.h"

static bool is_pinned_f(const struct gen *gen, unsigned reg)
{
	return gen_pin_f(gen, reg) != X86_NONE;
}

/*
 * Returns the offset of an f register in the hart from the vector registers, as held_vectors.h
 * counts.
 */
static s64 place_of_f(unsigned reg)
{
	return (s64)offsetof(struct hart, f) + 8 * (s64)reg - (s64)offsetof(struct hart, vector.v);
}

struct x86_arg gen_f(struct gen *gen, unsigned size, unsigned reg)
{
	struct x86_arg held;

	if (is_pinned_f(gen, reg))
		return x86_xmm(gen_pin_f(gen, reg));
	if (gen->f_in_hart) {
		held = gen_held(gen, 8, place_of_f(reg));
		if (is_held(held))
			return held;
	}
	return x86_at(size, ENV, ENV_OF(f) + 8 * (s64)reg);
}

/* Loads all 64 bits of an f register. */
void gen_read_f(struct gen *gen, unsigned xmm, unsigned reg)
{
	const struct x86_arg from = gen_f(gen, 8, reg);

	if (is_held(from))
		X86(&gen->x, MOVAPS, x86_xmm(xmm), from);
	else
		X86(&gen->x, MOVQ, x86_xmm(xmm), from);
}

unsigned gen_source_f(struct gen *gen, unsigned xmm, unsigned reg)
{
	if (is_pinned_f(gen, reg))
		return gen_pin_f(gen, reg);
	gen_read_f(gen, xmm, reg);
	return xmm;
}

unsigned gen_target_f(const struct gen *gen, unsigned fd)
{
	return is_pinned_f(gen, fd) ? gen_pin_f(gen, fd) : XMM0;
}

void gen_box_single(struct gen *gen, unsigned xmm)
{
	X86(&gen->x, ORPS, x86_xmm(xmm), x86_at(16, ENV, ENV_OF(native.box)));
}

void gen_set_fp_dirty(struct gen *gen)
{
	if (!gen->known.dirty)
		X86(&gen->x, MOV, x86_at(1, ENV, ENV_OF(fp_dirty)), x86_imm(1));
}

void gen_write_f(struct gen *gen, unsigned fd, unsigned xmm)
{
	if (is_pinned_f(gen, fd)) {
		if (xmm != gen_pin_f(gen, fd))
			X86(&gen->x, MOVAPS, x86_xmm(gen_pin_f(gen, fd)), x86_xmm(xmm));
	} else {
		X86(&gen->x, MOVQ, x86_at(8, ENV, ENV_OF(f) + 8 * (s64)fd), x86_xmm(xmm));
		if (gen->f_in_hart)
			gen_hold(gen, 8, place_of_f(fd), xmm);
	}
	gen_set_fp_dirty(gen);
}

void gen_read_bits(struct gen *gen, unsigned reg, unsigned fs)
{
	const struct x86_arg from = gen_f(gen, 8, fs);

	if (is_held(from))
		X86(&gen->x, MOVQ, x86_reg(8, reg), from);
	else
		X86(&gen->x, MOV, x86_reg(8, reg), from);
}

static void require_boxed_half(struct gen *gen, unsigned reg)
{
	gen_read_bits(gen, RAX, reg);
	X86(&gen->x, OR, x86_reg(8, RAX), x86_imm(0xffff));
	X86(&gen->x, CMP, x86_reg(8, RAX), x86_imm(-1));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

void emitter_compare_boxed(struct gen *gen, unsigned reg)
{
	if (is_pinned_f(gen, reg)) {
		X86(&gen->x, PEXTRD, x86_reg(4, RAX), gen_f(gen, 8, reg), x86_imm(1));
		X86(&gen->x, CMP, x86_reg(4, RAX), x86_imm(-1));
	} else {
		X86(&gen->x, CMP, x86_at(4, ENV, ENV_OF(f) + 8 * (s64)reg + 4), x86_imm(-1));
	}
}

void gen_note_boxed(struct gen *gen, u32 regs)
{
	gen->place[gen->insn->index].boxed |= regs;
}

/*
 * Writes the check of a NaN box. That the register is boxed is known only for the rest of this
 * instruction: if its body is called instead, execution returns to the next one.
 */
void gen_require_boxed(struct gen *gen, unsigned reg, unsigned size)
{
	if (size == 2)
		require_boxed_half(gen, reg);
	if (size != 4 || gen->known.boxed >> reg & 1)
		return;
	gen_note_boxed(gen, 1u << reg);
	emitter_compare_boxed(gen, reg);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	gen->known.boxed |= 1u << reg;
}
