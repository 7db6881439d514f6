/* SPDX-License-Identifier: MIT */
/*
 * AES-128 in Galois counter mode (NIST SP 800-38D): in C by tables, with vectors by Zvkned, Zvkg
 * and Zvkb.
 */
#include "kernel.h"

#define ROUNDS 10
#define SIZE 4096
#define BLOCK 16

static u8 in[SIZE] __attribute__((aligned(8))), out[SIZE] __attribute__((aligned(8)));
static u8 sbox[256];
static u32 table[4][256]; /* of SubBytes, ShiftRows and MixColumns together */
static u32 key[4 * (ROUNDS + 1)]; /* words, whose first byte is the most significant one */
/* `product` has the products of the hash's key and four bits; `carried` has what must be added for
 * four bits that are shifted out. */
static u128 product[16], carried[16];
static const u32 nonce[3] = { 0x00112233, 0x44556677, 0x8899aabb };
static u8 tag[BLOCK] __attribute__((aligned(8)));

static u8 twice(u8 value)
{
	return (u8)(value << 1 ^ (value & 0x80 ? 0x1b : 0));
}

static void make_tables(void)
{
	u8 p = 1, q = 1;

	sbox[0] = 0x63;
	do { /* q is the inverse of p in the field: p is multiplied by 3, q divided by it */
		p ^= twice(p);
		q ^= (u8)(q << 1);
		q ^= (u8)(q << 2);
		q ^= (u8)(q << 4);
		q ^= q & 0x80 ? 0x09 : 0;
		sbox[p] = 0x63;
		for (unsigned by = 0; by < 5; by++)
			sbox[p] ^= (u8)(q << by | q >> (8 - by));
	} while (p != 1);
	for (unsigned n = 0; n < 256; n++) {
		u32 s = sbox[n], s2 = twice(sbox[n]), word = s2 << 24 | s << 16 | s << 8 | (s2 ^ s);

		for (unsigned row = 0; row < 4; row++)
			table[row][n] = row ? word >> 8 * row | word << (32 - 8 * row) : word;
	}
}

static u32 substitute(u32 word)
{
	return (u32)sbox[word >> 24] << 24 | (u32)sbox[word >> 16 & 255] << 16 |
	       (u32)sbox[word >> 8 & 255] << 8 | sbox[word & 255];
}

static void expand_key(void)
{
	u8 constant = 1;

	for (u32 n = 0; n < 4; n++)
		key[n] = 0x00010203 + n * 0x04040404;
	for (unsigned n = 4; n < ARRAY_SIZE(key); n++) {
		u32 word = key[n - 1];

		if (n % 4 == 0) {
			word = substitute(word << 8 | word >> 24) ^ (u32)constant << 24;
			constant = twice(constant);
		}
		key[n] = key[n - 4] ^ word;
	}
}

static void encrypt(u32 *to, const u32 *from)
{
	u32 s[4], next[4];

	for (unsigned n = 0; n < 4; n++)
		s[n] = from[n] ^ key[n];
	for (unsigned round = 1; round < ROUNDS; round++) {
		for (unsigned n = 0; n < 4; n++)
			next[n] = table[0][s[n] >> 24] ^ table[1][s[(n + 1) % 4] >> 16 & 255] ^
				  table[2][s[(n + 2) % 4] >> 8 & 255] ^
				  table[3][s[(n + 3) % 4] & 255] ^ key[4 * round + n];
		for (unsigned n = 0; n < 4; n++)
			s[n] = next[n];
	}
	for (unsigned n = 0; n < 4; n++)
		to[n] = substitute((s[n] & 0xff000000) | (s[(n + 1) % 4] & 0x00ff0000) |
				   (s[(n + 2) % 4] & 0x0000ff00) | (s[(n + 3) % 4] & 0x000000ff)) ^
			key[4 * ROUNDS + n];
}

/* Returns the product by x. In the hash's order of bits, the first bit is the most significant
 * one. */
static u128 times_x(u128 value)
{
	return value >> 1 ^ (value & 1 ? (u128)0xe1 << 120 : 0);
}

static u128 hash_key(void)
{
	u32 zero[4] = { 0 }, h[4];

	encrypt(h, zero);
	return (u128)h[0] << 96 | (u128)h[1] << 64 | (u128)h[2] << 32 | h[3];
}

void prepare_aes_gcm(void)
{
	random_bytes(in, SIZE, 19);
	make_tables();
	expand_key();
	for (unsigned n = 1; n < 16; n++) {
		u128 h = hash_key();

		product[n] = 0;
		carried[n] = n;
		for (unsigned bit = 8; bit; bit >>= 1, h = times_x(h))
			product[n] ^= n & bit ? h : 0;
		for (unsigned times = 0; times < 4; times++)
			carried[n] = times_x(carried[n]);
	}
}

static void store_word(u8 *to, u32 word)
{
	for (unsigned n = 0; n < 4; n++)
		to[n] = (u8)(word >> (24 - 8 * n));
}

#if VECTOR
/* Returns words as the instructions need them: the first byte is the least significant one. */
static vuint32m1_t swapped(const u32 *words)
{
	return __riscv_vrev8(__riscv_vle32_v_u32m1(words, 4), 4);
}

