/* SPDX-License-Identifier: MIT */
/*
 * Emitters of loads and stores of elements by indices, or with a stride, as the host gathers and
 * scatters eight of them (AVX-512): the TLB view's tags and addends, too. All elements are found
 * before one is moved, so that the body can do all again. Elements of less than 32 bits, and groups
 * of more than 32 elements, are the body's.
 */
#include "cpu/jit/emit/vector_row.h"

/* How many elements are moved at once, and the most of such pieces. */
#define AT_ONCE 8u
#define PIECES_MOST 4

#define VIEW_OF(array) ((s64)offsetof(struct tlb_view, array))

/* Vectors of the host, 64 bytes each. The pieces' addresses are in those from FOUND on. */
enum {
	BASE = XMM16, PAGES, ENTRIES, LAST, ADDRESS, ENTRY, TAG, HELD, FOUND,
	STRIDES = FOUND + PIECES_MOST,
};

/* Mask registers: active elements, those of a piece, what a gather uses up, and which missed. */
enum { ACTIVE = K1, PIECE = K2, LEFT = K3, MISSED = K3 + 1, MISSED_NOW };

struct indexed {
	const struct insn *insn;
	struct lanes lanes; /* of the data */
	unsigned index_size; /* the logarithm of bytes */
	bool strided, write;
};

static struct x86_arg all(unsigned reg)
{
	return x86_reg(64, reg);
}

static void spread(struct gen *gen, unsigned reg, u64 value)
{
	gen_constant(gen, RAX, value);
	X86(&gen->x, VPBROADCASTQ, all(reg), x86_reg(8, RAX));
}

static unsigned pieces_of(const struct indexed *indexed)
{
	return (unsigned)MAX(indexed->lanes.vlmax / AT_ONCE, 1);
}

/* Makes ACTIVE the active elements, and the vectors what all pieces need. */
static void prepare(struct gen *gen, const struct indexed *indexed)
{
	const struct insn *insn = indexed->insn;
	struct x86 *x = &gen->x;

	spread(gen, PAGES, PAGE_MASK);
	spread(gen, ENTRIES, TLB_ENTRIES - 1);
	spread(gen, LAST, (1u << indexed->lanes.size) - 1);
	gen_read_x(gen, RAX, insn->rs1);
	X86(x, VPBROADCASTQ, all(BASE), x86_reg(8, RAX));
	if (indexed->strided) {
		gen_constant(gen, RAX, 0x0706050403020100);
		X86(x, VMOVQ, x86_xmm(STRIDES), x86_reg(8, RAX));
		X86(x, VPMOVZXBQ, all(STRIDES), x86_xmm(STRIDES));
		gen_read_x(gen, RAX, insn->rs2);
		X86(x, VPBROADCASTQ, all(ADDRESS), x86_reg(8, RAX));
		X86(x, VPMULLQ, all(STRIDES), all(STRIDES), all(ADDRESS));
		X86(x, VPADDQ, all(BASE), all(BASE), all(STRIDES));
		X86(x, VPSLLQ, all(STRIDES), all(ADDRESS), x86_imm(3));
	}
	gen_active(gen, vector_is_masked(insn->raw));
	X86(x, KMOVQ, x86_reg(8, ACTIVE), x86_reg(8, RAX));
}

/* Makes PIECE the next elements that are active. */
static void choose(struct gen *gen, unsigned piece)
{
	X86(&gen->x, KSHIFTRQ, x86_reg(8, PIECE), x86_reg(8, ACTIVE), x86_imm(piece * AT_ONCE));
}

/* Leaves the addresses of a piece in ADDRESS. */
static void find_addresses(struct gen *gen, const struct indexed *indexed, unsigned piece)
{
	static const u16 loads[] = { ZYDIS_MNEMONIC_VPMOVZXBQ, ZYDIS_MNEMONIC_VPMOVZXWQ,
				     ZYDIS_MNEMONIC_VPMOVZXDQ, ZYDIS_MNEMONIC_VMOVDQU64 };
	const unsigned bytes = AT_ONCE << indexed->index_size;
	struct x86 *x = &gen->x;

	if (indexed->strided) {
		if (piece)
			X86(x, VPADDQ, all(BASE), all(BASE), all(STRIDES));
		X86(x, VMOVDQU64, all(ADDRESS), all(BASE));
		return;
	}
	x86_write(x, (ZydisMnemonic)loads[indexed->index_size], 2,
		  (const struct x86_arg[]){
			  all(ADDRESS), part_of(gen, bytes, indexed->insn->rs2, piece * bytes) });
	X86(x, VPADDQ, all(ADDRESS), all(ADDRESS), all(BASE));
}

