/* SPDX-License-Identifier: MIT */
/*
 * Packing words. They are divided into groups of sixteen words. A byte with a bit for each of eight
 * groups says which of them are not all 0. Each of these follows as a mask with a bit for each half
 * of its words, and then the halves that are not 0. See pack.h.
 */
#include "cpu/timing/memo/pack.h"

#include <emmintrin.h>
#include <string.h>

#define GROUP 16u /* words */
#define GROUP_SIZE (GROUP * sizeof(u64))
#define GROUPS 8u /* groups that one byte covers */
#define HALF sizeof(u32)

static ALWAYS_INLINE __m128i two_at(const u8 *words, unsigned n)
{
	return _mm_loadu_si128((const __m128i *)(words + n * sizeof(u64)));
}

/* Returns which halves of two words are 0. */
static ALWAYS_INLINE __m128i zeros_of(__m128i two)
{
	return _mm_cmpeq_epi32(two, _mm_setzero_si128());
}

/* Returns whether all words of a group are 0, which is the most frequent case. */
static ALWAYS_INLINE bool is_empty(const u8 *words)
{
	__m128i any = two_at(words, 0) | two_at(words, 2) | two_at(words, 4) | two_at(words, 6) |
		      two_at(words, 8) | two_at(words, 10) | two_at(words, 12) | two_at(words, 14);

	return _mm_movemask_epi8(zeros_of(any)) == 0xffff;
}

/* Returns a bit for each half of eight words, which is set if the half is 0. */
static ALWAYS_INLINE u32 zeros_at(const u8 *words, unsigned n)
{
	__m128i low = _mm_packs_epi32(zeros_of(two_at(words, n)), zeros_of(two_at(words, n + 2)));
	__m128i high =
		_mm_packs_epi32(zeros_of(two_at(words, n + 4)), zeros_of(two_at(words, n + 6)));

	return (u32)_mm_movemask_epi8(_mm_packs_epi16(low, high));
}

static ALWAYS_INLINE u8 *pack_group(u8 *out, const u8 *words)
{
	const u32 present = ~(zeros_at(words, 0) | zeros_at(words, GROUP / 2) << GROUP);

	memcpy(out, &present, sizeof(present));
	out += sizeof(present);
	for (u32 left = present; left; left &= left - 1, out += HALF)
		memcpy(out, words + HALF * (unsigned)__builtin_ctz(left), HALF);
	return out;
}

u8 *pack_words(u8 *out, const void *words, size_t count)
{
	const u8 *in = words, *whole = in + count / GROUP * GROUP_SIZE;
	u8 rest[GROUP_SIZE] = { 0 }, *present = NULL;

	memcpy(rest, whole, count % GROUP * sizeof(u64));
	for (unsigned n = 0; n * GROUP < count; n++, in += GROUP_SIZE) {
		const u8 *group = in == whole ? rest : in;

		if (n % GROUPS == 0) {
			present = out++;
			*present = 0;
		}
		if (is_empty(group))
			continue;
		*present |= (u8)BIT(n % GROUPS);
		out = pack_group(out, group);
	}
	return out;
}

void pack_read(const u8 *in, const u8 *end, void *words)
{
	for (u8 *out = words; in < end; out += GROUPS * GROUP_SIZE) {
		for (u32 groups = *in++; groups; groups &= groups - 1) {
			u8 *group = out + GROUP_SIZE * (unsigned)__builtin_ctz(groups);
			u32 present;

			memcpy(&present, in, sizeof(present));
			in += sizeof(present);
			for (; present; present &= present - 1, in += HALF)
				memcpy(group + HALF * (unsigned)__builtin_ctz(present), in, HALF);
		}
	}
}
