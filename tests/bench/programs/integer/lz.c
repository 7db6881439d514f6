/* SPDX-License-Identifier: MIT */
/*
 * Compression by references to earlier text, which is found by a hash of four bytes. The output has
 * a byte with the number of literals and the length of the match, the literals, and two bytes of
 * distance.
 */
#include <string.h>
#include "../program.h"

#define SIZE (128 << 10)
#define HASHES 4096
#define MATCH 4
#define MOST 15
#define WINDOW 65535

static unsigned char text[SIZE], packed[2 * SIZE], unpacked[SIZE + MOST];

/* Writes words of a small vocabulary, which repeat as in a text. */
static void make_text(uint64_t state)
{
	char words[256][8];
	size_t at = 0;

	for (unsigned n = 0; n < 256; n++)
		for (unsigned letter = 0; letter < 8; letter++)
			words[n][letter] = (char)('a' + random_next(&state) % 26);
	while (at < SIZE) {
		uint64_t pick = random_next(&state);
		size_t word = (pick >> 8 & 255) * (pick >> 16 & 255) / 256, length = 2 + pick % 7;

		for (size_t n = 0; n < length && at < SIZE; n++)
			text[at++] = (unsigned char)words[word][n];
		if (at < SIZE)
			text[at++] = ' ';
	}
}

static uint32_t four(const unsigned char *at)
{
	return (uint32_t)(at[0] | at[1] << 8 | at[2] << 16) | (uint32_t)at[3] << 24;
}

static unsigned char *put(unsigned char *out, size_t literals, const unsigned char *from,
			  size_t length)
{
	*out++ = (unsigned char)(literals << 4 | length);
	for (size_t n = 0; n < literals; n++)
		*out++ = from[n];
	return out;
}

static size_t compress(void)
{
	static uint32_t last[HASHES];
	unsigned char *out = packed;
	size_t at = 0, begin = 0;

	memset(last, 0, sizeof(last));
	while (at + MATCH <= SIZE) {
		uint32_t *place = &last[four(text + at) * 2654435761U >> 20];
		size_t before = *place, length = 0;

		*place = (uint32_t)at;
		if (before < at && at - before <= WINDOW)
			while (length < MOST && at + length < SIZE &&
			       text[before + length] == text[at + length])
				length++;
		if (length >= MATCH) {
			out = put(out, at - begin, text + begin, length);
			*out++ = (unsigned char)(at - before);
			*out++ = (unsigned char)((at - before) >> 8);
			at += length;
			begin = at;
		} else if (++at - begin == MOST) {
			out = put(out, MOST, text + begin, 0);
			begin = at;
		}
	}
	return (size_t)(put(out, SIZE - begin, text + begin, 0) - packed);
}

static size_t decompress(size_t size)
{
	const unsigned char *in = packed, *end = packed + size;
	unsigned char *out = unpacked;

	while (in < end) {
		size_t literals = *in >> 4, length = *in & 15;

		in++;
		while (literals--)
			*out++ = *in++;
		if (length) {
			const unsigned char *from = out - (in[0] | in[1] << 8);

			in += 2;
			while (length--)
				*out++ = *from++;
		}
	}
	return (size_t)(out - unpacked);
}

uint64_t run_lz(unsigned rounds)
{
	uint64_t sum = 0;

	for (unsigned n = 0; n < rounds; n++) {
		size_t size;

		make_text(n + 1);
		size = compress();
		if (decompress(size) != SIZE || memcmp(text, unpacked, SIZE) != 0)
			fail("lz: what was unpacked differs");
		sum = mix_bytes(sum, packed, size);
	}
	return sum;
}
