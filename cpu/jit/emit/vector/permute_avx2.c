/* SPDX-License-Identifier: MIT */
/*
 * Slides and gathers without AVX-512. A slide of a group that fits into two vector registers of the
 * host permutes words of 32 bits of each of them. Any other slide is an unaligned load from the
 * group in the hart, in which elements from outside of the group are then replaced; such a load
 * waits for earlier stores to the group. A gather permutes the bytes of each 16 bytes of the group.
 */
#include "cpu/jit/emit/vector/avx2.h"
#include "cpu/jit/emit/vector/permute.h"

static unsigned count_of(const struct lanes *lanes)
{
	return lanes->width >> lanes->size;
}

/*
 * Sets the first elements of scratch 2, whose number is in RCX, to all ones, and the others to 0.
 */
static void select_first(struct gen *gen, const struct lanes *lanes)
{
	struct x86 *x = &gen->x;

	/* The number is clamped to the range from 0 to the elements of a part. */
	X86(x, XOR, x86_reg(4, RDX), x86_reg(4, RDX));
	X86(x, CMP, x86_reg(8, RCX), x86_reg(8, RDX));
	X86(x, CMOVL, x86_reg(8, RCX), x86_reg(8, RDX));
	X86(x, MOV, x86_reg(4, RDX), x86_imm(count_of(lanes)));
	X86(x, CMP, x86_reg(8, RCX), x86_reg(8, RDX));
	X86(x, CMOVNLE, x86_reg(8, RCX), x86_reg(8, RDX));
	gen_broadcast(gen, lanes, 2, RCX);
	gen_number(gen, lanes, 3, 0);
	OP(gen, lanes, JIT_V_GREATER, scratch(lanes, 2), scratch(lanes, 2), scratch(lanes, 3));
}

/*
 * Loads a part of vs2 from an address that is RAX elements (which may be negative) after its own.
 */
static void load_far(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const s64 group = ENV_OF(vector.v) + place_of(gen, row->insn->rs2, at);

	gen_move(gen, lanes, scratch(lanes, 0),
		 x86_indexed(lanes->width, ENV, RAX, 1u << lanes->size, group));
}

/*
 * Slides a part up. Elements below the offset keep their values; in a slide by one, the only such
 * element is set to the scalar later.
 */
static void slide_up(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const unsigned first = at >> lanes->size;
	struct x86 *x = &gen->x;

	X86(x, NEG, x86_reg(8, RAX));
	load_far(gen, row, at);
	if (row->how->size == JIT_V_SLIDE_1)
		return;
	X86(x, NEG, x86_reg(8, RAX));
	X86(x, LEA, x86_reg(8, RCX), x86_at(8, RAX, -(s64)first));
	select_first(gen, lanes);
	gen_move(gen, lanes, scratch(lanes, 3), read_part(gen, lanes, row->insn->rd, at));
	gen_merge(gen, lanes, scratch(lanes, 0), scratch(lanes, 3), lanes->first_scratch + 2);
}

/* Slides a part down. Elements from VLMAX on give zeros. */
static void slide_down(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const unsigned first = at >> lanes->size;
	struct x86 *x = &gen->x;

	load_far(gen, row, at);
	/*
	 * In a slide by one, the last element is set to the scalar later, and the others are in the
	 * group.
	 */
	if (row->how->size == JIT_V_SLIDE_1)
		return;
	X86(x, MOV, x86_reg(4, RCX), x86_imm((s64)lanes->count));
	X86(x, SUB, x86_reg(8, RCX), x86_reg(8, RAX));
	if (first)
		X86(x, SUB, x86_reg(8, RCX), x86_imm(first));
	select_first(gen, lanes);
	OP(gen, lanes, JIT_V_AND, scratch(lanes, 0), scratch(lanes, 0), scratch(lanes, 2));
}

/* The most vector registers of the host that a group has when words are permuted. */
#define SOURCES_MOST 2

