/* SPDX-License-Identifier: MIT */
/* Reads and writes elements of register groups, and bits of masks, in place. */
#ifndef CPU_VECTOR_ELEMENT_H
#define CPU_VECTOR_ELEMENT_H

#include "bus/base.h"

#include <string.h>

/*
 * Copies 2^size bytes. A copy whose length is not known when it is compiled is a call of memcpy,
 * which is slower than an element.
 */
static inline void copy_element(void *to, const void *from, unsigned size)
{
	switch (size) {
	case 0:
		memcpy(to, from, 1);
		return;
	case 1:
		memcpy(to, from, 2);
		return;
	case 2:
		memcpy(to, from, 4);
		return;
	default:
		memcpy(to, from, 8);
	}
}

/* Returns element n of a group of elements of 2^size bytes, zero-extended. */
static inline u64 element(const u8 *group, u64 n, unsigned size)
{
	u64 value = 0;

	copy_element(&value, group + (n << size), size);
	return value;
}

static inline bool mask_bit(const u8 *mask, u64 n)
{
	return mask[n / 8] >> n % 8 & 1;
}

/* Read and write a mask as words of 64 bits. */
static inline u64 mask_word(const u8 *mask, u64 word)
{
	u64 value;

	memcpy(&value, mask + 8 * word, sizeof(value));
	return value;
}

static inline void set_mask_word(u8 *mask, u64 word, u64 value)
{
	memcpy(mask + 8 * word, &value, sizeof(value));
}

/*
 * Returns the bits of a word that belong to elements [first, end), at least one of which is in the
 * word.
 */
static inline u64 word_range(u64 word, u64 first, u64 end)
{
	u64 range = ~0ull;

	if (first > 64 * word)
		range <<= first - 64 * word;
	if (end < 64 * word + 64)
		range &= BIT(end - 64 * word) - 1;
	return range;
}

/* Returns the number of words that the bits of `count` elements need. */
static inline u64 words_of(u64 count)
{
	return (count + 63) / 64;
}

#endif
