/* SPDX-License-Identifier: MIT */
/* AES-128 (FIPS 197) in counter mode, by tables of 32-bit words. */
#include <string.h>
#include "../program.h"

#define ROUNDS 10
#define SIZE (64 << 10)

static unsigned char sbox[256];
static uint32_t table[4][256]; /* of SubBytes, ShiftRows and MixColumns together */

static unsigned char twice(unsigned char value)
{
	return (unsigned char)(value << 1 ^ (value & 0x80 ? 0x1b : 0));
}

static void make_tables(void)
{
	unsigned char p = 1, q = 1;

	sbox[0] = 0x63;
	do { /* q is the inverse of p in the field: p is multiplied by 3, q divided by it */
		unsigned char x;

		p = (unsigned char)(p ^ twice(p));
		q ^= (unsigned char)(q << 1);
		q ^= (unsigned char)(q << 2);
		q ^= (unsigned char)(q << 4);
		q ^= q & 0x80 ? 0x09 : 0;
		x = (unsigned char)(q ^ (q << 1 | q >> 7) ^ (q << 2 | q >> 6) ^ (q << 3 | q >> 5) ^
				    (q << 4 | q >> 4));
		sbox[p] = x ^ 0x63;
	} while (p != 1);
	for (unsigned n = 0; n < 256; n++) {
		unsigned char s = sbox[n], s2 = twice(s);
		uint32_t word = (uint32_t)s2 << 24 | (uint32_t)s << 16 | (uint32_t)s << 8 |
				(uint32_t)(s2 ^ s);

		for (unsigned row = 0; row < 4; row++)
			table[row][n] = row ? word >> 8 * row | word << (32 - 8 * row) : word;
	}
}

static uint32_t substitute(uint32_t word)
{
	return (uint32_t)sbox[word >> 24] << 24 | (uint32_t)sbox[word >> 16 & 255] << 16 |
	       (uint32_t)sbox[word >> 8 & 255] << 8 | sbox[word & 255];
}

static void expand(const uint32_t key[4], uint32_t *words)
{
	unsigned char constant = 1;

	memcpy(words, key, 16);
	for (unsigned n = 4; n < 4 * (ROUNDS + 1); n++) {
		uint32_t word = words[n - 1];

		if (n % 4 == 0) {
			word = substitute(word << 8 | word >> 24) ^ (uint32_t)constant << 24;
			constant = twice(constant);
		}
		words[n] = words[n - 4] ^ word;
	}
}

static void encrypt(const uint32_t *key, const uint32_t in[4], uint32_t out[4])
{
	uint32_t state[4], next[4];

	for (unsigned n = 0; n < 4; n++)
		state[n] = in[n] ^ key[n];
	for (unsigned round = 1; round < ROUNDS; round++) {
		key += 4;
		for (unsigned n = 0; n < 4; n++)
			next[n] = table[0][state[n] >> 24] ^
				  table[1][state[(n + 1) % 4] >> 16 & 255] ^
				  table[2][state[(n + 2) % 4] >> 8 & 255] ^
				  table[3][state[(n + 3) % 4] & 255] ^ key[n];
		memcpy(state, next, sizeof(state));
	}
	for (unsigned n = 0; n < 4; n++)
		out[n] = substitute((state[n] & 0xff000000) | (state[(n + 1) % 4] & 0x00ff0000) |
				    (state[(n + 2) % 4] & 0x0000ff00) |
				    (state[(n + 3) % 4] & 0x000000ff)) ^
			 key[4 + n];
}

uint64_t run_aes(unsigned rounds)
{
	static const uint32_t key[4] = { 0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f };
	static uint32_t data[SIZE / 4];
	uint32_t words[4 * (ROUNDS + 1)], counter[4] = { 0x00112233, 0x44556677, 0x8899aabb, 0 };
	uint64_t sum = 0;

	make_tables();
	expand(key, words);
	while (rounds--) {
		for (size_t at = 0; at < SIZE / 4; at += 4) {
			uint32_t stream[4];

			counter[3]++;
			encrypt(words, counter, stream);
			for (unsigned n = 0; n < 4; n++)
				data[at + n] ^= stream[n];
		}
		for (size_t n = 0; n < SIZE / 4; n += 16)
			sum = mix(sum, data[n]);
	}
	return sum;
}
