/* SPDX-License-Identifier: MIT */
/* Emitters of loads and stores: the TLB is asked in line, a miss calls the body. */
#include "cpu/jit/emit.h"
#include "cpu/mmu/mem.h"

#define VIEW_OF(array) ((s64)offsetof(struct tlb_view, array))

/* Leaves in RAX the address rs1 + imm. */
static void read_address(struct gen *gen, const struct insn *insn, s64 imm)
{
	if (is_pinned(insn->rs1) && imm) {
		X86(&gen->x, LEA, x86_reg(8, RAX), x86_at(8, pin_x[insn->rs1], imm));
		return;
	}
	gen_read_x(gen, RAX, insn->rs1);
	if (imm)
		X86(&gen->x, ADD, x86_reg(8, RAX), x86_imm(imm));
}

/* Leaves in RCX the number of the entry of the address in RAX, times 8 divided by the scale. */
static unsigned read_index(struct gen *gen)
{
	struct x86 *x = &gen->x;

	if (gen->jit->has_pext) {
		X86(x, PEXT, x86_reg(8, RCX), x86_reg(8, RAX),
		    x86_at(8, ENV, ENV_OF(native.index_bits)));
		return 8;
	}
	X86(x, MOV, x86_reg(4, RCX), x86_reg(4, RAX));
	X86(x, SHR, x86_reg(4, RCX), x86_imm(PAGE_SHIFT - 3));
	X86(x, AND, x86_reg(4, RCX), x86_imm((TLB_ENTRIES - 1) * 8));
	return 1;
}

/* Returns whether two pages that follow each other have different entries. */
static bool tags_tell_pages(void)
{
	return TLB_ENTRIES > 1;
}

/*
 * Leaves the host address in RAX. Unless it is of an atomic, which has no immediate, misaligned
 * accesses within a page may hit: the tag is compared with the page of the last byte.
 */
static void probe(struct gen *gen, const struct insn *insn, s64 tag, unsigned size, bool atomic)
{
	struct x86 *x = &gen->x;
	unsigned scale;

	read_address(gen, insn, atomic ? 0 : insn->imm);
	scale = read_index(gen);
	if (!atomic && tags_tell_pages() && mem_misaligned_hits(gen->hart)) {
		X86(x, LEA, x86_reg(8, RDX), x86_at(8, RAX, size - 1));
		X86(x, AND, x86_reg(8, RDX), x86_imm((s64)PAGE_MASK));
	} else {
		X86(x, MOV, x86_reg(8, RDX), x86_imm((s64)(PAGE_MASK | (size - 1))));
		X86(x, AND, x86_reg(8, RDX), x86_reg(8, RAX));
	}
	X86(x, CMP, x86_reg(8, RDX), x86_indexed(8, VIEW, RCX, scale, tag));
	gen_cold(gen, ZYDIS_MNEMONIC_JNZ);
	X86(x, ADD, x86_reg(8, RAX), x86_indexed(8, VIEW, RCX, scale, VIEW_OF(addend)));
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

	probe(gen, insn, VIEW_OF(read), how->size, false);
	x86_write(&gen->x, (ZydisMnemonic)how->mnemonic, 2,
		  (struct x86_arg[]){ x86_reg(plain && how->size < 8 ? 4 : 8, reg),
				      place(how->size) });
	gen_write_x(gen, insn->rd, reg);
	return true;
}

bool jit_store(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	unsigned reg = RCX;

	probe(gen, insn, VIEW_OF(write), how->size, false);
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

	probe(gen, insn, VIEW_OF(read), how->size, false);
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

	probe(gen, insn, VIEW_OF(write), how->size, false);
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

	probe(gen, insn, VIEW_OF(write), how->size, true);
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