/* The indices of words. */
static const u32 word_numbers[SOURCES_MOST * 8] = {
	0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
};

/*
 * Scratch vectors: the indices of the words that come to a part, these with the bit that chooses in
 * the sign, words of the second vector, and the distance from each word to the one that comes to
 * it.
 */
enum { NUMBER = 3, CHOICE, TAKEN, OFFSET };

static bool slides_words(const struct lanes *lanes)
{
	return lanes->size >= 2 && lanes->bytes / lanes->width <= SOURCES_MOST &&
	       lanes->count << lanes->size == lanes->bytes;
}

/* Returns the lanes of words of 32 bits. */
static struct lanes words_of(const struct lanes *lanes)
{
	return (struct lanes){ .size = 2,
			       .width = lanes->width,
			       .first_scratch = lanes->first_scratch };
}

static void prepare_slide(struct gen *gen, const struct row *row)
{
	const struct lanes words = words_of(&row->lanes);

	if (!slides_words(&row->lanes))
		return;
	gen_read_offset(gen, row);
	if (row->lanes.size == 3)
		X86(&gen->x, ADD, x86_reg(4, RAX), x86_reg(4, RAX));
	if (row->how->flag)
		X86(&gen->x, NEG, x86_reg(4, RAX));
	gen_broadcast(gen, &words, OFFSET, RAX);
}

/* Sets NUMBER to the indices of the words that come to a part. */
static void number_words(struct gen *gen, const struct lanes *words, unsigned at)
{
	gen_constant(gen, RDX, (u64)(uintptr_t)word_numbers);
	X86(&gen->x, VPADDD, scratch(words, NUMBER), scratch(words, OFFSET),
	    x86_at(words->width, RDX, at));
}

/* Moves a bit of the words' indices to the sign bits of CHOICE. */
static void select_by_bit(struct gen *gen, const struct lanes *words, unsigned bit)
{
	X86(&gen->x, VPSLLD, scratch(words, CHOICE), scratch(words, NUMBER), x86_imm(31 - bit));
}

/* Permutes the words of one vector register by their indices in NUMBER. */
static void take_words(struct gen *gen, const struct row *row, const struct lanes *words,
		       unsigned n, unsigned source)
{
	const struct x86_arg part = load_part(gen, words, n, row->insn->rs2, source * words->width);

	if (words->width == 32)
		X86(&gen->x, VPERMD, scratch(words, n), scratch(words, NUMBER), part);
	else
		X86(&gen->x, VPERMILPS, scratch(words, n), part, scratch(words, NUMBER));
}

/* Replaces words that come from before the group by those of vd. */
static void keep_words(struct gen *gen, const struct row *row, const struct lanes *words,
		       unsigned at)
{
	const struct x86_arg r = scratch(words, 0);

	X86(&gen->x, VBLENDVPS, r, r, read_part(gen, words, row->insn->rd, at),
	    x86_fourth(words->first_scratch + NUMBER));
}

/* Replaces words that come from after the group by zeros. */
static void clear_words(struct gen *gen, const struct row *row, const struct lanes *words)
{
	const struct x86_arg r = scratch(words, 0), outside = scratch(words, CHOICE);

	select_by_bit(gen, words, (unsigned)__builtin_ctz(row->lanes.bytes / 4));
	X86(&gen->x, VPSRAD, outside, outside, x86_imm(31));
	X86(&gen->x, VPANDN, r, outside, r);
}

