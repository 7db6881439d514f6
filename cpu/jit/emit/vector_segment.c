/* SPDX-License-Identifier: MIT */
/*
 * Emitters of segment loads and stores whose segment is no longer than a word of 64 bits. A word is
 * then a segment: fields are the results of shifts that are truncated, or extended and shifted.
 * Others, and what is in two pages, are the bodies'.
 */
#include "cpu/jit/emit/vector_segment.h"
#include "cpu/isa/vector.h"

/* The most pieces of fields that are moved in line. */
#define PIECES_MOST 16

struct segments {
	unsigned fields;
	unsigned word, size; /* logarithms of bytes: a segment, an element */
	unsigned width, bytes; /* of a vector of the host, of all segments */
	s64 reg, group; /* where the first field's registers are, and the bytes to the next ones */
};

/* By the logarithms of a word's bytes and an element's. */
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
	0, ZYDIS_MNEMONIC_VPSRLW, ZYDIS_MNEMONIC_VPSRLD, ZYDIS_MNEMONIC_VPSRLQ,
};
static const u16 left[4] = {
	0, ZYDIS_MNEMONIC_VPSLLW, ZYDIS_MNEMONIC_VPSLLD, ZYDIS_MNEMONIC_VPSLLQ,
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

/* Where the field's elements of the segments are that are `at` bytes from the first one. */
static struct x86_arg field_at(const struct segments *segments, unsigned field, unsigned at)
{
	return x86_at(segments->width / segments->fields, ENV,
		      segments->reg + field * segments->group + at / segments->fields);
}

static void load(struct gen *gen, const struct segments *segments, unsigned at)
{
	const struct x86_arg words = x86_reg(segments->width, XMM16);
	const struct x86_arg shifted = x86_reg(segments->width, XMM16 + 1);
	const unsigned bits = 8u << segments->size;

	X86(&gen->x, VMOVDQU64, words, x86_indexed(segments->width, RCX, RAX, 1, at));
	for (unsigned field = 0; field < segments->fields; field++) {
		if (field)
			shift(gen, right[segments->word], shifted, words, field * bits);
		write(gen, truncations[segments->word][segments->size],
		      field_at(segments, field, at), field ? shifted : words);
	}
}

static void store(struct gen *gen, const struct segments *segments, unsigned at)
{
	const struct x86_arg words = x86_reg(segments->width, XMM16);
	const struct x86_arg shifted = x86_reg(segments->width, XMM16 + 1);
	const unsigned bits = 8u << segments->size;

	for (unsigned field = 0; field < segments->fields; field++) {
		write(gen, extensions[segments->word][segments->size], field ? shifted : words,
		      field_at(segments, field, at));
		if (!field)
			continue;
		shift(gen, left[segments->word], shifted, shifted, field * bits);
		X86(&gen->x, VPORQ, words, words, shifted);
	}
	X86(&gen->x, VMOVDQU64, x86_indexed(segments->width, RCX, RAX, 1, at), words);
}

static bool find(const struct gen *gen, const struct insn *insn, const struct lanes *lanes,
		 struct segments *segments)
{
	const unsigned vlenb = gen->hart->vector.vlenb, fields = vector_nf(insn);

	*segments = (struct segments){
		.fields = fields,
		.size = lanes->size,
		.word = lanes->size + (unsigned)__builtin_ctz(fields),
		.bytes = lanes->bytes * fields,
		.width = MIN(lanes->bytes * fields, 64u),
		.reg = ENV_OF(vector.v) + (s64)(insn->rd * vlenb),
		.group = MAX(lanes->bytes, vlenb),
	};
	return gen->jit->has_avx512 && !(fields & (fields - 1)) && segments->word <= 3 &&
	       segments->bytes / segments->width * fields <= PIECES_MOST;
}

bool gen_segments(struct gen *gen, const struct insn *insn, const struct lanes *lanes, bool write)
{
	struct segments segments;

	if (!find(gen, insn, lanes, &segments))
		return false;
	gen_begin_all(gen, lanes);
	gen_read_x(gen, RAX, insn->rs1);
	gen_write_page_check(&gen->x, gen->jit, RAX, write, (s32)segments.bytes);
	gen_cold(gen, ZYDIS_MNEMONIC_JNZ);
	gen_write_addend(&gen->x);
	for (unsigned at = 0; at < segments.bytes; at += segments.width) {
		if (write)
			store(gen, &segments, at);
		else
			load(gen, &segments, at);
	}
	return true;
}
