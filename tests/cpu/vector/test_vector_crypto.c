/* SPDX-License-Identifier: MIT */
/*
 * Known answers for the groups of vector cryptography, from the standards' own examples: FIPS 197
 * (appendices A.3, B), FIPS 180-4's "abc" (NIST's example values), the GCM specification's test
 * case 2, GB/T 32907 (SM4) and GB/T 32905 (SM3).
 */
#include "cpu/vector/vector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Fills a group with words of hexadecimal text, of which `bytes` are a word. */
static void from_hex(u64 *words, const char *text, unsigned bytes, bool big)
{
	memset(words, 0, strlen(text) / bytes / 2 * sizeof(*words));
	for (unsigned n = 0; text[2 * n]; n++) {
		char digits[3] = { text[2 * n], text[2 * n + 1], 0 };
		unsigned at = big ? bytes - 1 - n % bytes : n % bytes;

		words[n / bytes] |= (u64)strtoul(digits, NULL, 16) << at * 8;
	}
}

static void expect(const u64 *words, const char *text, unsigned bytes, bool big)
{
	u64 wanted[8] = { 0 };

	from_hex(wanted, text, bytes, big);
	for (unsigned n = 0; n < strlen(text) / bytes / 2; n++)
		assert_int_equal(words[n], wanted[n]);
}

#define AES_PLAIN "3243f6a8885a308d313198a2e0370734"
#define AES_CIPHER "3925841d02dc09fbdc118597196a0b32"

static void test_aes_128(void **unused)
{
	u64 key[11][4], state[4], none[4] = { 0 };

	(void)unused;
	from_hex(key[0], "2b7e151628aed2a6abf7158809cf4f3c", 4, false);
	for (unsigned n = 1; n <= 10; n++)
		vector_group_aeskf1.compute(key[n], key[n - 1], none, n);
	expect(key[10], "d014f9a8c9ee2589e13f0cc8b6630ca6", 4, false);
	from_hex(state, AES_PLAIN, 4, false);
	vector_group_aesz.compute(state, key[0], none, 0);
	for (unsigned n = 1; n < 10; n++)
		vector_group_aesem.compute(state, key[n], none, 0);
	vector_group_aesef.compute(state, key[10], none, 0);
	expect(state, AES_CIPHER, 4, false);
	vector_group_aesz.compute(state, key[10], none, 0);
	for (unsigned n = 9; n > 0; n--)
		vector_group_aesdm.compute(state, key[n], none, 0);
	vector_group_aesdf.compute(state, key[0], none, 0);
	expect(state, AES_PLAIN, 4, false);
}

/* The key schedule of AES-256; rounds that are out of range are others. */
static void test_aes_256(void **unused)
{
	u64 older[4], key[4], next[4], same[4], none[4] = { 0 };

	(void)unused;
	from_hex(older, "603deb1015ca71be2b73aef0857d7781", 4, false);
	from_hex(key, "1f352c073b6108d72d9810a30914dff4", 4, false);
	memcpy(next, older, sizeof(next));
	vector_group_aeskf2.compute(next, key, none, 2);
	expect(next, "9ba354118e6925afa51a8b5f2067fcde", 4, false);
	vector_group_aeskf2.compute(key, next, none, 3);
	expect(key, "a8b09c1a93d194cdbe49846eb75d5b9a", 4, false);
	memcpy(next, older, sizeof(next));
	memcpy(same, older, sizeof(same));
	vector_group_aeskf2.compute(next, key, none, 15);
	vector_group_aeskf2.compute(same, key, none, 7);
	assert_memory_equal(next, same, sizeof(same));
	vector_group_aeskf1.compute(next, key, none, 0);
	vector_group_aeskf1.compute(same, key, none, 8);
	assert_memory_equal(next, same, sizeof(same));
}

static void test_ghash(void **unused)
{
	u64 hash[4] = { 0 }, subkey[4], block[4];

	(void)unused;
	from_hex(subkey, "66e94bd4ef8a2c3b884cfa59ca342b2e", 4, false);
	from_hex(block, "0388dace60b6a392f328c2b971b2fe78", 4, false);
	vector_group_ghsh.compute(hash, subkey, block, 0);
	expect(hash, "5e2ec746917062882c85b0685353deb7", 4, false);
	memcpy(hash, block, sizeof(hash));
	vector_group_gmul.compute(hash, subkey, NULL, 0);
	expect(hash, "5e2ec746917062882c85b0685353deb7", 4, false);
}

/* A hash function of SHA-2, and the instructions that compute it. */
struct sha {
	const u64 *k, *start;
	unsigned rounds;
	void (*schedule)(u64 *d, const u64 *a, const u64 *b, unsigned imm);
	void (*low)(u64 *d, const u64 *a, const u64 *b, unsigned imm);
	void (*high)(u64 *d, const u64 *a, const u64 *b, unsigned imm);
};

