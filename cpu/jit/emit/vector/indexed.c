/* SPDX-License-Identifier: MIT */
/*
 * Emitters of indexed and strided loads and stores: of all elements (indexed_all.c), and of
 * active ones, by the gathers and scatters of AVX-512, which access eight or sixteen elements. A
 * site remembers a span, consecutive pages with one addend, as probe.c describes it for a single
 * page: to check elements within it, one comparison for each piece is enough. If an element is
 * outside, the tags and addends of the TLB view are gathered as well, and the site gets a new span.
 * All elements are found before any is moved, so that the body can do the whole instruction again.
 * Groups of more than 32 elements, and instructions on active elements only that have less than 32
 * bits, are left to the body.
 */
#include "cpu/jit/emit/vector/indexed.h"
#include "cpu/jit/emit/vector/select.h"
#include "cpu/jit/probe.h"

/* How many elements are a piece, which is moved at once, and the most pieces of a group. */
#define AT_ONCE 8u
#define PIECES_MOST 4

/*
 * Vector registers of the host, of 64 bytes each. The addresses of the pieces are in those from
 * FOUND on.
 */
enum {
	BASE = XMM16, PAGES, ENTRIES, LAST, ADDRESS, ENTRY, TAG, HELD, FOUND,
	STRIDES = FOUND + PIECES_MOST,
};

/*
 * When a span is used, these registers hold something else: the offsets of the first piece of a
 * strided access, the highest offset from rs1, the step to the next piece, the pieces' offsets, and
 * data.
 */
enum { FIRST = BASE, LIMIT = PAGES, STEP = ENTRIES, OFFSETS = LAST, DATA = FOUND };

/*
 * Mask registers: the active elements, those of a piece, a copy that a gather clears, and the
 * elements that missed.
 */
enum { ACTIVE = K1, PIECE = K2, LEFT = K3, MISSED = K3 + 1, MISSED_NOW };

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
	return (unsigned)MAX(indexed->lanes.count / AT_ONCE, 1);
}

/* Sets ACTIVE to the active elements, and loads the vectors that all pieces use. */
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
	gen_active_bits(gen, vector_is_masked(insn->raw));
	X86(x, KMOVQ, x86_reg(8, ACTIVE), x86_reg(8, RAX));
}

/* Sets PIECE to the active elements of a piece. */
static void select_piece(struct gen *gen, unsigned piece)
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
			  all(ADDRESS), v_in_hart(gen, bytes, indexed->insn->rs2, piece * bytes) });
	X86(x, VPADDQ, all(ADDRESS), all(ADDRESS), all(BASE));
}

/* Loads a word of the view for each element of the piece, by the indices in ENTRY. */
static void gather(struct gen *gen, unsigned to, s64 array)
{
	X86(&gen->x, KMOVQ, x86_reg(8, LEFT), x86_reg(8, PIECE));
	X86(&gen->x, VPGATHERQQ, x86_masked(all(to), LEFT), x86_indexed(8, VIEW, ENTRY, 8, array));
}

/*
 * Finds the addresses of a piece's elements in the host's memory; MISSED has a bit for each that is
 * not found.
 */
