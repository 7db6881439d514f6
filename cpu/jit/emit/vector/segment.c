/* SPDX-License-Identifier: MIT */
/*
 * Emitters of segment loads and stores with segments of at most 64 bits. A word is then a segment:
 * loads shift and truncate words to get fields, stores extend and shift fields to get words.
 * Segments that are shorter than a word (of a power of two bytes) are spread to words when they are
 * loaded. Other segments are moved element by element (segment_elements.c). Accesses to two pages
 * that are not consecutive in the host's memory are left to the body.
 */
#include "cpu/jit/emit/vector/select.h"
#include "cpu/jit/emit/vector/segment.h"

/* Instructions with more pieces of fields are left to the body. */
#define PIECES_MOST 16
#define PIECES_MOST_AVX2 32

/* Vector registers of the host, counted from the first one that may be changed. */
enum { WORDS, SHIFTED, SPREAD, WORDS_2, FIELD, FIELD_2 };

static struct x86_arg vector(const struct segments *segments, unsigned size, unsigned n)
{
	return x86_reg(size, segments->first_scratch + n);
}

/* These are indexed by the logarithms of a word's bytes and of an element's. */
static const u16 truncations[4][3] = {
	[1] = { ZYDIS_MNEMONIC_VPMOVWB },
	[2] = { ZYDIS_MNEMONIC_VPMOVDB, ZYDIS_MNEMONIC_VPMOVDW },
	[3] = { ZYDIS_MNEMONIC_VPMOVQB, ZYDIS_MNEMONIC_VPMOVQW, ZYDIS_MNEMONIC_VPMOVQD },
};
static const u16 extensions[4][3] = {
	[1] = { ZYDIS_MNEMONIC_VPMOVZXBW },
	[2] = { ZYDIS_MNEMONIC_VPMOVZXBD, ZYDIS_MNEMONIC_VPMOVZXWD },
	[3] = { ZYDIS_MNEMONIC_VPMOVZXBQ, ZYDIS_MNEMONIC_VPMOVZXWQ, ZYDIS_MNEMONIC_VPMOVZXDQ },
};

/* Shifts of words. */
static const u16 right[4] = {
	0,
	ZYDIS_MNEMONIC_VPSRLW,
	ZYDIS_MNEMONIC_VPSRLD,
	ZYDIS_MNEMONIC_VPSRLQ,
};
static const u16 left[4] = {
	0,
	ZYDIS_MNEMONIC_VPSLLW,
	ZYDIS_MNEMONIC_VPSLLD,
	ZYDIS_MNEMONIC_VPSLLQ,
};

static void write(struct gen *gen, u16 mnemonic, struct x86_arg to, struct x86_arg from)
{
	x86_write(&gen->x, (ZydisMnemonic)mnemonic, 2, (const struct x86_arg[]){ to, from });
}

static void shift(struct gen *gen, u16 mnemonic, struct x86_arg to, struct x86_arg from,
		  unsigned count)
{
	x86_write(&gen->x, (ZydisMnemonic)mnemonic, 3,
		  (const struct x86_arg[]){ to, from, x86_imm(count) });
}

/* Returns the operand of a field's elements of a piece. */
static struct x86_arg field_at(const struct segments *segments, unsigned field, unsigned piece)
{
	unsigned bytes = segments_words(segments) << segments->size;

	return x86_at(bytes, ENV, segments->reg + field * segments->group + piece * bytes);
}

/* Returns an operand that is written, with the mask of the active elements if there is one. */
static struct x86_arg masked_segments(const struct segments *segments, struct x86_arg to)
{
	return segments->active_only ? x86_masked(to, K2) : to;
}

/* Sets K2 to the active elements of a piece. */
static void select_piece(struct gen *gen, const struct segments *segments, unsigned piece)
{
	if (segments->active_only && !gen->f_in_hart)
		X86(&gen->x, KSHIFTRQ, x86_reg(8, K2), x86_reg(8, K1),
		    x86_imm(piece * segments_words(segments)));
}

/* Sets SPREAD to the operand of VPSHUFB that spreads segments to the words of 16 bytes. */
static void prepare_spread(struct gen *gen, const struct segments *segments)
{
	const struct x86_arg all = vector(segments, segments->width, SPREAD);
	u64 places[2] = { 0 };
	struct x86 *x = &gen->x;

	for (unsigned n = 0; n < 16; n++) {
		unsigned word = n >> segments->word, at = n & ((1u << segments->word) - 1);
		u64 place = at < segments->segment ? word * segments->segment + at : 0x80;

		places[n / 8] |= place << n % 8 * 8;
	}
	gen_constant(gen, RDX, places[0]);
	X86(x, VMOVQ, vector(segments, 16, SPREAD), x86_reg(8, RDX));
	gen_constant(gen, RDX, places[1]);
	X86(x, VPINSRQ, vector(segments, 16, SPREAD), vector(segments, 16, SPREAD), x86_reg(8, RDX),
	    x86_imm(1));
	if (segments->width > 16)
		X86(x, VSHUFI32X4, all, all, all, x86_imm(0));
}

