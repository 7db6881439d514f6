/* SPDX-License-Identifier: MIT */
/* ChaCha20 of many blocks at once, and Poly1305 of the output (RFC 8439). */
#include "kernel.h"

#define BLOCKS 64
#define BLOCK 64
#define SIZE (BLOCKS * BLOCK)
#define LIMB ((1ull << 44) - 1)

typedef u32 lanes[BLOCKS];

static const u32 initial[16] = {
	0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, 1, 2, 3, 4, 5, 6, 7, 8, 0, 9, 10, 11,
};
static u32 in[SIZE / 4], out[SIZE / 4];
static lanes state[16];
static u64 tag[3];

void prepare_chacha20_poly1305(void)
{
	random_bytes((u8 *)in, SIZE, 20);
}

static inline u32 rotate(u32 value, unsigned by)
{
	return value << by | value >> (32 - by);
}

static NOINLINE void quarter(u32 *restrict as, u32 *restrict bs, u32 *restrict cs, u32 *restrict ds)
{
	for (size_t n = 0; n < BLOCKS; n++) {
		u32 a = as[n], b = bs[n], c = cs[n], d = ds[n];

		a += b, d = rotate(d ^ a, 16);
		c += d, b = rotate(b ^ c, 12);
		a += b, d = rotate(d ^ a, 8);
		c += d, b = rotate(b ^ c, 7);
		as[n] = a, bs[n] = b, cs[n] = c, ds[n] = d;
	}
}

/* Adds a word of the blocks' initial states, which is `value` in the first block and larger by
 * `step` in each further one, and encrypts with the sum. */
static NOINLINE void finish(u32 *restrict to, const u32 *restrict from, const u32 *restrict word,
			    u32 value, u32 step)
{
	for (size_t n = 0; n < BLOCKS; n++)
		to[n * 16] = from[n * 16] ^ (word[n] + value + (u32)n * step);
}

static void encrypt(void)
{
	for (size_t word = 0; word < 16; word++)
		for (size_t n = 0; n < BLOCKS; n++)
			state[word][n] = initial[word] + (word == 12 ? (u32)n : 0);
	for (unsigned round = 0; round < 10; round++) {
		for (unsigned n = 0; n < 4; n++)
			quarter(state[n], state[4 + n], state[8 + n], state[12 + n]);
		for (unsigned n = 0; n < 4; n++)
			quarter(state[n], state[4 + (n + 1) % 4], state[8 + (n + 2) % 4],
				state[12 + (n + 3) % 4]);
	}
	for (size_t word = 0; word < 16; word++)
		finish(out + word, in + word, state[word], initial[word], word == 12);
}

static u64 load_word(const u32 *from)
{
	return from[0] | (u64)from[1] << 32;
}

/* Computes a sum of numbers of 130 bits, each multiplied by a power of r that depends on its
 * position. Numbers are in limbs of 44 bits. */
static NOINLINE void authenticate(u64 *h, const u32 *from, size_t blocks)
{
	const u64 r0 = 0x0ffffffc0ff & LIMB, r1 = 0x0fffffc0fff & LIMB, r2 = 0x00ffffffc0f;
	const u64 s1 = r1 * 20, s2 = r2 * 20;
	u64 h0 = 0, h1 = 0, h2 = 0;

	for (; blocks--; from += 4) {
		u64 low = load_word(from), high = load_word(from + 2);
		u128 d0, d1, d2;

		h0 += low & LIMB;
		h1 += (low >> 44 | high << 20) & LIMB;
		h2 += high >> 24 | 1ull << 40;
		d0 = (u128)h0 * r0 + (u128)h1 * s2 + (u128)h2 * s1;
		d1 = (u128)h0 * r1 + (u128)h1 * r0 + (u128)h2 * s2;
		d2 = (u128)h0 * r2 + (u128)h1 * r1 + (u128)h2 * r0;
		d1 += (u64)(d0 >> 44);
		d2 += (u64)(d1 >> 44);
		h0 = ((u64)d0 & LIMB) + (u64)(d2 >> 42) * 5;
		h1 = ((u64)d1 & LIMB) + (h0 >> 44);
		h2 = (u64)d2 & (LIMB >> 2);
		h0 &= LIMB;
	}
	h[0] = h0, h[1] = h1, h[2] = h2;
}

void round_chacha20_poly1305(void)
{
	encrypt();
	authenticate(tag, out, SIZE / 16);
}

u64 sum_chacha20_poly1305(void)
{
	return sum_bytes(out, sizeof(out)) ^ sum_bytes(tag, sizeof(tag));
}
