/* SPDX-License-Identifier: MIT */
/*
 * Segment loads without AVX-512. VPSHUFB moves the bytes of one field of the segments in each 16
 * bytes to the low bytes; the results of two or four vectors are then joined.
 */
#include "cpu/jit/emit/vector/avx2.h"
#include "cpu/jit/emit/vector/segment.h"

/* Vector registers of the host that follow the first four, which have parts of a field. */
enum { PLACES = 4, ORDER };

/* Returns how many bytes of a field are in 16 bytes of words. */
static unsigned bytes_of(const struct segments *segments)
{
	return (16u >> segments->word) << segments->size;
}

bool segments_fit_avx2(const struct segments *segments, const struct lanes *lanes)
{
	const unsigned bytes = bytes_of(segments);

	return segments->word <= 3 && (bytes == 8 || bytes == 4) &&
	       (lanes->count << lanes->size) % segments->width == 0;
}

static struct lanes lanes_of(const struct segments *segments)
{
	return (struct lanes){ .width = segments->width, .first_scratch = segments->first_scratch };
}

/* Sets PLACES to the places of a field's bytes in each 16 bytes. */
static void prepare_field(struct gen *gen, const struct segments *segments, unsigned field)
{
	const struct lanes lanes = lanes_of(segments);
	const unsigned size = 1u << segments->size;
	const unsigned step = segments_are_spread(segments) ? segments->segment :
							      1u << segments->word;
	u64 places[2] = { 0 };

	for (unsigned n = 0; n < 16; n++) {
		u64 place = n / size * step + field * size + n % size;

		places[n / 8] |= (n < bytes_of(segments) ? place : 0x80) << n % 8 * 8;
	}
	gen_constant(gen, RAX, places[0]);
	gen_constant(gen, RCX, places[1]);
	gen_repeat(gen, &lanes, PLACES);
}

/* Loads the words of a piece, each 16 bytes of which are whole segments. */
static void load_words(struct gen *gen, const struct segments *segments, unsigned piece,
		       unsigned reg)
{
	const unsigned bytes = (16u >> segments->word) * segments->segment;
	const unsigned at = piece * segments->width / 16 * bytes;
	const struct x86_arg words = x86_reg(segments->width, reg);
	struct x86 *x = &gen->x;

	if (!segments_are_spread(segments)) {
		X86(x, VMOVDQU, words, x86_at(segments->width, RDX, at));
		return;
	}
	X86(x, VMOVDQU, x86_xmm(reg), x86_at(16, RDX, at));
	if (segments->width > 16)
		X86(x, VINSERTI128, words, words, x86_at(16, RDX, at + bytes), x86_imm(1));
}

/* Joins parts of a field in the first vector: the low parts of all vectors, then the high ones. */
static void join(struct gen *gen, const struct segments *segments)
{
	const struct lanes lanes = lanes_of(segments);
	const struct x86_arg r = scratch(&lanes, 0), other = scratch(&lanes, 2);
	struct x86 *x = &gen->x;

	if (bytes_of(segments) == 8) {
		X86(x, VPUNPCKLQDQ, r, r, scratch(&lanes, 1));
		if (segments->width > 16)
			X86(x, VPERMQ, r, r, x86_imm((s8)0xd8));
		return;
	}
	X86(x, VPUNPCKLDQ, r, r, scratch(&lanes, 1));
	X86(x, VPUNPCKLDQ, other, other, scratch(&lanes, 3));
	X86(x, VPUNPCKLQDQ, r, r, other);
	if (segments->width > 16)
		X86(x, VPERMD, r, scratch(&lanes, ORDER), r);
}

/*
 * Sets ACTIVE_VECTOR to the active elements, of 2^size bytes, from the element `first` on; changes
 * RAX and RCX.
 */
static void select_active(struct gen *gen, const struct segments *segments, unsigned size,
			  unsigned first)
{
	struct lanes lanes = lanes_of(segments);

	lanes.size = size;
	gen_active_vector(gen, &lanes, segments->masked, first);
}

/* Stores the elements of a field that are in the first vector. */
static void put_field(struct gen *gen, const struct segments *segments, unsigned field, unsigned n)
{
	const s64 at = segments->reg + field * segments->group + n * segments->width;
	const struct x86_arg to = x86_at(segments->width, ENV, at);
	const struct lanes lanes = lanes_of(segments);
	struct x86_arg result = scratch(&lanes, 0);

	if (segments->active_only) {
		select_active(gen, segments, segments->size, n * segments->width >> segments->size);
		gen_move(gen, &lanes, scratch(&lanes, 1), to);
		gen_merge(gen, &lanes, scratch(&lanes, 1), result, ACTIVE_VECTOR);
		result = scratch(&lanes, 1);
	}
	gen_move(gen, &lanes, to, result);
	if (!segments->active_only)
		gen_hold(gen, segments->width, at - ENV_OF(vector.v), x86_base(result));
}

void gen_store_words_avx2(struct gen *gen, const struct segments *segments, unsigned piece,
			  struct x86_arg words)
{
	const struct x86_arg to = x86_at(segments->width, RDX, piece * segments->width);
	const struct x86_arg active = x86_reg(segments->width, ACTIVE_VECTOR);
	struct x86 *x = &gen->x;

	if (!segments->active_only) {
		X86(x, VMOVDQU, to, words);
		return;
	}
	select_active(gen, segments, segments->word, piece * segments_words(segments));
	if (segments->word == 3)
		X86(x, VPMASKMOVQ, to, active, words);
	else
		X86(x, VPMASKMOVD, to, active, words);
}

static void load_field(struct gen *gen, const struct segments *segments, unsigned field)
{
	const struct lanes lanes = lanes_of(segments);
	const unsigned joined = 16 / bytes_of(segments);
	struct x86 *x = &gen->x;

	for (unsigned piece = 0; piece < segments->pieces; piece++) {
		const unsigned n = piece % joined;

		load_words(gen, segments, piece, segments->first_scratch + n);
		X86(x, VPSHUFB, scratch(&lanes, n), scratch(&lanes, n), scratch(&lanes, PLACES));
		if (n + 1 < joined)
			continue;
		join(gen, segments);
		put_field(gen, segments, field, piece / joined);
	}
}

void gen_load_segments_avx2(struct gen *gen, const struct segments *segments)
{
	const struct lanes lanes = lanes_of(segments);
	const struct x86_arg low = x86_xmm(segments->first_scratch + ORDER);
	struct x86 *x = &gen->x;

	if (bytes_of(segments) == 4 && segments->width > 16) {
		/*
		 * The words are to be in this order because in each half of the joined vector those
		 * of the four vectors follow each other.
		 */
		gen_constant(gen, RAX, 0x0703060205010400);
		X86(x, VMOVQ, low, x86_reg(8, RAX));
		X86(x, VPMOVZXBD, scratch(&lanes, ORDER), low);
	}
	for (unsigned field = 0; field < segments->fields; field++) {
		prepare_field(gen, segments, field);
		load_field(gen, segments, field);
	}
}