static void slide_words(struct gen *gen, const struct row *row, unsigned at)
{
	const unsigned width = row->lanes.width;
	/*
	 * In a slide up words come from this part and lower ones, in a slide down from this part
	 * and higher ones.
	 */
	const unsigned first = row->how->flag ? 0 : at / width;
	const unsigned last = row->how->flag ? at / width : row->lanes.bytes / width - 1;
	const struct lanes words = words_of(&row->lanes);
	const struct x86_arg r = scratch(&words, 0);

	number_words(gen, &words, at);
	take_words(gen, row, &words, 0, first);
	if (last > first) {
		take_words(gen, row, &words, TAKEN, last);
		select_by_bit(gen, &words, width == 32 ? 3 : 2);
		X86(&gen->x, VBLENDVPS, r, r, scratch(&words, TAKEN),
		    x86_fourth(words.first_scratch + CHOICE));
	}
	/* In a slide by one, the word from outside is overwritten by the scalar later. */
	if (row->how->size == JIT_V_SLIDE_1)
		return;
	if (row->how->flag)
		keep_words(gen, row, &words, at);
	else
		clear_words(gen, row, &words);
}

static void slide_part(struct gen *gen, const struct row *row, unsigned at)
{
	if (slides_words(&row->lanes)) {
		slide_words(gen, row, at);
		return;
	}
	gen_read_offset(gen, row);
	if (row->how->flag)
		slide_up(gen, row, at);
	else
		slide_down(gen, row, at);
}

/*
 * Stores a part. After the last part of a slide by one, stores the scalar to element 0, or to the
 * last element below vl.
 */
static void put_slide(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const unsigned bytes = 1u << lanes->size;
	const s64 group = ENV_OF(vector.v) + place_of(gen, row->insn->rd, 0);
	struct x86 *x = &gen->x;

	gen_put(gen, row, at);
	if (row->how->size != JIT_V_SLIDE_1 || at + lanes->width < lanes->bytes)
		return;
	gen_read_scalar(gen, row->insn);
	if (row->how->flag)
		X86(x, XOR, x86_reg(4, RCX), x86_reg(4, RCX));
	else
		X86(x, MOV, x86_reg(4, RCX), x86_at(4, ENV, ENV_OF(vector.vl)));
	X86(x, MOV,
	    x86_indexed(bytes, ENV, RCX, bytes, row->how->flag ? group : group - (s64)bytes),
	    x86_reg(bytes, RAX));
	gen_drop_bytes(gen, lanes->bytes, row->insn->rd, 0);
}

/*
 * Emits a slide down of a few elements, whose number and place are known, as a copy. Programs load
 * constants for a loop in this way. Returns whether the slide is of this kind.
 */
static bool slide_few(struct gen *gen, const struct row *row)
{
	const struct insn *insn = row->insn;
	const u64 vl = gen_known_vl(gen), first = (u64)insn->imm;
	const unsigned bytes = (unsigned)vl << row->lanes.size;
	const struct x86_arg value = bytes == 16 ? x86_xmm(XMM0) : x86_reg(bytes, RAX);
	struct x86_arg from, to;
	struct x86 *x = &gen->x;

	if (row->how->flag || row->how->size == JIT_V_SLIDE_1 || vector_is_masked(insn->raw) ||
	    kind_of_b(insn) == OPERAND_X || !bytes || bytes > 16 || bytes & (bytes - 1) ||
	    first + vl > row->lanes.count)
		return false;
	gen_require_start_0(gen);
	from = v_in_hart(gen, bytes, insn->rs2, (unsigned)first << row->lanes.size);
	to = v_in_hart(gen, bytes, insn->rd, 0);
	if (bytes == 16) {
		X86(x, VMOVDQU, value, from);
		X86(x, VMOVDQU, to, value);
	} else {
		X86(x, MOV, value, from);
		X86(x, MOV, to, value);
	}
	gen_drop_bytes(gen, bytes, insn->rd, 0);
	gen->held.reports_writes = true;
	return true;
}

/* Returns whether unaligned loads that reach outside of the group stay within struct hart. */
static bool is_near(const struct gen *gen, const struct row *row)
{
	const u64 group = offsetof(struct hart, vector.v) + (u64)place_of(gen, row->insn->rs2, 0);
	const u64 bytes = row->lanes.bytes;

	return slides_words(&row->lanes) ||
	       (group >= bytes && group + 2 * bytes <= sizeof(struct hart));
}