static void indexed_find_piece(struct gen *gen, const struct indexed *indexed, unsigned piece)
{
	struct x86 *x = &gen->x;

	select_piece(gen, piece);
	find_addresses(gen, indexed, piece);
	X86(x, VPSRLQ, all(ENTRY), all(ADDRESS), x86_imm(PAGE_SHIFT));
	X86(x, VPANDQ, all(ENTRY), all(ENTRY), all(ENTRIES));
	X86(x, VPADDQ, all(TAG), all(ADDRESS), all(LAST));
	X86(x, VPANDQ, all(TAG), all(TAG), all(PAGES));
	gather(gen, HELD, indexed->write ? VIEW_OF(write) : VIEW_OF(read));
	X86(x, VPCMPUQ, x86_masked(x86_reg(8, piece ? MISSED_NOW : MISSED), PIECE), all(TAG),
	    all(HELD), x86_imm(NOT_EQUAL));
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
	const struct x86_arg group = v_in_hart(gen, bytes, indexed->insn->rd, piece * bytes);
	const struct x86_arg memory = x86_indexed(1u << size, RCX, FOUND + piece, 1, 0);
	const struct x86_arg data = x86_reg(AT_ONCE << size, TAG), known = x86_reg(bytes, TAG);
	struct x86 *x = &gen->x;

	select_piece(gen, piece);
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

void gen_indexed_span(struct gen *gen, const struct indexed *indexed)
{
	gen_read_x(gen, RAX, indexed->insn->rs1);
	gen_span_find(gen, indexed->insn, indexed->write, true);
}

struct x86 gen_span_missed(struct gen *gen, u8 *const *jumps, unsigned count)
{
	const struct x86 hot = gen_begin_cold(gen, jumps[0]);

	for (unsigned n = 1; n < count; n++)
		x86_patch(jumps[n], gen->x.at);
	return hot;
}

/* Finds the elements by the view, moves them, and gives the site a new span. */
static void move_by_view(struct gen *gen, const struct indexed *indexed)
{
	struct x86 *x = &gen->x;

	prepare(gen, indexed);
	for (unsigned piece = 0; piece < pieces_of(indexed); piece++)
		indexed_find_piece(gen, indexed, piece);
	X86(x, KORTESTB, x86_reg(8, MISSED), x86_reg(8, MISSED));
	gen_slow_path(gen, ZYDIS_MNEMONIC_JNZ);
	gen_constant(gen, RCX, 0);
	for (unsigned piece = 0; piece < pieces_of(indexed); piece++)
		move_piece(gen, indexed, piece);
	gen_indexed_span(gen, indexed);
}

/* Returns whether offsets have 32 bits, so that the host can gather or scatter sixteen elements. */
static bool is_by_words(const struct indexed *indexed)
{
	return !indexed->strided && indexed->lanes.size == 2 && indexed->index_size <= 2;
}

/* Returns how many elements of a span are moved at once. */
static unsigned at_once(const struct indexed *indexed)
{
	return is_by_words(indexed) ? 2 * AT_ONCE : AT_ONCE;
}

static unsigned span_pieces(const struct indexed *indexed)
{
	return (unsigned)MAX(indexed->lanes.count / at_once(indexed), 1);
}

/* Sets FIRST to the offsets of the first piece, and STEP to the distance of the next one. */
static void prepare_strides(struct gen *gen, const struct indexed *indexed)
{
	struct x86 *x = &gen->x;

	gen_constant(gen, RAX, 0x0706050403020100);
	X86(x, VMOVQ, x86_xmm(FIRST), x86_reg(8, RAX));
	X86(x, VPMOVZXBQ, all(FIRST), x86_xmm(FIRST));
	gen_read_x(gen, RAX, indexed->insn->rs2);
	X86(x, VPBROADCASTQ, all(STEP), x86_reg(8, RAX));
	X86(x, VPMULLQ, all(FIRST), all(FIRST), all(STEP));
	X86(x, VPSLLQ, all(STEP), all(STEP), x86_imm(3));
}

/* Leaves the offsets of a piece from rs1 in the piece's vector register. */
static void find_offsets(struct gen *gen, const struct indexed *indexed, unsigned piece)
{
	static const u16 loads[][4] = {
		{ ZYDIS_MNEMONIC_VPMOVZXBQ, ZYDIS_MNEMONIC_VPMOVZXWQ, ZYDIS_MNEMONIC_VPMOVZXDQ,
		  ZYDIS_MNEMONIC_VMOVDQU64 },
		{ ZYDIS_MNEMONIC_VPMOVZXBD, ZYDIS_MNEMONIC_VPMOVZXWD, ZYDIS_MNEMONIC_VMOVDQU64 },
	};
	const unsigned bytes = at_once(indexed) << indexed->index_size;
	const ZydisMnemonic load = (ZydisMnemonic)loads[is_by_words(indexed)][indexed->index_size];
	struct x86 *x = &gen->x;

	if (indexed->strided && piece)
		X86(x, VPADDQ, all(OFFSETS + piece), all(OFFSETS + piece - 1), all(STEP));
	else if (indexed->strided)
		X86(x, VMOVDQU64, all(OFFSETS), all(FIRST));
	else
		x86_write(x, load, 2,
			  (const struct x86_arg[]){
				  all(OFFSETS + piece),
				  gen_held(gen, bytes,
					   place_of(gen, indexed->insn->rs2, piece * bytes)) });
}

/* Sets PIECE to the active elements of a piece, when a span is used. */
static void select_span_piece(struct gen *gen, const struct indexed *indexed, unsigned piece)
{
	X86(&gen->x, KSHIFTRQ, x86_reg(8, PIECE), x86_reg(8, ACTIVE),
	    x86_imm(piece * at_once(indexed)));
}

/*
 * Compares the offsets of a piece with the highest one; MISSED collects the elements of all pieces
 * that are above it.
 */
static void check_offsets(struct gen *gen, const struct indexed *indexed, unsigned piece)
{
	const ZydisMnemonic compare = is_by_words(indexed) ? ZYDIS_MNEMONIC_VPCMPUD :
							     ZYDIS_MNEMONIC_VPCMPUQ;
	const struct x86_arg missed = x86_reg(8, piece ? MISSED_NOW : MISSED);

	select_span_piece(gen, indexed, piece);
	find_offsets(gen, indexed, piece);
	x86_write(&gen->x, compare, 4,
		  (const struct x86_arg[]){ x86_masked(missed, PIECE), all(OFFSETS + piece),
					    all(LIMIT), x86_imm(GREATER) });
	if (piece)
		X86(&gen->x, KORW, x86_reg(8, MISSED), x86_reg(8, MISSED), missed);
}

void gen_span_end(struct gen *gen, const struct indexed *indexed)
{
	const s64 span = gen_span_at(gen, indexed->insn, indexed->write);

	X86(&gen->x, ADD, x86_reg(8, RAX),
	    x86_at(8, VIEW, span + (s64)offsetof(struct tlb_span, addend)));
}

/*
 * Writes the check that the active elements of all pieces are in the span; otherwise one of `jumps`
 * is taken. Leaves in RAX the host's address of rs1.
 */
static void find_in_span(struct gen *gen, const struct indexed *indexed, u8 **jumps)
{
	const bool words = is_by_words(indexed);
	struct x86 *x = &gen->x;

	gen_active_bits(gen, vector_is_masked(indexed->insn->raw));
	X86(x, KMOVQ, x86_reg(8, ACTIVE), x86_reg(8, RAX));
	if (indexed->strided)
		prepare_strides(gen, indexed);
	gen_span_begin(gen, indexed->insn, indexed->write, jumps);
	x86_write(x, words ? ZYDIS_MNEMONIC_VPBROADCASTD : ZYDIS_MNEMONIC_VPBROADCASTQ, 2,
		  (const struct x86_arg[]){ all(LIMIT), x86_reg(words ? 4 : 8, RDX) });
	for (unsigned piece = 0; piece < span_pieces(indexed); piece++)
		check_offsets(gen, indexed, piece);
	X86(x, KORTESTW, x86_reg(8, MISSED), x86_reg(8, MISSED));
	jumps[2] = x86_jump(x, ZYDIS_MNEMONIC_JNZ);
	gen_span_end(gen, indexed);
}

/* Moves a piece whose elements are in the span. */
static void move_in_span(struct gen *gen, const struct indexed *indexed, unsigned piece)
{
	static const u16 moves[2][3] = {
		{ ZYDIS_MNEMONIC_VPGATHERDD, ZYDIS_MNEMONIC_VPGATHERQD, ZYDIS_MNEMONIC_VPGATHERQQ },
		{ ZYDIS_MNEMONIC_VPSCATTERDD, ZYDIS_MNEMONIC_VPSCATTERQD,
		  ZYDIS_MNEMONIC_VPSCATTERQQ },
	};
	const unsigned size = indexed->lanes.size, count = at_once(indexed);
	const unsigned bytes = MIN(count << size, indexed->lanes.bytes);
	const struct x86_arg group = v_in_hart(gen, bytes, indexed->insn->rd, piece * bytes);
	const struct x86_arg memory = x86_indexed(1u << size, RAX, OFFSETS + piece, 1, 0);
	const struct x86_arg data = x86_reg(count << size, DATA), known = x86_reg(bytes, DATA);
	const s64 place = place_of(gen, indexed->insn->rd, piece * bytes);
	const ZydisMnemonic move =
		(ZydisMnemonic)moves[indexed->write][is_by_words(indexed) ? 0 : size - 1];
	struct x86 *x = &gen->x;

	select_span_piece(gen, indexed, piece);
	X86(x, VMOVDQU64, known, gen_held(gen, bytes, place));
	if (indexed->write) {
		x86_write(x, move, 2, (const struct x86_arg[]){ x86_masked(memory, PIECE), data });
		return;
	}
	x86_write(x, move, 2, (const struct x86_arg[]){ x86_masked(data, PIECE), memory });
	X86(x, VMOVDQU64, group, known);
	gen_hold(gen, bytes, place, DATA);
}

bool gen_can_find_by_view(const struct indexed *indexed)
{
	const struct lanes *lanes = &indexed->lanes;

	return lanes->avx512 && lanes->size >= 2 && lanes->count <= AT_ONCE * PIECES_MOST;
}

void gen_find_by_view(struct gen *gen, const struct indexed *indexed, u8 *const *jumps,
		      unsigned count)
{
	const u8 held = gen->held.now;
	const struct x86 hot = gen_span_missed(gen, jumps, count);

	move_by_view(gen, indexed);
	/* This changes some of the vector registers that hold parts, so these are loaded again. */
	gen_load_held(gen, &gen->x, held);
	gen_end_cold(gen, hot);
}

/* Emits an indexed or (`size`) strided load or (`flag`) store. */
bool jit_v_indexed(struct gen *gen, const struct insn *insn, const struct emitter *how)
{
	const unsigned eew = vector_encoded_eew(insn->raw) - 3;
	struct indexed indexed = {
		.insn = insn, .index_size = eew, .strided = how->size, .write = how->flag,
	};
	u8 *jumps[3];

	if (!gen_is_misaligned_fast(gen) || vector_nf(insn) > 1 ||
	    !gen_row_lanes(gen, insn, how->size ? eew : gen_sew(gen), &indexed.lanes))
		return false;
	if (gen_indexed_all(gen, &indexed))
		return true;
	if (!gen_can_find_by_view(&indexed))
		return false;
	gen_require_start_0(gen);
	find_in_span(gen, &indexed, jumps);
	for (unsigned piece = 0; piece < span_pieces(&indexed); piece++)
		move_in_span(gen, &indexed, piece);
	gen->held.reports_writes = true;
	gen_find_by_view(gen, &indexed, jumps, ARRAY_SIZE(jumps));
	return true;
}