/* Loads the words of a piece from the address in RDX; each 16 bytes of them are whole segments. */
static void load_words(struct gen *gen, const struct segments *segments, unsigned piece,
		       unsigned reg)
{
	const struct x86_arg words = vector(segments, segments->width, reg);
	const unsigned bytes = segments->segment * (16u >> segments->word);
	unsigned at = piece * segments_words(segments) * segments->segment;
	struct x86 *x = &gen->x;

	if (!segments_are_spread(segments)) {
		X86(x, VMOVDQU64, words, x86_at(segments->width, RDX, at));
		return;
	}
	X86(x, VMOVDQU64, vector(segments, 16, reg), x86_at(16, RDX, at));
	for (unsigned lane = 1; lane < segments->width / 16; lane++)
		X86(x, VINSERTI32X4, words, words, x86_at(16, RDX, at + lane * bytes),
		    x86_imm(lane));
	X86(x, VPSHUFB, words, words, vector(segments, segments->width, SPREAD));
}

static void load(struct gen *gen, const struct segments *segments, unsigned piece)
{
	const struct x86_arg words = vector(segments, segments->width, WORDS);
	const struct x86_arg shifted = vector(segments, segments->width, SHIFTED);
	const unsigned bits = 8u << segments->size;

	select_piece(gen, segments, piece);
	load_words(gen, segments, piece, WORDS);
	for (unsigned field = 0; field < segments->fields; field++) {
		if (field)
			shift(gen, right[segments->word], shifted, words, field * bits);
		write(gen, truncations[segments->word][segments->size],
		      masked_segments(segments, field_at(segments, field, piece)),
		      field ? shifted : words);
	}
}

/* Extracts a field from the words of a piece into the vector `to`. */
static void take_field(struct gen *gen, const struct segments *segments, unsigned field,
		       unsigned words, unsigned to)
{
	const struct x86_arg shifted = vector(segments, 64, SHIFTED);
	struct x86_arg from = vector(segments, 64, words);

	if (field) {
		shift(gen, right[segments->word], shifted, from, field * (8u << segments->size));
		from = shifted;
	}
	write(gen, truncations[segments->word][segments->size], vector(segments, 32, to), from);
}

/* Returns whether a field fills the host's widest vector with the elements of two pieces. */
static bool are_halves(const struct segments *segments)
{
	return segments->pieces == 2 && segments_words(segments) << segments->size == 32;
}

/*
 * Loads both pieces and stores each field at once, because the host forwards a store only to a load
 * of bytes within it.
 */
static void load_halves(struct gen *gen, const struct segments *segments)
{
	const struct x86_arg all = vector(segments, 64, FIELD);

	load_words(gen, segments, 0, WORDS);
	load_words(gen, segments, 1, WORDS_2);
	for (unsigned field = 0; field < segments->fields; field++) {
		s64 at = segments->reg + field * segments->group;

		take_field(gen, segments, field, WORDS, FIELD);
		take_field(gen, segments, field, WORDS_2, FIELD_2);
		X86(&gen->x, VINSERTI64X4, all, all, vector(segments, 32, FIELD_2), x86_imm(1));
		X86(&gen->x, VMOVDQU64, x86_at(64, ENV, at), all);
		gen_hold(gen, 64, at - ENV_OF(vector.v), segments->first_scratch + FIELD);
	}
}

static void store(struct gen *gen, const struct segments *segments, unsigned piece)
{
	static const u16 moves[4] = {
		[1] = ZYDIS_MNEMONIC_VMOVDQU16,
		[2] = ZYDIS_MNEMONIC_VMOVDQU32,
		[3] = ZYDIS_MNEMONIC_VMOVDQU64,
	};
	const struct x86_arg words = vector(segments, segments->width, WORDS);
	const struct x86_arg shifted = vector(segments, segments->width, SHIFTED);
	const unsigned bits = 8u << segments->size;

	select_piece(gen, segments, piece);
	for (unsigned field = 0; field < segments->fields; field++) {
		write(gen, extensions[segments->word][segments->size], field ? shifted : words,
		      field_at(segments, field, piece));
		if (!field)
			continue;
		shift(gen, left[segments->word], shifted, shifted, field * bits);
		if (gen->f_in_hart)
			X86(&gen->x, VPOR, words, words, shifted);
		else
			X86(&gen->x, VPORQ, words, words, shifted);
	}
	if (gen->f_in_hart) {
		gen_store_words_avx2(gen, segments, piece, words);
		return;
	}
	write(gen, moves[segments->word],
	      masked_segments(segments, x86_at(segments->width, RDX, piece * segments->width)),
	      words);
}

/* Returns the width of the vectors by which words are moved. */
static unsigned width_of(const struct gen *gen, const struct lanes *lanes, unsigned bytes)
{
	if (!gen->f_in_hart)
		return MIN(bytes, 64u);
	/* With this width each field is whole vectors, too. */
	return lanes->count << lanes->size < 32 ? 16 : 32;
}

