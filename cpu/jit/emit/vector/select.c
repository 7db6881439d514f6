/* SPDX-License-Identifier: MIT */
/*
 * The selection of elements: by mask registers or, without AVX-512, by vectors of all ones and
 * zeros, which are made from a bit for each element.
 */
#include "cpu/jit/emit/vector/select.h"

void gen_active_bits(struct gen *gen, bool masked)
{
	u64 vl = gen_known_vl(gen);
	struct x86 *x = &gen->x;

	if (vl) {
		gen_constant(gen, RAX, vl < 64 ? BIT(vl) - 1 : ~0ull);
	} else {
		X86(x, MOV, x86_reg(4, RCX), x86_at(4, ENV, ENV_OF(vector.vl)));
		X86(x, MOV, x86_reg(8, RAX), x86_imm(-1));
		X86(x, BZHI, x86_reg(8, RAX), x86_reg(8, RAX), x86_reg(8, RCX));
	}
	if (masked)
		X86(x, AND, x86_reg(8, RAX), v_in_hart(gen, 8, 0, 0));
}

/*
 * Does what gen_active_bits does, for a part of a group of more than 64 elements: RAX begins with
 * the bits of the part.
 */
static void gen_active_bits_of_part(struct gen *gen, bool masked, unsigned first)
{
	struct x86 *x = &gen->x;

	X86(x, MOV, x86_reg(4, RDX), x86_imm(0));
	X86(x, MOV, x86_reg(4, RAX), x86_imm(64));
	X86(x, MOV, x86_reg(4, RCX), x86_at(4, ENV, ENV_OF(vector.vl)));
	X86(x, SUB, x86_reg(4, RCX), x86_imm(first));
	X86(x, CMOVB, x86_reg(4, RCX), x86_reg(4, RDX));
	X86(x, CMP, x86_reg(4, RCX), x86_reg(4, RAX));
	X86(x, CMOVNBE, x86_reg(4, RCX), x86_reg(4, RAX));
	X86(x, MOV, x86_reg(8, RAX), x86_imm(-1));
	X86(x, BZHI, x86_reg(8, RAX), x86_reg(8, RAX), x86_reg(8, RCX));
	if (masked)
		X86(x, AND, x86_reg(8, RAX), v_in_hart(gen, 8, 0, first / 8));
}

/*
 * The bit of each element, by the logarithm of the element's bytes. It is tested in a vector to all
 * parts of which the bits were broadcast.
 */
struct bits {
	u8 byte[4][32];
	u8 spread[32]; /* for elements of a byte: which of four bytes has the bit of each */
};

#define TWICE(...) __VA_ARGS__, __VA_ARGS__
#define EIGHT(n) n, n, n, n, n, n, n, n
static const struct bits element_bits = {
	.byte = {
		{ TWICE(TWICE(1, 2, 4, 8, 16, 32, 64, 128)) },
		{ 1, 0, 2, 0, 4, 0, 8, 0, 16, 0, 32, 0, 64, 0, 128, 0,
		  0, 1, 0, 2, 0, 4, 0, 8, 0, 16, 0, 32, 0, 64, 0, 128 },
		{ 1, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, 0, 8, 0, 0, 0,
		  16, 0, 0, 0, 32, 0, 0, 0, 64, 0, 0, 0, 128, 0, 0, 0 },
		{ 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0,
		  4, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0 },
	},
	.spread = { EIGHT(0), EIGHT(1), EIGHT(2), EIGHT(3) },
};

void gen_expand_bits(struct gen *gen, const struct lanes *lanes, unsigned reg)
{
	static const u16 equal[] = { ZYDIS_MNEMONIC_VPCMPEQB, ZYDIS_MNEMONIC_VPCMPEQW,
				     ZYDIS_MNEMONIC_VPCMPEQD, ZYDIS_MNEMONIC_VPCMPEQQ };
	static const u16 broadcast[] = { ZYDIS_MNEMONIC_VPBROADCASTD, ZYDIS_MNEMONIC_VPBROADCASTW,
					 ZYDIS_MNEMONIC_VPBROADCASTD, ZYDIS_MNEMONIC_VPBROADCASTQ };
	const struct x86_arg to = x86_reg(lanes->width, reg);
	const struct x86_arg bits = x86_at(lanes->width, RCX, 32 * (s64)lanes->size);
	struct x86 *x = &gen->x;

	gen_constant(gen, RCX, (u64)(uintptr_t)&element_bits);
	X86(x, VMOVQ, x86_xmm(reg), x86_reg(8, RAX));
	x86_write(x, (ZydisMnemonic)broadcast[lanes->size], 2,
		  (const struct x86_arg[]){ to, x86_xmm(reg) });
	if (lanes->size == 0)
		X86(x, VPSHUFB, to, to, x86_at(lanes->width, RCX, offsetof(struct bits, spread)));
	X86(x, VPAND, to, to, bits);
	x86_write(x, (ZydisMnemonic)equal[lanes->size], 3,
		  (const struct x86_arg[]){ to, to, bits });
}

void gen_active_vector(struct gen *gen, const struct lanes *lanes, bool masked, unsigned first)
{
	gen_active_bits(gen, masked);
	if (first)
		X86(&gen->x, SHR, x86_reg(8, RAX), x86_imm(first));
	gen_expand_bits(gen, lanes, ACTIVE_VECTOR);
}

void gen_active_mask(struct gen *gen, const struct row *row, unsigned at)
{
	bool masked = vector_is_masked(row->insn->raw) && !row->carries;
	const struct lanes written = lanes_of_vd(row);
	unsigned count = elements_of_part(row), first = at / row->lanes.width * count;
	struct x86 *x = &gen->x;

	if (row->lanes.count <= 64 && !row->lanes.avx512) {
		gen_active_vector(gen, &written, masked, first);
		return;
	}
	if (first && row->lanes.count <= 64) {
		X86(x, KSHIFTRQ, x86_reg(8, K1), x86_reg(8, K1), x86_imm(count));
		return;
	}
	if (row->lanes.count <= 64)
		gen_active_bits(gen, masked);
	else
		gen_active_bits_of_part(gen, masked, first);
	if (row->lanes.avx512)
		X86(x, KMOVQ, x86_reg(8, K1), x86_reg(8, RAX));
	else if (row->put == gen_put_mask)
		X86(x, VMOVQ, x86_xmm(ACTIVE_VECTOR), x86_reg(8, RAX));
	else
		gen_expand_bits(gen, &written, ACTIVE_VECTOR);
}

void gen_carry(struct gen *gen, const struct row *row, unsigned mask, unsigned at)
{
	unsigned first = at / row->lanes.width * elements_of_part(row);
	const struct x86_arg bits = v_in_hart(gen, 8, 0, first / 8);
	struct x86 *x = &gen->x;

	if (row->lanes.avx512) {
		X86(x, KMOVQ, x86_reg(8, mask), bits);
		return;
	}
	X86(x, MOV, x86_reg(8, RAX), bits);
	if (first % 8)
		X86(x, SHR, x86_reg(8, RAX), x86_imm(first % 8));
}

void gen_merge(struct gen *gen, const struct lanes *lanes, struct x86_arg to, struct x86_arg from,
	       unsigned mask)
{
	if (lanes->avx512)
		OP(gen, lanes, JIT_V_MERGE, x86_masked(to, mask), from);
	else
		X86(&gen->x, VPBLENDVB, to, to, from, x86_fourth(mask));
}
