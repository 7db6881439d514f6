/* SPDX-License-Identifier: MIT */
/* Emitters of vector cryptography: rounds of AES by VAES, four blocks at a time. */
#include "cpu/jit/emit/vector.h"

static struct x86_arg group_at(const struct gen *gen, const struct lanes *lanes, unsigned reg,
			       unsigned at)
{
	return x86_at(lanes->width, ENV,
		      ENV_OF(vector.v) + (s64)(reg * gen->hart->vector.vlenb + at));
}

static void round_of(struct gen *gen, ZydisMnemonic mnemonic, struct x86_arg state,
		     struct x86_arg key)
{
	x86_write(&gen->x, mnemonic, 3, (const struct x86_arg[]){ state, state, key });
}

/*
 * The host xors the key behind InvMixColumns and the guest in front of it, so that the host needs
 * InvMixColumns of the key: of its rounds with a key of zero these two leave just that.
 */
static void invert_columns(struct gen *gen, struct x86_arg key, struct x86_arg zero)
{
	X86(&gen->x, VPXORD, zero, zero, zero);
	round_of(gen, ZYDIS_MNEMONIC_VAESENCLAST, key, zero);
	round_of(gen, ZYDIS_MNEMONIC_VAESDEC, key, zero);
}

/* `mnemonic` does a round, or xors; `flag`: vs2 is one key for all. */
bool jit_v_aes(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct x86_arg state, key, zero;
	struct x86 *x = &gen->x;
	struct lanes lanes;

	if (!gen->jit->has_vaes || !gen->jit->has_avx512 || !gen_lanes(gen, insn, -1, &lanes))
		return false;
	state = x86_reg(lanes.width, lanes.first);
	key = x86_reg(lanes.width, lanes.first + 1);
	zero = x86_reg(lanes.width, lanes.first + 2);
	gen_begin_all(gen, &lanes);
	for (unsigned at = 0; at < lanes.bytes; at += lanes.width) {
		struct x86_arg block = group_at(gen, &lanes, insn->rs2, 0);

		if (!how->flag)
			X86(x, VMOVDQU64, key, group_at(gen, &lanes, insn->rs2, at));
		else if (!at && lanes.width == 16)
			X86(x, VMOVDQU64, key, block);
		else if (!at)
			X86(x, VBROADCASTI32X4, key, x86_at(16, ENV, block.value));
		if (how->mnemonic == ZYDIS_MNEMONIC_VAESDEC && (!how->flag || !at))
			invert_columns(gen, key, zero);
		X86(x, VMOVDQU64, state, group_at(gen, &lanes, insn->rd, at));
		round_of(gen, (ZydisMnemonic)how->mnemonic, state, key);
		X86(x, VMOVDQU64, group_at(gen, &lanes, insn->rd, at), state);
	}
	return true;
}