static vuint32m1_t round_key(unsigned round)
{
	return swapped(key + 4 * round);
}

/* Encrypts blocks of counters by the keys k0 to k10. */
#define ENCRYPT_ROUND(n) blocks = __riscv_vaesem_vs(blocks, k##n, vl);
#define ENCRYPT                                                                                    \
	blocks = __riscv_vaesz(blocks, k0, vl);                                                    \
	ENCRYPT_ROUND(1)                                                                           \
	ENCRYPT_ROUND(2)                                                                           \
	ENCRYPT_ROUND(3)                                                                           \
	ENCRYPT_ROUND(4)                                                                           \
	ENCRYPT_ROUND(5)                                                                           \
	ENCRYPT_ROUND(6)                                                                           \
	ENCRYPT_ROUND(7)                                                                           \
	ENCRYPT_ROUND(8)                                                                           \
	ENCRYPT_ROUND(9)                                                                           \
	blocks = __riscv_vaesef_vs(blocks, k10, vl);

static NOINLINE void counter_mode(u32 *to, const u32 *from, u32 first, size_t words)
{
	const vuint32m1_t k0 = round_key(0), k1 = round_key(1), k2 = round_key(2),
			  k3 = round_key(3), k4 = round_key(4), k5 = round_key(5),
			  k6 = round_key(6), k7 = round_key(7), k8 = round_key(8),
			  k9 = round_key(9), k10 = round_key(10);
	size_t vl = __riscv_vsetvlmax_e32m4();
	const vuint32m4_t place = __riscv_vand(__riscv_vid_v_u32m4(vl), 3, vl);
	const vbool8_t last = __riscv_vmseq(place, 3, vl);
	const u32 words_0[4] = { nonce[0], nonce[1], nonce[2], first };
	vuint32m4_t counter = __riscv_vrgather(
		__riscv_vlmul_ext_v_u32m1_u32m4(__riscv_vle32_v_u32m1(words_0, 4)), place, vl);

	counter = __riscv_vadd_mu(last, counter, counter,
				  __riscv_vsrl(__riscv_vid_v_u32m4(vl), 2, vl), vl);
	for (; words; words -= vl, to += vl, from += vl) {
		vuint32m4_t blocks;

		vl = __riscv_vsetvl_e32m4(words);
		blocks = __riscv_vrev8(counter, vl);
		ENCRYPT
		__riscv_vse32(to, __riscv_vxor(blocks, __riscv_vle32_v_u32m4(from, vl), vl), vl);
		counter = __riscv_vadd_mu(last, counter, counter, (u32)vl / 4, vl);
	}
}

static NOINLINE void hash(u8 *to, const u8 *from, size_t size)
{
	u32 h[4] = { 0 };
	vuint32m1_t sum = __riscv_vmv_v_x_u32m1(0, 4), by;
	const u32 lengths[4] = { 0, 0, 0, (u32)size * 8 };

	encrypt(h, h);
	by = swapped(h);
	for (size_t n = 0; n < size; n += BLOCK)
		sum = __riscv_vghsh(sum, by, __riscv_vle32_v_u32m1((const u32 *)(from + n), 4), 4);
	__riscv_vse32((u32 *)to, __riscv_vghsh(sum, by, swapped(lengths), 4), 4);
}
#else
static NOINLINE void counter_mode(u32 *to, const u32 *from, u32 first, size_t words)
{
	u32 counter[4] = { nonce[0], nonce[1], nonce[2], first }, stream[4];

	for (; words; words -= 4, counter[3]++) {
		encrypt(stream, counter);
		for (unsigned n = 0; n < 4; n++)
			*to++ = *from++ ^ __builtin_bswap32(stream[n]);
	}
}

static u128 hash_block(u128 sum, const u8 *block)
{
	u128 result = 0;

	for (unsigned n = 0; n < BLOCK; n++)
		sum ^= (u128)block[n] << (120 - 8 * n);
	for (unsigned n = 0; n < 2 * BLOCK; n++, sum >>= 4)
		result = result >> 4 ^ carried[result & 15] ^ product[sum & 15];
	return result;
}

static NOINLINE void hash(u8 *to, const u8 *from, size_t size)
{
	u8 lengths[BLOCK] = { 0 };
	u128 sum = 0;

	store_word(lengths + 12, (u32)size * 8);
	for (size_t n = 0; n < size; n += BLOCK)
		sum = hash_block(sum, from + n);
	sum = hash_block(sum, lengths);
	for (unsigned n = 0; n < 4; n++)
		store_word(to + 4 * n, (u32)(sum >> (96 - 32 * n)));
}
#endif

void round_aes_gcm(void)
{
	u32 first[4] = { nonce[0], nonce[1], nonce[2], 1 };
	u8 mask[BLOCK];

	counter_mode((u32 *)out, (const u32 *)in, 2, SIZE / 4);
	hash(tag, out, SIZE);
	encrypt(first, first);
	for (unsigned n = 0; n < 4; n++)
		store_word(mask + 4 * n, first[n]);
	for (unsigned n = 0; n < BLOCK; n++)
		tag[n] ^= mask[n];
}

u64 sum_aes_gcm(void)
{
	return sum_bytes(out, sizeof(out)) ^ sum_bytes(tag, sizeof(tag));
}