bool gen_slide_avx2(struct gen *gen, struct row *row)
{
	const bool by_one = row->how->size == JIT_V_SLIDE_1;

	if (slide_few(gen, row))
		return true;
	if (!is_near(gen, row))
		return false;
	if (by_one && vector_is_masked(row->insn->raw))
		return false;
	gen_require_start_0(gen);
	if (by_one) {
		X86(&gen->x, CMP, x86_at(8, ENV, ENV_OF(vector.vl)), x86_imm(0));
		gen_slow_path(gen, ZYDIS_MNEMONIC_JZ);
	}
	row->prepare = prepare_slide;
	row->compute_part = slide_part;
	row->put = put_slide;
	row->all_parts = by_one;
	return gen_row(gen, row);
}

/*
 * The most pieces of 16 bytes that a group of a gather has; scratch vectors have the offsets of
 * their starts.
 */
#define PIECES_MOST 4
enum { STARTS = 4, OUTSIDE = 8 };

static void prepare_gather(struct gen *gen, const struct row *row)
{
	for (unsigned n = 1; n < row->lanes.bytes / 16; n++)
		gen_broadcast_constant(gen, &row->lanes, STARTS + n, 0, 16 * n);
	/* Added to a number from 16 on, with saturation, this makes VPSHUFB give a zero. */
	gen_broadcast_constant(gen, &row->lanes, OUTSIDE, 0, 0x70);
}

/* Computes an operation of scratch 1 with a vector of equal elements. */
static void by_constant(struct gen *gen, const struct lanes *lanes, enum jit_vector op, u64 value)
{
	gen_broadcast_constant(gen, lanes, 2, lanes->size, value);
	OP(gen, lanes, op, scratch(lanes, 1), scratch(lanes, 1), scratch(lanes, 2));
}

/*
 * Turns the indices of elements in scratch 1 into those of their bytes. Indices outside of the
 * group remain outside.
 */
static void number_bytes(struct gen *gen, const struct lanes *lanes)
{
	if (lanes->size == 0)
		return;
	by_constant(gen, lanes, JIT_V_MINU, 16 * PIECES_MOST - 1);
	by_constant(gen, lanes, JIT_V_MUL, lanes->size == 1 ? 0x0202 : 0x04040404);
	by_constant(gen, lanes, JIT_V_ADD, lanes->size == 1 ? 0x0100 : 0x03020100);
}

static void gather_part(struct gen *gen, const struct row *row, unsigned at)
{
	const struct lanes *lanes = &row->lanes;
	const struct x86_arg r = scratch(lanes, 0), number = scratch(lanes, 1);
	const struct x86_arg inside = scratch(lanes, 2), table = scratch(lanes, 3);
	struct x86 *x = &gen->x;

	gen_move(gen, lanes, number, read_part(gen, lanes, row->insn->rs1, at));
	number_bytes(gen, lanes);
	for (unsigned n = 0; n < lanes->bytes / 16; n++) {
		const struct x86_arg piece = v_in_hart(gen, 16, row->insn->rs2, 16 * n);

		if (n)
			X86(x, VPSUBB, inside, number, scratch(lanes, STARTS + n));
		X86(x, VPADDUSB, inside, n ? inside : number, scratch(lanes, OUTSIDE));
		if (lanes->width == 16)
			X86(x, VMOVDQU, table, piece);
		else
			X86(x, VBROADCASTI128, table, piece);
		X86(x, VPSHUFB, n ? table : r, table, inside);
		if (n)
			X86(x, VPOR, r, r, table);
	}
}

bool gen_gather_avx2(struct gen *gen, struct row *row)
{
	const struct lanes *lanes = &row->lanes;

	if (lanes->size == 3 || lanes->bytes > 16 * PIECES_MOST ||
	    lanes->count << lanes->size < lanes->bytes)
		return false;
	row->prepare = prepare_gather;
	row->compute_part = gather_part;
	return gen_row(gen, row);
}
