/* SPDX-License-Identifier: MIT */
/* Emitters of loads and stores: the TLB is asked in line, a miss calls the body. */
#include "cpu/jit/emit.h"

#define TAG_OF(which)                                                                              \
	((s64)offsetof(struct tlb_view, entry) + (s64)offsetof(struct tlb_entry, which))

/* Leaves the host address of rs1 + imm in RAX. An address that is not aligned is a miss. */
static void probe(struct gen *gen, const struct insn *insn, s64 imm, s64 tag, unsigned size)
{
	struct x86 *x = &gen->x;

	_Static_assert(sizeof(struct tlb_entry) == 32, "the index is shifted by 5");
	if (is_pinned(insn->rs1) && imm) {
		X86(x, LEA, x86_reg(8, RAX), x86_at(8, pin_x[insn->rs1], imm));
	} else {
		gen_read_x(gen, RAX, insn->rs1);
		if (imm)
			X86(x, ADD, x86_reg(8, RAX), x86_imm(imm));
	}
	X86(x, MOV, x86_reg(4, RCX), x86_reg(4, RAX));
	X86(x, MOV, x86_reg(8, RDX), x86_imm((s64)(PAGE_MASK | (size - 1))));
	X86(x, SHR, x86_reg(4, RCX), x86_imm(PAGE_SHIFT - 5));
	X86(x, AND, x86_reg(4, RCX), x86_imm((TLB_ENTRIES - 1) << 5));
	X86(x, AND, x86_reg(8, RDX), x86_reg(8, RAX));
	X86(x, CMP, x86_reg(8, RDX), x86_indexed(8, VIEW, RCX, 1, tag));
	gen_cold(gen, ZYDIS_MNEMONIC_JNZ);
	X86(x, ADD, x86_reg(8, RAX), x86_indexed(8, VIEW, RCX, 1, TAG_OF(addend)));
}

/* The value of `size` bytes at RAX. */
static struct x86_arg place(unsigned size)
{
	return x86_at(size, RAX, 0);
}

bool jit_load(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = gen_target(insn->rd);
	/* A value of 32 bits that is not extended with its sign is extended with zeros by x86. */
	bool plain = how->mnemonic == ZYDIS_MNEMONIC_MOV || how->mnemonic == ZYDIS_MNEMONIC_MOVZX;

	probe(gen, insn, insn->imm, TAG_OF(read), how->size);
	x86_write(&gen->x, (ZydisMnemonic)how->mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(plain && how->size < 8 ? 4 : 8, reg),
				      place(how->size) });
	gen_write_x(gen, insn->rd, reg);
	return true;
}

bool jit_store(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = RCX;

	probe(gen, insn, insn->imm, TAG_OF(write), how->size);
	if (insn->rs2 == 0) {
		X86(&gen->x, MOV, place(how->size), x86_imm(0));
		return true;
	}
	if (is_pinned(insn->rs2))
		reg = pin_x[insn->rs2];
	else
		gen_read_x(gen, RCX, insn->rs2);
	X86(&gen->x, MOV, place(how->size), x86_reg(how->size, reg));
	return true;
}

bool jit_fp_load(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	probe(gen, insn, insn->imm, TAG_OF(read), how->size);
	if (how->size == 4) {
		/* The upper half is all ones: a NaN box. */
		X86(x, PCMPEQD, x86_xmm(XMM0), x86_xmm(XMM0));
		X86(x, PINSRD, x86_xmm(XMM0), place(4), x86_imm(0));
	} else {
		X86(x, MOVQ, x86_xmm(XMM0), place(8));
	}
	gen_write_f(gen, insn->rd, XMM0, how->size);
	return true;
}

bool jit_fp_store(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	probe(gen, insn, insn->imm, TAG_OF(write), how->size);
	gen_read_f(gen, XMM0, insn->rs2);
	if (how->size == 4)
		X86(x, MOVD, place(4), x86_xmm(XMM0));
	else
		X86(x, MOVQ, place(8), x86_xmm(XMM0));
	return true;
}

/*
 * All harts run on one host thread, so that a plain read and write is atomic. `mnemonic` computes
 * what is stored from rs2 and the old value; MOV leaves it rs2.
 */
bool jit_amo(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	probe(gen, insn, 0, TAG_OF(write), how->size);
	if (how->size == 4)
		X86(x, MOVSXD, x86_reg(8, RDX), place(4));
	else
		X86(x, MOV, x86_reg(8, RDX), place(8));
	gen_read_x(gen, RCX, insn->rs2);
	if (how->mnemonic != ZYDIS_MNEMONIC_MOV)
		x86_write(x, how->mnemonic, 2,
			  (struct x86_arg[]){ x86_reg(8, RCX), x86_reg(8, RDX) });
	X86(x, MOV, place(how->size), x86_reg(how->size, RCX));
	gen_write_x(gen, insn->rd, RDX);
	return true;
}