/* Groups have the words of a, b, e, f and c, d, g, h from element 3 down. */
static void hash_block(const struct sha *sha, u64 mask, u64 *w, u64 *result)
{
	const u64 *s = sha->start;
	u64 abef[4] = { s[5], s[4], s[1], s[0] }, cdgh[4] = { s[7], s[6], s[3], s[2] };

	for (unsigned n = 16; n < sha->rounds; n += 4) {
		const u64 mixed[4] = { w[n - 12], w[n - 7], w[n - 6], w[n - 5] };

		memcpy(w + n, w + n - 16, 4 * sizeof(*w));
		sha->schedule(w + n, mixed, w + n - 4, 0);
	}
	for (unsigned n = 0; n < sha->rounds; n += 4) {
		u64 sum[4];

		for (unsigned m = 0; m < 4; m++)
			sum[m] = (w[n + m] + sha->k[n + m]) & mask;
		sha->low(cdgh, abef, sum, 0);
		sha->high(abef, cdgh, sum, 0);
	}
	for (unsigned n = 0; n < 8; n++) {
		const u64 *from = n & 2 ? cdgh : abef;

		result[n] = (from[3 - (n & 1) - (n & 4) / 2] + s[n]) & mask;
	}
}

static void test_sha2(void **unused)
{
	static const u64 k256[64] = {
#include "tests/cpu/vector/sha256_constants.inc"
	};
	static const u64 start256[8] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
		0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
	};
	static const u64 k512[80] = {
#include "tests/cpu/vector/sha512_constants.inc"
	};
	static const u64 start512[8] = {
		0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
		0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
	};
	const struct sha sha256 = { k256, start256, 64, vector_group_sha2ms.compute,
				    vector_group_sha2cl.compute, vector_group_sha2ch.compute };
	const struct sha sha512 = { k512, start512, 80, vector_group_sha2ms.compute_64,
				    vector_group_sha2cl.compute_64,
				    vector_group_sha2ch.compute_64 };
	u64 w[80], result[8];

	(void)unused;
	memset(w, 0, sizeof(w));
	w[0] = 0x61626380;
	w[15] = 24;
	hash_block(&sha256, UINT32_MAX, w, result);
	expect(result, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", 4, true);
	memset(w, 0, sizeof(w));
	w[0] = 0x6162638000000000;
	w[15] = 24;
	hash_block(&sha512, UINT64_MAX, w, result);
	expect(result,
	       "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
	       "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
	       8, true);
}

static void test_sm4(void **unused)
{
	static const u32 parameters[4] = { 0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc };
	u64 key[9][4], state[4];

	(void)unused;
	from_hex(key[0], "0123456789abcdeffedcba9876543210", 4, true);
	memcpy(state, key[0], sizeof(state));
	for (unsigned n = 0; n < 4; n++)
		key[0][n] ^= parameters[n];
	for (unsigned n = 0; n < 8; n++)
		vector_group_sm4k.compute(key[n + 1], key[n], NULL, n);
	for (unsigned n = 0; n < 8; n++)
		vector_group_sm4r.compute(state, key[n + 1], NULL, 0);
	/* The cipher text is the words in reverse order: 681edf34 and so on. */
	expect(state, "536e424686b3e94fd206965e681edf34", 4, true);
}

/* One block: the message "abc", its end and its length of 24 bits, in big-endian words. */
static void test_sm3(void **unused)
{
	static const char start[] =
		"7380166f4914b2b9172442d7da8a0600a96f30bc163138aae38dee4db0fb0e4e";
	u64 w[72] = { 0 }, state[8], other[8], first[8];

	(void)unused;
	w[0] = 0x80636261;
	w[15] = 0x18000000;
	for (unsigned n = 16; n < 72; n += 8)
		vector_group_sm3me.compute(w + n, w + n - 8, w + n - 16, 0);
	from_hex(first, start, 4, false);
	memcpy(state, first, sizeof(state));
	for (unsigned n = 0; n < 32; n++) {
		memcpy(other, w + 2 * n, 8 * sizeof(*w));
		vector_group_sm3c.compute(state, other, NULL, n);
	}
	for (unsigned n = 0; n < 8; n++)
		state[n] ^= first[n];
	expect(state, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0", 4, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aes_128), cmocka_unit_test(test_aes_256),
		cmocka_unit_test(test_ghash),	cmocka_unit_test(test_sha2),
		cmocka_unit_test(test_sm4),	cmocka_unit_test(test_sm3),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