/* Loads a word of the view for each element of the piece, by the entries' numbers. */
static void gather(struct gen *gen, unsigned to, s64 array)
{
	X86(&gen->x, KMOVQ, x86_reg(8, LEFT), x86_reg(8, PIECE));
	X86(&gen->x, VPGATHERQQ, x86_masked(all(to), LEFT), x86_indexed(8, VIEW, ENTRY, 8, array));
}

/* Finds where the elements of a piece are in the host's memory; MISSED tells if it did not. */
static void find(struct gen *gen, const struct indexed *indexed, unsigned piece)
{
	const struct x86_arg unequal = x86_imm(4);
	struct x86 *x = &gen->x;

	choose(gen, piece);
	find_addresses(gen, indexed, piece);
	X86(x, VPSRLQ, all(ENTRY), all(ADDRESS), x86_imm(PAGE_SHIFT));
	X86(x, VPANDQ, all(ENTRY), all(ENTRY), all(ENTRIES));
	X86(x, VPADDQ, all(TAG), all(ADDRESS), all(LAST));
	X86(x, VPANDQ, all(TAG), all(TAG), all(PAGES));
	gather(gen, HELD, indexed->write ? VIEW_OF(write) : VIEW_OF(read));
	X86(x, VPCMPUQ, x86_masked(x86_reg(8, piece ? MISSED_NOW : MISSED), PIECE), all(TAG),
	    all(HELD), unequal);
	if (piece)
		X86(x, KORB, x86_reg(8, MISSED), x86_reg(8, MISSED), x86_reg(8, MISSED_NOW));
	gather(gen, FOUND + piece, VIEW_OF(addend));
	X86(x, VPADDQ, all(FOUND + piece), all(FOUND + piece), all(ADDRESS));
}

/* Moves a piece, whose elements have been found; RCX is 0. */
static void move_piece(struct gen *gen, const struct indexed *indexed, unsigned piece)
{
	const unsigned size = indexed->lanes.size, wide = size == 3;
	const unsigned bytes = MIN(AT_ONCE << size, indexed->lanes.bytes);
	const struct x86_arg group = part_of(gen, bytes, indexed->insn->rd, piece * bytes);
	const struct x86_arg memory = x86_indexed(1u << size, RCX, FOUND + piece, 1, 0);
	const struct x86_arg data = x86_reg(AT_ONCE << size, TAG), known = x86_reg(bytes, TAG);
	struct x86 *x = &gen->x;

	choose(gen, piece);
	X86(x, VMOVDQU64, known, group);
	if (indexed->write) {
		x86_write(x, wide ? ZYDIS_MNEMONIC_VPSCATTERQQ : ZYDIS_MNEMONIC_VPSCATTERQD, 2,
			  (const struct x86_arg[]){ x86_masked(memory, PIECE), data });
		return;
	}
	x86_write(x, wide ? ZYDIS_MNEMONIC_VPGATHERQQ : ZYDIS_MNEMONIC_VPGATHERQD, 2,
		  (const struct x86_arg[]){ x86_masked(data, PIECE), memory });
	X86(x, VMOVDQU64, group, known);
}

/* `flag`: it stores, `size`: it has a stride. */
bool jit_v_indexed(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const unsigned eew = vector_encoded_eew(insn->raw) - 3;
	struct indexed indexed = {
		.insn = insn, .index_size = eew, .strided = how->size, .write = how->flag,
	};
	unsigned size;

	size = how->size ? eew : gen_sew(gen);
	if (!gen_is_misaligned_fast(gen) || !gen->jit->has_avx512 || vector_nf(insn) > 1 ||
	    size < 2 || !gen_row_lanes(gen, insn, size, &indexed.lanes) ||
	    indexed.lanes.vlmax > AT_ONCE * PIECES_MOST)
		return false;
	gen_require_start_0(gen);
	prepare(gen, &indexed);
	for (unsigned piece = 0; piece < pieces_of(&indexed); piece++)
		find(gen, &indexed, piece);
	X86(&gen->x, KORTESTB, x86_reg(8, MISSED), x86_reg(8, MISSED));
	gen_cold(gen, ZYDIS_MNEMONIC_JNZ);
	gen_constant(gen, RCX, 0);
	for (unsigned piece = 0; piece < pieces_of(&indexed); piece++)
		move_piece(gen, &indexed, piece);
	return true;
}
