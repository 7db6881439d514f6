/* SPDX-License-Identifier: MIT */
/* Emitters of loads and stores. */
#include "cpu/isa/csr_bits.h"
#include "cpu/jit/emit/emit.h"

void emitter_write_load(struct x86 *x, const struct emitter *load, unsigned reg,
			struct x86_arg from)
{
	/* A load of 32 bits that is not sign-extended is zero-extended by x86. */
	bool narrow = load->size < 8 && !emitter_extends_sign(load);

	x86_write(x, (ZydisMnemonic)load->mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(narrow ? 4 : 8, reg), from });
}

bool jit_load(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(gen, insn->rd);
	struct address at = gen_find_datum(gen, insn, false, how->size);

	emitter_write_load(&gen->x, how, reg, gen_datum(how->size, &at));
	gen_write_x(gen, insn->rd, reg);
	return true;
}

bool jit_store(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct address at = gen_find_datum(gen, insn, true, how->size);
	unsigned reg;

	if (insn->rs2 == 0) {
		X86(&gen->x, MOV, gen_datum(how->size, &at), x86_imm(0));
		return true;
	}
	reg = gen_source(gen, RDX, insn->rs2);
	X86(&gen->x, MOV, gen_datum(how->size, &at), x86_reg(how->size, reg));
	return true;
}

bool jit_fp_load(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct address at = gen_find_datum(gen, insn, false, how->size);
	const unsigned to = gen_target_f(gen, insn->rd);
	struct x86 *x = &gen->x;

	/* The bytes that are not loaded become all ones: a NaN box. */
	if (how->size == 2) {
		X86(x, PCMPEQD, x86_xmm(to), x86_xmm(to));
		X86(x, PINSRW, x86_xmm(to), gen_datum(2, &at), x86_imm(0));
	} else if (how->size == 4) {
		X86(x, MOVD, x86_xmm(to), gen_datum(4, &at));
		gen_box_single(gen, to);
	} else {
		X86(x, MOVQ, x86_xmm(to), gen_datum(8, &at));
	}
	gen_write_f(gen, insn->rd, to);
	return true;
}

bool jit_fp_store(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct address at = gen_find_datum(gen, insn, true, how->size);
	const unsigned from = gen_source_f(gen, XMM0, insn->rs2);
	struct x86 *x = &gen->x;

	if (how->size == 2)
		X86(x, PEXTRW, gen_datum(2, &at), x86_xmm(from), x86_imm(0));
	else if (how->size == 4)
		X86(x, MOVD, gen_datum(4, &at), x86_xmm(from));
	else
		X86(x, MOVQ, gen_datum(8, &at), x86_xmm(from));
	return true;
}

/*
 * Writes a check that goes to the body unless an envcfg register allows cbo.zero in the mode below.
 */
static void require_zeroing(struct gen *gen, s64 envcfg)
{
	X86(&gen->x, TEST, x86_at(1, ENV, envcfg), x86_imm((s8)MENVCFG_CBZE));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JZ);
}

/*
 * Emits cbo.zero for S-mode, where kernels clear pages with it. A miss is left to the body, because
 * only the first of the page's blocks misses.
 */
bool jit_zero_block(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	(void)how;
	if (gen->hart->priv != PRIV_S)
		return false;
	gen_require_mode(gen);
	require_zeroing(gen, ENV_OF(menvcfg));
	if (gen->hart->virt)
		require_zeroing(gen, ENV_OF(henvcfg));
	gen_read_x(gen, RAX, insn->rs1);
	X86(x, AND, x86_reg(8, RAX), x86_imm(-CBO_BLOCK));
	gen_write_page_check(x, gen->jit, RAX, true, 1);
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	gen_write_addend(x);
	X86(x, PXOR, x86_xmm(XMM0), x86_xmm(XMM0));
	for (s64 at = 0; at < CBO_BLOCK; at += 16)
		X86(x, MOVAPS, x86_indexed(16, RCX, RAX, 1, at), x86_xmm(XMM0));
	return true;
}
