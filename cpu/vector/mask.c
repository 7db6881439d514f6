/* SPDX-License-Identifier: MIT */
/*
 * Masks, whose bits are computed 64 at a time: the masks of active elements, instructions on masks,
 * and instructions that compute elements from masks ("Vector Mask Instructions").
 */
#include "cpu/vector/impl.h"

void mask_active(struct hart *hart, const struct insn *insn, u64 first, u64 *words)
{
	const u8 *mask = register_of(hart, 0);
	bool masked = vector_is_masked(insn->raw);
	u64 vl = hart->vector.vl;

	for (u64 n = 0; n < words_of(vl); n++) {
		words[n] = first < 64 * n + 64 ? word_range(n, first, vl) : 0;
		if (masked)
			words[n] &= mask_word(mask, n);
	}
}

void vector_put_mask(struct hart *hart, const struct insn *insn, u64 first, const u64 *words)
{
	bool masked = vector_is_masked(insn->raw), ones = inactive_are_ones(hart);
	u8 *d = register_of(hart, insn->rd), *mask = register_of(hart, 0);
	u64 vl = hart->vector.vl, last = hart->vector.vlenb * 8ull;

	if (first >= vl)
		return;
	for (u64 n = first / 64; n < words_of(vl); n++) {
		u64 range = word_range(n, first, vl), old = mask_word(d, n);
		/* vd may be v0, so the word of v0 is read before that of vd is written. */
		u64 active = masked ? range & mask_word(mask, n) : range;

		old |= ones ? range : 0;
		set_mask_word(d, n, (old & ~active) | (words[n] & active));
	}
	for (u64 n = vl / 64; hart->vector.config.tail_ones && 64 * n < last; n++)
		set_mask_word(d, n, mask_word(d, n) | word_range(n, vl, last));
}

bool vector_mask_logic(struct hart *hart, const struct insn *insn, unsigned how)
{
	const u8 *as = register_of(hart, insn->rs2), *bs = register_of(hart, insn->rs1);
	u64 first, words[WORDS_MAX];

	if (!vector_begin(hart, insn, &first))
		return false;
	for (u64 n = 0; n < words_of(hart->vector.vl); n++) {
		u64 a = mask_word(as, n), b = mask_word(bs, n);

		words[n] = (how & 1 ? ~a & ~b : 0) | (how & 2 ? ~a & b : 0) |
			   (how & 4 ? a & ~b : 0) | (how & 8 ? a & b : 0);
	}
	vector_put_mask(hart, insn, first, words);
	return vector_end(hart);
}

/* Writes the words of [0, vl) with the bits that are set in vs2 and active. */
static void active_bits(struct hart *hart, const struct insn *insn, u64 *words)
{
	const u8 *a = register_of(hart, insn->rs2);

	mask_active(hart, insn, 0, words);
	for (u64 n = 0; n < words_of(hart->vector.vl); n++)
		words[n] &= mask_word(a, n);
}

bool vector_mask_prefix(struct hart *hart, const struct insn *insn, bool before, bool first)
{
	u64 start, words[WORDS_MAX];
	bool met = false;

	if (!vector_begin(hart, insn, &start))
		return false;
	active_bits(hart, insn, words);
	for (u64 n = 0; n < words_of(hart->vector.vl); n++) {
		u64 lowest = met ? 0 : words[n] & -words[n];

		/*
		 * If no bit of the word is set, lowest - 1 has all bits: all come before the first
		 * one.
		 */
		words[n] = (before && !met ? lowest - 1 : 0) | (first ? lowest : 0);
		met |= lowest != 0;
	}
	vector_put_mask(hart, insn, 0, words);
	return vector_end(hart);
}

bool vector_mask_count(struct hart *hart, const struct insn *insn, u64 *count)
{
	u64 first, words[WORDS_MAX];

	if (!vector_begin(hart, insn, &first))
		return false;
	active_bits(hart, insn, words);
	*count = 0;
	for (u64 n = 0; n < words_of(hart->vector.vl); n++)
		*count += (unsigned)__builtin_popcountll(words[n]);
	return true;
}

bool vector_mask_first(struct hart *hart, const struct insn *insn, u64 *index)
{
	u64 first, words[WORDS_MAX];

	if (!vector_begin(hart, insn, &first))
		return false;
	active_bits(hart, insn, words);
	*index = UINT64_MAX;
	for (u64 n = 0; n < words_of(hart->vector.vl) && *index == UINT64_MAX; n++)
		if (words[n])
			*index = 64 * n + (unsigned)__builtin_ctzll(words[n]);
	return true;
}

bool vector_iota(struct hart *hart, const struct insn *insn)
{
	unsigned size = sew_of(hart);
	u64 first, words[WORDS_MAX];
	u8 result[GROUP_MAX];

	if (!vector_begin(hart, insn, &first))
		return false;
	active_bits(hart, insn, words);
	hart->vector.loops->iota[size](result, words, hart->vector.vl);
	vector_put(hart, insn, size, first, result);
	return vector_end(hart);
}
