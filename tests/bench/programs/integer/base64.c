/* SPDX-License-Identifier: MIT */
/* Converts data to base64 (RFC 4648) and back. */
#include <string.h>
#include "../program.h"

#define SIZE (48 << 10)

static const char letters[64] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static unsigned char data[SIZE], back[SIZE], value_of[256];
static char text[SIZE / 3 * 4];

static void encode(void)
{
	char *out = text;

	for (const unsigned char *in = data; in < data + SIZE; in += 3) {
		unsigned bits = (unsigned)(in[0] << 16 | in[1] << 8 | in[2]);

		*out++ = letters[bits >> 18];
		*out++ = letters[bits >> 12 & 63];
		*out++ = letters[bits >> 6 & 63];
		*out++ = letters[bits & 63];
	}
}

static void decode(void)
{
	unsigned char *out = back;

	for (const char *in = text; in < text + sizeof(text); in += 4) {
		unsigned bits = 0;

		for (int n = 0; n < 4; n++)
			bits = bits << 6 | value_of[(unsigned char)in[n]];
		*out++ = (unsigned char)(bits >> 16);
		*out++ = (unsigned char)(bits >> 8);
		*out++ = (unsigned char)bits;
	}
}

uint64_t run_base64(unsigned rounds)
{
	uint64_t state = 7, sum = 0;

	for (unsigned n = 0; n < sizeof(letters); n++)
		value_of[(unsigned char)letters[n]] = (unsigned char)n;
	for (size_t n = 0; n < SIZE; n++)
		data[n] = (unsigned char)(random_next(&state) >> 32);
	while (rounds--) {
		data[rounds % SIZE]++;
		encode();
		decode();
		if (memcmp(data, back, SIZE) != 0)
			fail("base64: what was decoded differs");
		for (size_t n = 0; n < sizeof(text); n += 64)
			sum = mix(sum, (unsigned char)text[n]);
	}
	return sum;
}
