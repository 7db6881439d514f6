/* SPDX-License-Identifier: MIT */
/* SHA-256 (FIPS 180-4) of 64 KiB. */
#include "../program.h"

#define BLOCK 64
#define SIZE (64 << 10)

static uint32_t constants[64], initial[8];

/* Returns the first 32 bits of the fractional part of a number's root, square or cube. */
static uint32_t root_fraction(unsigned number, unsigned power)
{
	uint64_t root = 0;

	for (unsigned bit = 36; bit-- > 0;) {
		unsigned __int128 try = root | 1ULL << bit, value = try;

		for (unsigned n = 1; n < power; n++)
			value *= try;
		if (value <= (unsigned __int128)number << 32 * power)
			root = (uint64_t)try;
	}
	return (uint32_t)root;
}

static void make_constants(void)
{
	unsigned found = 0;

	for (unsigned number = 2; found < 64; number++) {
		unsigned divisor = 2;

		while (number % divisor)
			divisor++;
		if (divisor < number)
			continue;
		if (found < 8)
			initial[found] = root_fraction(number, 2);
		constants[found++] = root_fraction(number, 3);
	}
}

static uint32_t rotate(uint32_t value, unsigned by)
{
	return value >> by | value << (32 - by);
}

static void compress(uint32_t *hash, const unsigned char *block)
{
	uint32_t w[64], s[8];

	for (unsigned n = 0; n < 16; n++)
		w[n] = (uint32_t)block[4 * n] << 24 | (uint32_t)block[4 * n + 1] << 16 |
		       (uint32_t)block[4 * n + 2] << 8 | block[4 * n + 3];
	for (unsigned n = 16; n < 64; n++)
		w[n] = (rotate(w[n - 2], 17) ^ rotate(w[n - 2], 19) ^ w[n - 2] >> 10) + w[n - 7] +
		       (rotate(w[n - 15], 7) ^ rotate(w[n - 15], 18) ^ w[n - 15] >> 3) + w[n - 16];
	for (unsigned n = 0; n < 8; n++)
		s[n] = hash[n];
	for (unsigned n = 0; n < 64; n++) {
		uint32_t first = s[7] + (rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25)) +
				 ((s[4] & s[5]) ^ (~s[4] & s[6])) + constants[n] + w[n];
		uint32_t second = (rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22)) +
				  ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]));

		for (unsigned at = 7; at > 0; at--)
			s[at] = s[at - 1];
		s[4] += first;
		s[0] = first + second;
	}
	for (unsigned n = 0; n < 8; n++)
		hash[n] += s[n];
}

uint64_t run_sha2(unsigned rounds)
{
	static unsigned char data[SIZE];
	/* This is the padding of SIZE bytes: a bit, and the length in bits, big-endian. */
	static const unsigned char padding[BLOCK] = { [0] = 0x80, [BLOCK - 3] = SIZE >> 13 };
	uint64_t sum = 0;

	make_constants();
	for (unsigned round = 0; round < rounds; round++) {
		uint32_t hash[8];

		data[round % SIZE]++;
		for (unsigned n = 0; n < 8; n++)
			hash[n] = initial[n];
		for (size_t at = 0; at < SIZE; at += BLOCK)
			compress(hash, data + at);
		compress(hash, padding);
		for (unsigned n = 0; n < 8; n++)
			sum = mix(sum, hash[n]);
	}
	return sum;
}
