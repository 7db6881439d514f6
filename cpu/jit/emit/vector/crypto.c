/* SPDX-License-Identifier: MIT */
/*
 * Emitters of vector cryptography on element groups of four elements of 32 bits: AES and GHASH, on
 * as many groups at a time as fit into a vector register of the host, and SHA-256, by the host's
 * SHA extensions.
 */
#include "cpu/jit/emit/vector/avx2.h"

#define GROUP_ELEMENTS 4
#define GROUP_BYTES 16

/*
 * Writes the check that vl is a multiple of four elements, because otherwise the instruction traps.
 * VLMAX is such a multiple.
 */
static void require_groups(struct gen *gen, const struct row *row)
{
	if (!row->active_only)
		return;
	X86(&gen->x, TEST, x86_at(1, ENV, ENV_OF(vector.vl)), x86_imm(GROUP_ELEMENTS - 1));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
}

/* Returns whether elements have 32 bits, and VLMAX is at least one group. */
static bool are_groups(const struct lanes *lanes)
{
	return lanes->size == 2 && lanes->count >= GROUP_ELEMENTS;
}

/*
 * Begins a row of groups. Unless the host `has_wide`, its operation is on 16 bytes only. Returns
 * whether the row is emitted.
 */
static bool begin_groups(struct gen *gen, const struct insn *insn, const struct emitter *how,
			 bool has_wide, struct row *row)
{
	if (!gen_row_begin(gen, insn, how, -1, row) || !are_groups(&row->lanes))
		return false;
	if (has_wide)
		return true;
	row->lanes.width = GROUP_BYTES;
	return !row->lanes.avx512 && row->lanes.bytes / GROUP_BYTES <= LANES_MOST;
}

static void write_xor(struct gen *gen, const struct lanes *lanes, struct x86_arg to,
		      struct x86_arg a, struct x86_arg b)
{
	OP(gen, lanes, JIT_V_XOR, to, a, b);
}

/*
 * Applies InvMixColumns to the key. The host adds the key after InvMixColumns and the guest before
 * it, so the host needs the transformed key. The two instructions, with a key of zero, do just
 * that.
 */
static void invert_columns(struct gen *gen, const struct lanes *lanes, struct x86_arg key,
			   struct x86_arg zero)
{
	write_xor(gen, lanes, zero, zero, zero);
	X86(&gen->x, VAESENCLAST, key, key, zero);
	X86(&gen->x, VAESDEC, key, key, zero);
}

/* If there is one key for all groups, it is loaded here. */
static void prepare_aes(struct gen *gen, const struct row *row)
{
	const struct lanes *lanes = &row->lanes;
	struct x86_arg key = scratch(lanes, 1);

	require_groups(gen, row);
	if (!row->how->flag)
		return;
	if (lanes->width == GROUP_BYTES)
		gen_move(gen, lanes, key, part_in_hart(gen, lanes, row->insn->rs2, 0));
	else if (lanes->avx512)
		X86(&gen->x, VBROADCASTI32X4, key, v_in_hart(gen, GROUP_BYTES, row->insn->rs2, 0));
	else
		X86(&gen->x, VBROADCASTI128, key, v_in_hart(gen, GROUP_BYTES, row->insn->rs2, 0));
	if (row->how->mnemonic == ZYDIS_MNEMONIC_VAESDEC)
		invert_columns(gen, lanes, key, scratch(lanes, 2));
}

static void aes_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	struct x86_arg state = scratch(lanes, 0), key = scratch(lanes, 1);

	if (!row->how->flag) {
		gen_move(gen, lanes, key, part_in_hart(gen, lanes, row->insn->rs2, at));
		if (row->how->mnemonic == ZYDIS_MNEMONIC_VAESDEC)
			invert_columns(gen, lanes, key, scratch(lanes, 2));
	}
	gen_move(gen, lanes, state, part_in_hart(gen, lanes, row->insn->rd, at));
	if (row->how->mnemonic == ZYDIS_MNEMONIC_VPXORD)
		write_xor(gen, lanes, state, state, key);
	else
		x86_write(&gen->x, (ZydisMnemonic)row->how->mnemonic, 3,
			  (const struct x86_arg[]){ state, state, key });
}

