/* SPDX-License-Identifier: MIT */
/*
 * Emitters of scalar cryptography (Zkne, Zknd, Zknh, Zbkc), which libraries use if the hart has it.
 */
#include "cpu/jit/emit/emit.h"

/* Loads an x register into the lower half of a vector register; the upper one becomes zero. */
static void read_low(struct gen *gen, unsigned xmm, unsigned rs)
{
	X86(&gen->x, MOVQ, x86_xmm(xmm), gen_x(gen, 8, rs));
}

static void write_low(struct gen *gen, unsigned rd)
{
	unsigned reg = gen_target(gen, rd);

	X86(&gen->x, MOVQ, x86_reg(8, reg), x86_xmm(XMM0));
	gen_write_x(gen, rd, reg);
}

/*
 * Emits half of an AES round: `mnemonic` does a whole round on rs2 and rs1, and the lower half of
 * the new state is the result. The program itself adds the round key (XOR), so the key is zero
 * here.
 */
bool jit_aes_round(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	if (!gen->jit->host.has_aes)
		return false;
	if (insn->rd == X_SINK)
		return true;
	read_low(gen, XMM0, insn->rs1);
	X86(x, PINSRQ, x86_xmm(XMM0), gen_x(gen, 8, insn->rs2), x86_imm(1));
	X86(x, PXOR, x86_xmm(XMM1), x86_xmm(XMM1));
	x86_write(x, how->mnemonic, 2, (struct x86_arg[]){ x86_xmm(XMM0), x86_xmm(XMM1) });
	write_low(gen, insn->rd);
	return true;
}

/* Emits InvMixColumns of two columns. */
bool jit_aes_columns(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	(void)how;
	if (!gen->jit->host.has_aes)
		return false;
	if (insn->rd == X_SINK)
		return true;
	read_low(gen, XMM0, insn->rs1);
	X86(&gen->x, AESIMC, x86_xmm(XMM0), x86_xmm(XMM0));
	write_low(gen, insn->rd);
	return true;
}

/* Emits carry-less products; `flag`: the upper half. */
bool jit_carryless(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86 *x = &gen->x;

	if (!gen->jit->host.has_pclmul)
		return false;
	if (insn->rd == X_SINK)
		return true;
	read_low(gen, XMM0, insn->rs1);
	read_low(gen, XMM1, insn->rs2);
	X86(x, PCLMULQDQ, x86_xmm(XMM0), x86_xmm(XMM1), x86_imm(0));
	if (how->flag)
		X86(x, PSRLDQ, x86_xmm(XMM0), x86_imm(8));
	write_low(gen, insn->rd);
	return true;
}

/*
 * The sums and sigmas of SHA-2 (FIPS 180-4, 4.1): the XOR of rs1 rotated to the right by two
 * counts, and rotated or shifted by a third one.
 */
static const u8 counts[][3] = {
	[JIT_SHA256_SIG0] = { 7, 18, 3 },
	[JIT_SHA256_SIG1] = { 17, 19, 10 },
	[JIT_SHA256_SUM0] = { 2, 13, 22 },
	[JIT_SHA256_SUM1] = { 6, 11, 25 },
	[JIT_SHA512_SIG0] = { 1, 8, 7 },
	[JIT_SHA512_SIG1] = { 19, 61, 6 },
	[JIT_SHA512_SUM0] = { 28, 34, 39 },
	[JIT_SHA512_SUM1] = { 14, 18, 41 },
};

bool jit_sha2(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const unsigned size = how->size, regs[] = { RAX, RCX, RDX };
	struct x86 *x = &gen->x;

	if (insn->rd == X_SINK)
		return true;
	for (unsigned n = 0; n < 3; n++) {
		const struct x86_arg args[] = { x86_reg(size, regs[n]),
						x86_imm(counts[how->mnemonic][n]) };

		X86(x, MOV, args[0], gen_x(gen, size, insn->rs1));
		x86_write(x, n == 2 && how->flag ? ZYDIS_MNEMONIC_SHR : ZYDIS_MNEMONIC_ROR, 2,
			  args);
	}
	X86(x, XOR, x86_reg(size, RAX), x86_reg(size, RCX));
	X86(x, XOR, x86_reg(size, RAX), x86_reg(size, RDX));
	if (size == 4)
		X86(x, MOVSXD, x86_reg(8, RAX), x86_reg(4, RAX));
	gen_write_x(gen, insn->rd, RAX);
	return true;
}