static bool segments_find(const struct gen *gen, const struct insn *insn, const struct lanes *lanes,
			  struct segments *segments)
{
	const unsigned vlenb = gen->hart->vector.vlenb, fields = vector_nf(insn);
	const unsigned segment = fields << lanes->size, bits = 32 - __builtin_clz(segment - 1);
	const unsigned bytes = (unsigned)lanes->count << bits, width = width_of(gen, lanes, bytes);

	/* This also excludes a reserved vtype, which has no elements and would give no pieces. */
	if (bits > 3 || lanes->count > 64 || bytes < 16 ||
	    (gen->f_in_hart && lanes->count << lanes->size < 16))
		return false;
	*segments = (struct segments){
		.fields = fields,
		.size = lanes->size,
		.word = bits,
		.width = width,
		.pieces = bytes / width,
		.segment = segment,
		.first_scratch = gen->f_in_hart ? XMM0 + 2 : XMM16,
		.reg = ENV_OF(vector.v) + (s64)(insn->rd * vlenb),
		.group = MAX(lanes->bytes, vlenb),
	};
	if (!gen->jit->host.has_avx512 && !(gen->f_in_hart && segments_fit_avx2(segments, lanes)))
		return false;
	return segments->pieces * fields <= (gen->f_in_hart ? PIECES_MOST_AVX2 : PIECES_MOST);
}

static void move_pieces(struct gen *gen, const struct segments *segments, bool write)
{
	if (!write && gen->f_in_hart) {
		gen_load_segments_avx2(gen, segments);
		return;
	}
	if (!write && !segments->active_only && are_halves(segments)) {
		load_halves(gen, segments);
		return;
	}
	for (unsigned piece = 0; piece < segments->pieces; piece++) {
		if (write)
			store(gen, segments, piece);
		else
			load(gen, segments, piece);
	}
}

/*
 * Moves the active segments: those below vl, and of these only those of the mask v0 if the
 * instruction is masked.
 */
static void move_active(struct gen *gen, const struct insn *insn, struct segments *segments,
			bool write)
{
	segments->active_only = true;
	segments->masked = vector_is_masked(insn->raw);
	if (!gen->f_in_hart) {
		gen_active_bits(gen, segments->masked);
		X86(&gen->x, KMOVQ, x86_reg(8, K1), x86_reg(8, RAX));
	}
	move_pieces(gen, segments, write);
}

/*
 * Returns how many bytes are accessed. The last load of 16 bytes may have fewer bytes of segments.
 */
static unsigned bytes_of(const struct segments *segments)
{
	unsigned bytes = segments->pieces * segments_words(segments) * segments->segment;

	if (segments_are_spread(segments))
		bytes += 16 - segments->segment * (16u >> segments->word);
	return bytes;
}

/* Sets RDX to the host's address of the segments. */
static void probe(struct gen *gen, const struct insn *insn, const struct segments *segments,
		  bool write)
{
	unsigned base = gen_probe_bytes(gen, insn, bytes_of(segments), write);

	if (segments_are_spread(segments) && !gen->f_in_hart)
		prepare_spread(gen, segments);
	X86(&gen->x, LEA, x86_reg(8, RDX), x86_indexed(8, RCX, base, 1, 0));
}

/* Returns whether the instruction is emitted by vectors that contain whole segments. */
static bool segments_are_in_vectors(const struct gen *gen, const struct insn *insn,
				    const struct lanes *lanes, bool write,
				    struct segments *segments)
{
	if (!segments_find(gen, insn, lanes, segments))
		return false;
	return !write ||
	       (!segments_are_spread(segments) && !(gen->f_in_hart && segments->word < 2));
}

unsigned gen_segments_bytes(const struct gen *gen, const struct insn *insn,
			    const struct lanes *lanes, bool write)
{
	struct segments segments;

	return segments_are_in_vectors(gen, insn, lanes, write, &segments) ?
		       bytes_of(&segments) :
		       gen_segment_elements_bytes(insn, lanes);
}

bool gen_segments(struct gen *gen, const struct insn *insn, const struct lanes *lanes, bool write)
{
	struct segments segments;
	struct x86 hot;
	u8 *jump, after;

	if (!segments_are_in_vectors(gen, insn, lanes, write, &segments))
		return gen_segment_elements(gen, insn, lanes, write);
	gen_require_start_0(gen);
	probe(gen, insn, &segments, write);
	gen->held.reports_writes = true;
	if (!write)
		gen_drop_bytes(gen, (unsigned)(segments.fields * segments.group), insn->rd, 0);
	if (vector_is_masked(insn->raw)) {
		move_active(gen, insn, &segments, write);
		return true;
	}
	if (gen_known_vl(gen) == lanes->count) {
		move_pieces(gen, &segments, write);
		return true;
	}
	jump = gen_jump_unless_all(gen, lanes->count);
	gen->held.written = 0;
	move_pieces(gen, &segments, write);
	after = gen->held.now;
	hot = gen_begin_cold(gen, jump);
	move_active(gen, insn, &segments, write);
	gen->held.now = after;
	gen_load_held(gen, &gen->x, after & gen->held.written);
	gen_end_cold(gen, hot);
	return true;
}