/*
 * Emits AES rounds; `mnemonic` is the host's round, or XOR; `flag`: vs2 has one key for all groups.
 */
bool jit_v_aes(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen->jit->host.has_aes || !begin_groups(gen, insn, how, gen->jit->host.has_vaes, &row))
		return false;
	row.prepare = prepare_aes;
	row.compute_part = aes_part;
	return gen_row(gen, &row);
}

/*
 * Scratch vectors: two operands for the reversal of the bits of bytes, and between them x^128 in
 * GHASH's field.
 */
enum { REVERSAL = 6, MODULUS, LOW_BITS };

static void prepare_ghash(struct gen *gen, const struct row *row)
{
	require_groups(gen, row);
	gen_prepare_bits_reversed(gen, &row->lanes, REVERSAL, LOW_BITS);
	gen_broadcast_constant(gen, &row->lanes, MODULUS, 3, 0x87);
}

static void reverse_bits(struct gen *gen, const struct lanes *lanes, struct x86_arg value)
{
	gen_reverse_bits(gen, lanes, value, REVERSAL, LOW_BITS);
}

/* Sets scratch 0 to the product of 256 bits in scratch 3 and 2, reduced by the modulus. */
static void reduce(struct gen *gen, const struct lanes *lanes)
{
	struct x86_arg low = scratch(lanes, 2), high = scratch(lanes, 3), t = scratch(lanes, 4);
	struct x86_arg modulus = scratch(lanes, MODULUS), half = scratch(lanes, 5);
	struct x86 *x = &gen->x;

	X86(x, VPCLMULQDQ, t, high, modulus, x86_imm(1));
	X86(x, VPSLLDQ, half, t, x86_imm(8));
	write_xor(gen, lanes, low, low, half);
	X86(x, VPSRLDQ, t, t, x86_imm(8));
	write_xor(gen, lanes, high, high, t);
	X86(x, VPCLMULQDQ, t, high, modulus, x86_imm(0));
	write_xor(gen, lanes, scratch(lanes, 0), low, t);
}

static void ghash_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	struct x86_arg a = scratch(lanes, 0), b = scratch(lanes, 1), t = scratch(lanes, 5);
	struct x86_arg low = scratch(lanes, 2), high = scratch(lanes, 3), mid = scratch(lanes, 4);
	struct x86 *x = &gen->x;

	gen_move(gen, lanes, a, part_in_hart(gen, lanes, row->insn->rd, at));
	if (row->how->flag)
		write_xor(gen, lanes, a, a, part_in_hart(gen, lanes, row->insn->rs1, at));
	gen_move(gen, lanes, b, part_in_hart(gen, lanes, row->insn->rs2, at));
	reverse_bits(gen, lanes, a);
	reverse_bits(gen, lanes, b);
	X86(x, VPCLMULQDQ, low, a, b, x86_imm(0));
	X86(x, VPCLMULQDQ, high, a, b, x86_imm(0x11));
	X86(x, VPCLMULQDQ, mid, a, b, x86_imm(1));
	X86(x, VPCLMULQDQ, t, a, b, x86_imm(0x10));
	write_xor(gen, lanes, mid, mid, t);
	X86(x, VPSLLDQ, t, mid, x86_imm(8));
	write_xor(gen, lanes, low, low, t);
	X86(x, VPSRLDQ, t, mid, x86_imm(8));
	write_xor(gen, lanes, high, high, t);
	reduce(gen, lanes);
	reverse_bits(gen, lanes, a);
}

/* Emits the products of GHASH; `flag`: vs1 is added to vd first. */
bool jit_v_ghash(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct row row;

	if (!gen->jit->host.has_pclmul ||
	    !begin_groups(gen, insn, how, gen->jit->host.has_vpclmul, &row) ||
	    (row.lanes.avx512 && !gen->jit->host.has_gfni))
		return false;
	row.prepare = prepare_ghash;
	row.compute_part = ghash_part;
	return gen_row(gen, &row);
}

/*
 * Emits two rounds with the two sums of a message word and a constant in vs1, from the element
 * `word` on.
 */
static void sha2_rounds(struct gen *gen, const struct insn *insn, unsigned at, unsigned word)
{
	struct x86 *x = &gen->x;

	X86(x, VMOVQ, x86_xmm(XMM0), v_in_hart(gen, 8, insn->rs1, at + 4 * word));
	X86(x, VMOVDQU, x86_xmm(XMM1), v_in_hart(gen, GROUP_BYTES, insn->rd, at));
	X86(x, SHA256RNDS2, x86_xmm(XMM1), v_in_hart(gen, GROUP_BYTES, insn->rs2, at));
	X86(x, MOVDQU, v_in_hart(gen, GROUP_BYTES, insn->rd, at), x86_xmm(XMM1));
}

static void sha2_schedule(struct gen *gen, const struct insn *insn, unsigned at)
{
	const struct x86_arg a = v_in_hart(gen, GROUP_BYTES, insn->rs2, at);
	const struct x86_arg b = v_in_hart(gen, GROUP_BYTES, insn->rs1, at);
	const struct x86_arg d = v_in_hart(gen, GROUP_BYTES, insn->rd, at);
	struct x86 *x = &gen->x;

	X86(x, VMOVDQU, x86_xmm(XMM0), d);
	X86(x, SHA256MSG1, x86_xmm(XMM0), a);
	/* XMM1 becomes the words 9 to 12: the last three of vs2 and the first one of vs1. */
	X86(x, VMOVDQU, x86_xmm(XMM1), b);
	X86(x, PALIGNR, x86_xmm(XMM1), a, x86_imm(4));
	X86(x, PADDD, x86_xmm(XMM0), x86_xmm(XMM1));
	X86(x, SHA256MSG2, x86_xmm(XMM0), b);
	X86(x, MOVDQU, d, x86_xmm(XMM0));
}

static void sha2_group(struct gen *gen, const struct insn *insn, const struct emitter *how,
		       unsigned at)
{
	if (how->mnemonic == ZYDIS_MNEMONIC_SHA256RNDS2)
		sha2_rounds(gen, insn, at, how->size);
	else
		sha2_schedule(gen, insn, at);
}

static void sha2_groups_below_vl(struct gen *gen, const struct insn *insn,
				 const struct emitter *how, unsigned groups)
{
	const struct x86_arg vl = x86_at(8, ENV, ENV_OF(vector.vl));
	struct x86 *x = &gen->x;
	u8 *ends[LANES_MOST];

	X86(x, TEST, x86_at(1, ENV, ENV_OF(vector.vl)), x86_imm(GROUP_ELEMENTS - 1));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	for (unsigned n = 0; n < groups; n++) {
		X86(x, CMP, vl, x86_imm(n * GROUP_ELEMENTS));
		ends[n] = x86_jump(x, ZYDIS_MNEMONIC_JBE);
		sha2_group(gen, insn, how, n * GROUP_BYTES);
	}
	for (unsigned n = 0; n < groups; n++)
		x86_patch(ends[n], x->at);
}

/*
 * Emits SHA-256, group by group; `mnemonic` is the host's. The operands of the SHA extensions in
 * memory must be aligned, as groups in the hart are.
 */
bool jit_v_sha2(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	struct lanes lanes;
	unsigned groups;

	if (!gen->jit->host.has_sha || !gen_lanes(gen, insn, -1, &lanes) || !are_groups(&lanes))
		return false;
	groups = lanes.bytes / GROUP_BYTES;
	if (groups > LANES_MOST)
		return false;
	gen_require_start_0(gen);
	/* The SHA extensions have no AVX encodings (see write_entries() in compile.c). */
	gen_clear_halves(gen);
	if (gen_known_vl(gen) == lanes.count) {
		for (unsigned n = 0; n < groups; n++)
			sha2_group(gen, insn, how, n * GROUP_BYTES);
	} else {
		sha2_groups_below_vl(gen, insn, how, groups);
	}
	return true;
}
